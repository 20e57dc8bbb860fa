/** `unbundle` and `normalise`: pure, deterministic, and nothing a platform sends is lost (MSG-1, MSG-2, MSG-3, MSG-5). */
import type { ContentType, InboundEvent, InboundEventKind, RawEvent } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain";
import fc from "fast-check";
import { expect } from "vitest";
import { frozen, replaced } from "./fixtures.ts";
import type { Fixture } from "./options.ts";
import type { Suite } from "./suite.ts";

/** What platforms do to a payload when nobody has said so: fields vanish, change their type, or appear. */
const STRANGE = [null, true, -1, 0.5, "", "x", [], [[]], {}, { a: { b: null } }, "\u0000\ud800", 2 ** 60] as const;

export function reads(suite: Suite): void {
  const { channel, fixtures, reader, test } = suite;
  const read = (update: unknown) =>
    channel.unbundle(update, reader).map((raw) => ({ raw, events: channel.normalise(raw, reader) }));
  const eventsOf = (update: unknown) => read(update).flatMap(({ events }) => events);

  test("MSG-1 reads every recorded payload as it says", () => {
    expect(fixtures.length, "recorded payloads").toBeGreaterThan(0);
    for (const [name, { expected, source, update }] of fixtures) {
      expect(source, `${name} says where it is from`).toBeTruthy();
      const events = eventsOf(update);
      expect(events, name).toMatchObject(expected);
      expect(events.length, `${name}: events`).toBe(expected.length);
    }
  });

  test("MSG-1 MSG-2 gives every event its account, its conversation, its time and the original", () => {
    for (const [name, { update }] of fixtures) {
      for (const event of eventsOf(update)) {
        expect(event, name).toMatchObject({ platform: channel.id, account: reader.account });
        expect(event.conversation.id, name).not.toBe("");
        expect(["direct", "group", "channel"], name).toContain(event.conversation.kind);
        expect(Number.isSafeInteger(event.at) && event.at >= 0, `${name}: at ${event.at}`).toBe(true);
        expect(event.raw, name).toBeDefined();
        checkMessage(name, event);
      }
    }
  });

  test("MSG-1 has recorded payloads for every kind of event it can have", () => {
    const { controls, reactions, receipts } = channel.capabilities;
    const wanted: InboundEventKind[] = [
      "message",
      "edit",
      "membership",
      "unsupported",
      ...(controls.buttons > 0 ? (["control"] as const) : []),
      ...(reactions.in ? (["reaction"] as const) : []),
      ...(receipts.delivered || receipts.read ? (["receipt"] as const) : []),
    ];
    const kinds = new Set(fixtures.flatMap(([, { update }]) => eventsOf(update).map(({ kind }) => kind)));
    expect(wanted.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test("MSG-3 has recorded payloads for every type of content", () => {
    const wanted: ContentType[] = [
      "text",
      "image",
      "video",
      "audio",
      "voice",
      "document",
      "location",
      "contact",
      "sticker",
    ];
    const types = new Set(
      fixtures.flatMap(([, { update }]) =>
        eventsOf(update).map((event) => event.kind === "message" && event.content.type),
      ),
    );
    expect(wanted.filter((type) => !types.has(type))).toEqual([]);
  });

  test("CH-0 is pure: the same answer for the same payload, and nothing is changed", () => {
    for (const [name, { update }] of fixtures) {
      const given = frozen(structuredClone(update));
      const first = read(given);
      expect(read(structuredClone(update)), name).toEqual(first);
      const stored = frozen(JSON.parse(JSON.stringify(first.map(({ raw }) => raw))) as RawEvent[]);
      const again = stored.map((raw) => channel.normalise(raw, reader));
      expect(again, `${name} after a rest in the store`).toEqual(first.map(({ events }) => events));
    }
  });

  test("Q-4 gives different updates different keys, and one update always the same", () => {
    const keys = new Map<string, string>();
    for (const [name, { update }] of fixtures) {
      for (const { fingerprint = "", key, lane } of channel.unbundle(update, reader)) {
        expect(key, name).not.toBe("");
        expect(lane, name).not.toBe("");
        const other = keys.get(`${key} ${fingerprint}`);
        expect(other, `${name} has the key of ${other}`).toBeUndefined();
        keys.set(`${key} ${fingerprint}`, name);
      }
    }
  });

  test("MSG-1 keeps what it does not know", () => {
    const strange = [null, "text", 7, [], {}, { hologram: { shape: "cube" } }, [{ unheard: ["of"] }]];
    const keys = strange.flatMap((update) => {
      const raws = channel.unbundle(update, reader);
      expect(raws.length, JSON.stringify(update)).toBeGreaterThan(0);
      for (const raw of raws) {
        expect(channel.unbundle(update, reader)[0]?.key).toBe(raws[0]?.key);
        expect(harmless(() => channel.normalise(raw, reader)).every(({ kind }) => kind === "unsupported")).toBe(true);
      }
      return raws.map(({ key }) => key);
    });
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("MSG-1 survives payloads with anything in any place", () => {
    const places = fixtures.flatMap(([name, { update }]) => pathsOf(update).map((path) => ({ name, path, update })));
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...STRANGE, undefined), ({ path, update }, value) => {
        const raws = channel.unbundle(withValueAt(update, path, value), reader);
        expect(raws.length).toBeGreaterThan(0);
        for (const raw of raws) harmless(() => channel.normalise(raw, reader));
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  test("MSG-5 removes control characters and NUL, and mends what is no text", () => {
    const [, fixture] = plainText(fixtures, eventsOf);
    const [event] = eventsOf(withText(fixture, "a\u0000b\u0007c\u009bd\r\ne\ud83d"));
    expect(event?.kind === "message" && event.content.text).toBe("abcd\ne\ufffd");
  });

  test("MSG-5 MSG_003 refuses a text that is too long, and takes a long one", () => {
    const [, fixture] = plainText(fixtures, eventsOf);
    const [raw] = channel.unbundle(withText(fixture, "x".repeat(70_000)), reader);
    if (!raw) throw new Error("the update vanished");
    expect(codeOf(() => channel.normalise(raw, reader))).toBe("MSG_003");
    const [event] = eventsOf(withText(fixture, "y".repeat(65_000)));
    expect(event?.kind === "message" && event.content.text?.length).toBe(65_000);
  });
}

function checkMessage(name: string, event: InboundEvent): void {
  if (event.kind !== "message" && event.kind !== "edit") return;
  const { attachments, contact, location, text, type } = event.content;
  expect(event.messageId, name).toBeTruthy();
  const something = Boolean(text) || (attachments?.length ?? 0) > 0 || location !== undefined || contact !== undefined;
  expect(something, `${name}: content of type ${type} is empty`).toBe(true);
  for (const attachment of attachments ?? [])
    expect(attachment.ref, name).toEqual(JSON.parse(JSON.stringify(attachment.ref)));
}

/** Only the two refusals that the contract names may come. */
function harmless(normalise: () => readonly InboundEvent[]): readonly InboundEvent[] {
  try {
    return normalise();
  } catch (thrown) {
    if (thrown instanceof SwitchboardError && (thrown.code === "MSG_001" || thrown.code === "MSG_003")) return [];
    throw thrown;
  }
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof SwitchboardError ? thrown.code : String(thrown);
  }
  return "nothing thrown";
}

/** A recorded message that says its text in one place of its payload. */
function plainText(fixtures: Suite["fixtures"], read: (update: unknown) => InboundEvent[]): readonly [string, Fixture] {
  const found = fixtures.find(([, fixture]) => {
    if (textOf(fixture) === undefined) return false;
    const [event, ...others] = read(withText(fixture, "exchanged"));
    const isPlain = event?.kind === "message" && event.content.type === "text" && event.content.markdown === undefined;
    return others.length === 0 && isPlain && event.content.text === "exchanged";
  });
  if (!found) throw new Error("no recorded payload is a plain text message");
  return found;
}

/** The payload with its text exchanged, wherever it stands. */
function withText(fixture: Fixture, text: string): unknown {
  return replaced(fixture.update, textOf(fixture), text);
}

/** The text that a recorded payload says it holds. */
function textOf({ expected: [event] }: Fixture): string | undefined {
  return event?.kind === "message" ? (event as { content?: { text?: string } }).content?.text : undefined;
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...path, name]))];
}

/** A copy with another value in one place; `undefined` takes the place away. */
function withValueAt(value: unknown, [name, ...rest]: Path, replacement: unknown): unknown {
  if (name === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((each, index) => (String(index) === name ? withValueAt(each, rest, replacement) : each));
  const { [name]: inner, ...others } = value as Record<string, unknown>;
  if (rest.length === 0 && replacement === undefined) return others;
  return { ...others, [name]: withValueAt(inner, rest, replacement) };
}
