import { describe, expect, it } from "vitest";
import { manifest } from "./manifest.ts";
import { EVENTS, SCOPES } from "./scopes.ts";

const commands = [{ name: "status", description: "How it goes" }];
const read = (options: Parameters<typeof manifest>[0]) => JSON.parse(manifest(options).body) as Record<string, unknown>;

describe("CH-2 the manifest", () => {
  it("for Socket Mode names no address", () => {
    const app = read({ name: "Desk", commands });
    expect(JSON.stringify(app)).not.toContain("url");
    expect(app).toMatchObject({
      features: {
        bot_user: { display_name: "Desk" },
        slash_commands: [{ command: "/switchboard", usage_hint: "status" }],
      },
      oauth_config: { scopes: { bot: Object.keys(SCOPES) } },
      settings: { socket_mode_enabled: true, event_subscriptions: { bot_events: EVENTS } },
    });
  });

  it("for the Events API names one address for everything", () => {
    const webhookUrl = "https://gateway.example/webhooks/slack/default/default";
    const app = read({ name: "Desk", commands, webhookUrl });
    expect(app).toMatchObject({
      features: { slash_commands: [{ url: webhookUrl }] },
      settings: {
        socket_mode_enabled: false,
        event_subscriptions: { request_url: webhookUrl },
        interactivity: { request_url: webhookUrl },
      },
    });
  });

  it("names the address at which people come back who let the app in", () => {
    const redirectUrl = "https://gateway.example/install/slack";
    expect(read({ name: "Desk", commands, redirectUrl })).toMatchObject({
      oauth_config: { redirect_urls: [redirectUrl] },
      settings: { socket_mode_enabled: true },
    });
  });

  it("keeps to Slack's lengths", () => {
    const app = read({ name: "x".repeat(200), commands });
    expect(app).toMatchObject({
      display_information: { name: "x".repeat(35) },
      features: { bot_user: { display_name: "x".repeat(80) } },
    });
  });
});
