import { completed, type WebhookRequest } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { SlackConfig } from "./config.ts";
import { webhook } from "./webhook.ts";

const config = completed(SlackConfig, { botToken: "xoxb-1", signingSecret: "s" }, "config");
const call = (body: string, type: string): WebhookRequest => ({
  method: "POST",
  headers: { "content-type": type },
  url: "https://gateway.example/webhooks/slack/default/default",
  body: new TextEncoder().encode(body),
});
const json = (value: unknown) => call(JSON.stringify(value), "application/json");
const form = (fields: Record<string, string>) =>
  call(new URLSearchParams(fields).toString(), "application/x-www-form-urlencoded; charset=utf-8");

describe("CH-2 calls of Slack", () => {
  it("a challenge is answered with itself, and nothing is stored", () => {
    const challenge = json({ type: "url_verification", token: "x", challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd" });
    expect(webhook.parse(challenge)).toEqual([]);
    expect(webhook.reply?.(challenge, { config })).toEqual({
      type: "text/plain",
      body: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd",
    });
  });

  it("events, interactions and commands come to one address", () => {
    expect(webhook.parse(json({ type: "event_callback", event: { type: "message" } }))).toEqual([
      { type: "event_callback", event: { type: "message" } },
    ]);
    expect(webhook.parse(form({ payload: '{"type":"block_actions"}' }))).toEqual([{ type: "block_actions" }]);
    expect(webhook.parse(form({ command: "/switchboard", text: "a b" }))).toEqual([
      { command: "/switchboard", text: "a b" },
    ]);
    expect(webhook.parse(form({ ssl_check: "1", token: "x" }))).toEqual([]);
  });

  it("chat#667 a call that comes again, and says so, is taken: whether it is a duplicate its key tells", () => {
    const event = { type: "event_callback", event_id: "Ev1", event: { type: "reaction_added" } };
    const again = {
      ...json(event),
      headers: { ...json(event).headers, "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" },
    };
    expect(webhook.parse(again)).toEqual(webhook.parse(json(event)));
    expect(webhook.reply?.(again, { config })).toBeUndefined();
  });

  it("forms and commands are answered with nothing: what is said there is shown to people", () => {
    expect(webhook.reply?.(form({ command: "/switchboard" }), { config })).toEqual({ type: "text/plain", body: "" });
    expect(webhook.reply?.(json({ type: "event_callback" }), { config })).toBeUndefined();
  });

  it("REQ_001 what is no call is refused", () => {
    for (const bad of [
      form({}),
      form({ payload: "{" }),
      form({ payload: "[]" }),
      form({ a: "b" }),
      json([]),
      call("", "application/json"),
    ]) {
      expect(() => webhook.parse(bad)).toThrow(expect.objectContaining({ code: "REQ_001" }));
    }
    const deep = `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`;
    expect(() => webhook.parse(form({ payload: deep }))).toThrow(expect.objectContaining({ code: "REQ_001" }));
  });
});
