import { readdirSync, readFileSync } from "node:fs";
import type { InboundEvent, PeerId, RawEvent } from "@switchboard/domain";
import { type AccountId, SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import channel from "./index.ts";

interface Fixture {
  readonly source: string;
  readonly update: { readonly update_id: number };
  readonly lane: string;
  readonly priority: string;
  readonly expected: readonly Partial<InboundEvent>[];
}

const directory = new URL("../fixtures/", import.meta.url);
const fixtures = readdirSync(directory).map((file): [string, Fixture] => [
  file.replace(/\.json$/, ""),
  JSON.parse(readFileSync(new URL(file, directory), "utf8")) as Fixture,
]);

const account = {
  account: "default" as AccountId,
  self: { id: "5550001" as PeerId, username: "desk_bot", displayName: "Desk" },
  config: {} as never,
};

function read(update: unknown): readonly InboundEvent[] {
  return channel.unbundle(update, account).flatMap((event) => channel.normalise(event, account));
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof SwitchboardError ? thrown.code : String(thrown);
  }
  return "nothing thrown";
}

const message = {
  message_id: 1,
  date: 1_767_225_600,
  chat: { id: 7001, type: "private", first_name: "Ann" },
  from: { id: 7001, is_bot: false, first_name: "Ann" },
};

describe("MSG-1 MSG-2 MSG-3 every kind of update", () => {
  it("has fixtures to read", () => {
    expect(fixtures.length).toBeGreaterThan(50);
  });

  it.each(fixtures)("MSG-1 %s", (_name, { update, lane, priority, expected }) => {
    const [raw, ...others] = channel.unbundle(update, account);
    expect(others).toEqual([]);
    expect(raw).toMatchObject({ key: `5550001:${update.update_id}`, lane, priority, payload: update });
    const events = read(update);
    expect(events).toMatchObject(expected);
    expect(events).toHaveLength(expected.length);
    for (const event of events) expect(event).toMatchObject({ platform: channel.id, account: "default", raw: update });
  });

  it.each(fixtures)("reads %s the same after a round through JSON", (_name, { update }) => {
    expect(read(JSON.parse(JSON.stringify(update)))).toEqual(read(update));
  });

  it("leaves out what the platform did not say", () => {
    const [event] = read({ update_id: 1, message: { ...message, text: "hi" } });
    expect(event).not.toHaveProperty("thread");
    expect(event).not.toHaveProperty("mentions");
    expect(event).not.toHaveProperty("replyTo");
    expect(event).not.toHaveProperty("content.markdown");
  });
});

describe("MSG-5 what comes in is cleaned or refused", () => {
  it("MSG-5 removes NUL, control characters and lone surrogates from texts and names", () => {
    const from = { ...message.from, first_name: "A\u0000n\nn\ud800" };
    const [event] = read({ update_id: 1, message: { ...message, from, text: "a\u0000b\u0007c\ud83dd\r\ne" } });
    expect(event).toMatchObject({
      sender: { displayName: "An n\ufffd" },
      content: { text: "abc\ufffdd\ne" },
    });
  });

  it("MSG-5 refuses a text beyond the limit with MSG_003", () => {
    expect(codeOf(() => read({ update_id: 1, message: { ...message, text: "😀".repeat(500_000) } }))).toBe("MSG_003");
  });

  it.each([
    ["null", null],
    ["a number", 7],
    ["text", "hello"],
    ["a list", [1, 2]],
    ["no number", { message }],
    ["a number that is none", { update_id: "x", message }],
    ["a number too large to be exact", { update_id: 2 ** 60, message: { ...message, text: "x" } }],
    ["a date that is none", { update_id: 1, message: { ...message, date: 1e300, text: "x" } }],
    ["an edit's date that is none", { update_id: 1, edited_message: { ...message, edit_date: 1e300, text: "x" } }],
    ["a message number too large to be exact", { update_id: 1, message: { ...message, message_id: 1e300, text: "x" } }],
    ["a chat too large to be exact", { update_id: 1, message: { ...message, chat: { ...message.chat, id: -1e300 } } }],
    ["a message without chat", { update_id: 1, message: { message_id: 1, date: 1, text: "x" } }],
    ["a message without date", { update_id: 1, message: { ...message, date: undefined } }],
    ["a chat of unknown type", { update_id: 1, message: { ...message, chat: { id: 1, type: "planet" } } }],
    ["a text that is none", { update_id: 1, message: { ...message, text: { evil: true } } }],
    ["entities that are none", { update_id: 1, message: { ...message, text: "x", entities: "bold" } }],
    ["a photo that is none", { update_id: 1, message: { ...message, photo: 5 } }],
    ["a press without sender", { update_id: 1, callback_query: { id: "1", data: "x", message } }],
    ["a reaction without lists", { update_id: 1, message_reaction: { chat: message.chat, message_id: 1, date: 1 } }],
    ["a membership without members", { update_id: 1, my_chat_member: { chat: message.chat, from: message.from } }],
  ])("MSG-5 stores malformed updates and reads them as MSG_001: %s", (_name, update) => {
    const [event] = channel.unbundle(update, account);
    expect(event?.key).toMatch(/^5550001:/);
    expect(codeOf(() => channel.normalise(event as RawEvent, account))).toBe("MSG_001");
  });

  it("ignores entities that reach outside the text", () => {
    const entities = [
      { type: "bold", offset: -1, length: 3 },
      { type: "bold", offset: 90, length: 3 },
      { type: "italic", offset: 1, length: 99 },
    ];
    const [event] = read({ update_id: 1, message: { ...message, text: "abc", entities } });
    expect(event).toMatchObject({ content: { text: "abc", markdown: expect.stringContaining("_") } });
  });
});

describe("Q-4 the key that tells events apart", () => {
  const split = (update: unknown, self = account.self) => channel.unbundle(update, { ...account, self })[0];

  it("NanoClaw#3226 carries the bot's id, so a bot that replaces another repeats nobody's key", () => {
    const update = { update_id: 1, message: { ...message, text: "hi" } };
    expect(split(update)?.key).toBe("5550001:1");
    expect(split(update, { ...account.self, id: "99" as PeerId })?.key).toBe("99:1");
  });

  it("NanoClaw#3226 has a fingerprint that is stable for a repeat and differs for another event of the same number", () => {
    const update = { update_id: 1, message: { ...message, text: "hi" } };
    const other = { update_id: 1, message: { ...message, message_id: 2, text: "hi" } };
    expect(split(structuredClone(update))?.fingerprint).toBe(split(update)?.fingerprint);
    expect(split(other)?.fingerprint).not.toBe(split(update)?.fingerprint);
  });

  it("gives malformed updates different keys", () => {
    expect(split({ a: 1 })?.key).not.toBe(split({ a: 2 })?.key);
  });
});
