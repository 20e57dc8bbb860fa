import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isOwnEcho } from "./own-echo.ts";

const fixtures = new URL("../fixtures/", import.meta.url);
const own = ["message-own.json", "message-own-without-user.json"];
const update = (file: string) =>
  (JSON.parse(readFileSync(new URL(file, fixtures), "utf8")) as { readonly update: Record<string, unknown> }).update;

describe("CH-2 what the bot said itself", () => {
  it("is told from everything else that Slack sends", () => {
    const files = readdirSync(fixtures).filter((file) => file.endsWith(".json"));
    expect(files.filter((file) => isOwnEcho(update(file)))).toEqual(own.toSorted());
  });

  it("is known in edits, and without an app by the bot's user; its deletion is no echo", () => {
    const said = update("message-own.json");
    const { app_id: _app, bot_id: _bot, bot_profile: _profile, ...message } = said.event as Record<string, unknown>;
    expect(isOwnEcho({ ...said, event: message })).toBe(true);
    const changed = { type: "message", subtype: "message_changed", channel: message.channel, message };
    expect(isOwnEcho({ ...said, event: changed })).toBe(true);
    const deleted = {
      type: "message",
      subtype: "message_deleted",
      channel: message.channel,
      previous_message: message,
    };
    expect(isOwnEcho({ ...said, event: deleted })).toBe(false);
  });

  it("is known in reactions", () => {
    const reaction = update("reaction-added.json");
    const event = reaction.event as Record<string, unknown>;
    expect(isOwnEcho({ ...reaction, event: { ...event, user: "U0BOT00001" } })).toBe(true);
    expect(isOwnEcho(reaction)).toBe(false);
  });

  it("is nothing that somebody else's app said, whoever it names", () => {
    const said = update("message-own.json");
    const event = { ...(said.event as Record<string, unknown>), app_id: "A0OTHER", user: "U0OTHER", bot_profile: {} };
    expect(isOwnEcho({ ...said, event })).toBe(false);
    for (const odd of [null, 1, [], {}, { event: null }, { event: { type: "message" } }])
      expect(isOwnEcho(odd)).toBe(false);
  });
});
