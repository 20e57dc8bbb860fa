/** Receiving: everything arrives, in order, and the platform hears "ok" only when it is stored. */
import { setTimeout as sleep } from "node:timers/promises";
import { type InboundEvent, type RawEvent, type Target, textContent } from "@switchboard/domain";
import { expect } from "vitest";
import { bytesOf, MIME } from "./contents.ts";
import { frozen } from "./fixtures.ts";
import { messageOf, present, type Scene } from "./scene.ts";
import type { Suite } from "./suite.ts";
import { openWebhookDoor } from "./webhook-door.ts";

export function receives(suite: Suite): void {
  const { channel, opened, scene, simulator, test } = suite;
  const { capabilities } = channel;

  for (const transport of channel.transports) {
    test(`MSG-2 ${transport}: a message arrives with who, where and what`, async () => {
      await using it = await scene({ transport });
      const said = await it.simulator.say({ from: "Ann Lee", text: "Hello *there*" });
      const event = await it.event("message");
      expect(event).toMatchObject({
        platform: channel.id,
        account: "default",
        messageId: said.messageId,
        conversation: { id: said.conversation, kind: "direct" },
        content: { type: "text", text: "Hello *there*" },
        sender: { displayName: "Ann Lee" },
      });
      expect(event.sender?.isSelf).not.toBe(true);
      expect(Math.abs(event.at - Date.now())).toBeLessThan(60_000);
    });

    test(`Q-5 ${transport}: what one conversation says comes in one lane and in order`, async () => {
      await using it = await scene({ transport });
      const texts = Array.from({ length: 30 }, (_, index) => `line ${index}`);
      for (const text of texts) await it.simulator.say({ from: "Ann", text });
      await it.simulator.say({ from: "Bob", text: "aside" });
      await it.event("message", ({ content }) => content.text === "line 29");
      await it.event("message", ({ content }) => content.text === "aside");
      // On a busy machine a platform repeats a call without being told to; the inbox knows repeats by their keys.
      const heard = textsOf(it).filter((text) => text !== "aside");
      expect([...new Set(heard)]).toEqual(texts);
      const lanes = new Map(it.account.received.map(({ key, lane }) => [key, lane]));
      expect(new Set(lanes.values()).size).toBe(2);
    });

    test(`Q-1 oc#124193 ${transport}: what could not be stored comes again, and nothing is skipped`, async () => {
      await using it = await scene({ transport });
      it.account.failReceive(2);
      for (const text of ["one", "two", "three"]) await it.simulator.say({ from: "Ann", text });
      await it.event("message", ({ content }) => content.text === "three");
      expect([...new Set(textsOf(it))]).toEqual(["one", "two", "three"]);
      expect(it.account.calls(), "calls of receive, the failed ones included").toBeGreaterThan(2);
    });

    test(`Q-1 oc#51620 ${transport}: what was being stored when the process ended comes again`, async () => {
      await using platform = await simulator();
      const memory = new Map<string, string>();
      await using door = await disposableDoor();
      const first = await scene({ transport, simulator: platform, memory, door });
      const { release } = first.account.holdReceive();
      await platform.say({ from: "Ann", text: "in the middle" });
      await first.until(() => first.account.calls() > 0, "receive was called");
      // A platform that had been told "ok" would never send it again.
      await sleep(50);
      first.account.stop();
      const leaving = first[Symbol.asyncDispose]();
      release();
      await leaving;
      expect(first.account.received).toEqual([]);
      await using second = await scene({ transport, simulator: platform, memory, door, generation: 2 });
      await second.event("message", ({ content }) => content.text === "in the middle");
    });

    test(`oc#87040 ${transport}: nothing is lost while nobody is connected`, async () => {
      await using platform = await simulator();
      const memory = new Map<string, string>();
      await using door = await disposableDoor();
      const heard: string[] = [];
      for (let round = 1; round <= 3; round++) {
        await using it = await scene({ transport, simulator: platform, memory, door, generation: round });
        await platform.say({ from: "Ann", text: `${round} there` });
        await it.event("message", ({ content }) => content.text === `${round} there`);
        heard.push(...textsOf(it));
        await it[Symbol.asyncDispose]();
        await platform.say({ from: "Ann", text: `${round} away` });
      }
      await using last = await scene({ transport, simulator: platform, memory, door, generation: 4 });
      await last.event("message", ({ content }) => content.text === "3 away");
      heard.push(...textsOf(last));
      expect([...new Set(heard)]).toEqual([1, 2, 3].flatMap((round) => [`${round} there`, `${round} away`]));
    });

    test(`oc#38596 ${transport}: an older generation hears nothing any more`, async () => {
      await using platform = await simulator();
      const memory = new Map<string, string>();
      await using door = await disposableDoor();
      const old = await scene({ transport, simulator: platform, memory, door });
      await old.greeted();
      await old[Symbol.asyncDispose]();
      const calls = old.account.calls();
      await using young = await scene({ transport, simulator: platform, memory, door, generation: 2 });
      await platform.say({ from: "Ann", text: "to the young" });
      await young.event("message", ({ content }) => content.text === "to the young");
      expect(old.account.calls()).toBe(calls);
    });

    test(`Q-4 oc#42681 ${transport}: what the platform sends again carries the key it had`, async () => {
      await using it = await scene({ transport });
      await it.simulator.say({ from: "Ann", text: "once" });
      await it.simulator.say({ from: "Ann", text: "twice" });
      await it.event("message", ({ content }) => content.text === "twice");
      const identity = ({ fingerprint = "", key }: { key: string; fingerprint?: string }) => `${key} ${fingerprint}`;
      // On a busy machine a platform repeats a call without being told to.
      const identities = () => [...new Set(it.account.received.map(identity))];
      const [before, known] = [it.account.received.length, identities()];
      await it.simulator.redeliver(2);
      await it.until(() => it.account.received.length >= before + 2, "the repeats");
      expect(identities()).toEqual(known);
    });

    for (const kind of ["server-error", "cut-before", "cut-after", "rate-limit", "slow"] as const) {
      test(`CONN-2 ${transport}: ${kind} while receiving loses nothing`, async () => {
        const text = "through thick and thin";
        await using platform = await simulator();
        const memory = new Map<string, string>();
        await using door = await disposableDoor();
        await using first = await scene({ transport, simulator: platform, memory, door });
        let loss: unknown;
        void first.account.lost.then((error) => {
          loss = error;
        });
        platform.inject({ on: "receive", kind, times: 2, retryAfterMs: 500, delayMs: 50 });
        await platform.say({ from: "Ann", text });
        await first.until(() => textsOf(first).includes(text) || loss !== undefined, "the message or the loss");
        if (loss !== undefined) expect(loss).toMatchObject({ retryable: true, code: expect.stringMatching(/^CONN_/) });
        await first[Symbol.asyncDispose]();
        // Stored before the loss or delivered again after it: a platform need not repeat what it knows to be stored.
        if (textsOf(first).includes(text)) return;
        await using second = await scene({ transport, simulator: platform, memory, door, generation: 2 });
        await second.event("message", ({ content }) => content.text === text);
      }, 30_000);
    }
  }

  test("CH-2 what the connection adds to events makes them richer and none another one", async (needs) => {
    needs(channel.transports.includes("webhook"), "has no webhook");
    await using it = await scene({ transport: "webhook", annotates: false });
    const annotate = needs(it.connection.annotate, "adds nothing to events");
    const { conversation } = await it.simulator.createGroup({ title: "Lunch", people: ["Ann", "Bob"] });
    await it.simulator.say({ from: "Ann", text: "alone" });
    await it.simulator.say({ from: "Bob", conversation, text: "aside" });
    await it.simulator.say({ from: "Ann", conversation, text: "pizza?", mention: true });
    await it.event("message", ({ content }) => content.text?.includes("pizza") ?? false);
    const plain = frozen(structuredClone(it.account.received));
    const noted = await annotate.call(it.connection, plain);
    expect(noted.map(({ key, lane }) => [key, lane])).toEqual(plain.map(({ key, lane }) => [key, lane]));
    expect(noted, "with nothing added this proves nothing").not.toEqual(plain);
    const said = (events: readonly RawEvent[]) => events.flatMap((event) => it.read(event).map(essenceOf));
    expect(said(plain).length).toBeGreaterThanOrEqual(3);
    expect(said(noted)).toEqual(said(plain));
    expect(await annotate.call(it.connection, [])).toEqual([]);
  });

  test("CH-2 what it is told before it is connected, or twice, keeps it from nothing", async (needs) => {
    needs(channel.transports.includes("webhook"), "has no webhook");
    await using platform = await simulator();
    const memory = new Map<string, string>();
    await using first = await scene({ transport: "webhook", simulator: platform, memory });
    needs(first.connection.stored, "remembers nothing of events");
    await first.greeted();
    const events = structuredClone(first.account.received);
    await first[Symbol.asyncDispose]();
    await using second = await opened({ transport: "webhook", simulator: platform, memory, generation: 2 });
    for (let count = 0; count < 2; count++) await present(second.connection.stored).call(second.connection, events);
    await second.connect();
    await second.send(await second.greeted("Bob"), textContent("still here"));
    expect(platform.sent().map(({ text }) => text)).toEqual(["still here"]);
  });

  test("ACC-4 in a group it knows when it is meant: by name and by a reply to it", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.createGroup({ title: "Lunch", people: ["Ann", "Bob"] });
    await it.simulator.say({ from: "Ann", conversation, text: "pizza?", mention: true });
    const mention = await it.event("message", ({ content }) => content.text?.includes("pizza") ?? false);
    expect(mention).toMatchObject({ conversation: { id: conversation, kind: "group" }, mentions: { self: true } });
    await it.simulator.say({ from: "Bob", conversation, text: "not you" });
    const aside = await it.event("message", ({ content }) => content.text === "not you");
    expect(aside.mentions?.self).not.toBe(true);
    if (!capabilities.replies) return;
    const id = messageOf(await it.send({ conversation, kind: "group" }, textContent("Yes")));
    await it.simulator.say({ from: "Bob", conversation, text: "why?", replyTo: id });
    const reply = await it.event("message", ({ content }) => content.text === "why?");
    expect(reply.replyTo?.messageId).toBe(id);
    // Where the platform does not say whose message it was, the store knows.
    if (reply.replyTo?.isSelf !== undefined) expect(reply).toMatchObject({ replyTo: { isSelf: true } });
  });

  test("CH-0 threads are kept apart, and answers stay in theirs", async (needs) => {
    needs(capabilities.threads, "has no threads");
    await using it = await scene();
    const group = await it.simulator.createGroup({ title: "Help", people: ["Ann"], threads: ["One", "Two"] });
    const { conversation } = group;
    for (const thread of group.threads)
      await it.simulator.say({ from: "Ann", conversation, thread, text: `in ${thread}` });
    for (const thread of group.threads) {
      const event = await it.event("message", ({ content }) => content.text === `in ${thread}`);
      expect(event).toMatchObject({ thread, conversation: { id: conversation } });
      const target: Target = { conversation, kind: "group", thread };
      await it.send(target, textContent(`answer in ${thread}`));
    }
    const sent = it.simulator.sent({ conversation }).map(({ text, thread }) => [text, thread]);
    expect(sent).toEqual(group.threads.map((thread) => [`answer in ${thread}`, thread]));
    expect(new Set(it.account.received.map(({ lane }) => lane)).size).toBeGreaterThanOrEqual(group.threads.length);
  });

  test("MSG-1 hears edits", async () => {
    await using it = await scene();
    const said = await it.simulator.say({ from: "Ann", text: "frist" });
    await it.event("message");
    await it.simulator.edit({ ...said, text: "first" });
    expect(await it.event("edit")).toMatchObject({
      messageId: said.messageId,
      conversation: { id: said.conversation },
      content: { text: "first" },
    });
  });

  test("MSG-1 hears reactions", async (needs) => {
    needs(capabilities.reactions.in, "tells of no reactions");
    await using it = await scene();
    const { react } = it.simulator;
    if (!react) throw new Error("the channel has reactions, its simulator has none");
    const target = await it.greeted();
    const messageId = messageOf(await it.send(target, textContent("ok")));
    await react({ from: "Ann", conversation: target.conversation, messageId, emoji: "👍" });
    expect(await it.event("reaction")).toMatchObject({ messageId, added: ["👍"], removed: [] });
  });

  for (const kind of ["image", "video", "audio", "voice", "document", "sticker"] as const) {
    test(`MSG-3 MSG-6 ${kind}: arrives with the bytes that were sent`, async () => {
      await using it = await scene();
      const bytes = bytesOf(kind);
      const caption = kind === "sticker" ? {} : { text: "look" };
      await it.simulator.say({ from: "Ann", ...caption, attach: { kind, bytes, mimeType: MIME[kind] } });
      const event = await it.event("message");
      const [attachment, ...others] = event.content.attachments ?? [];
      expect(others).toEqual([]);
      expect(attachment).toMatchObject({ kind });
      expect(event.content.type).toBe(kind);
      if (kind !== "sticker") expect(event.content.text).toBe("look");
      const ref = JSON.parse(JSON.stringify(attachment?.ref ?? null));
      const media = await it.connection.download?.(ref, AbortSignal.timeout(5_000));
      const fetched = Buffer.from(await new Response(media?.stream).arrayBuffer());
      expect(fetched.equals(bytes)).toBe(true);
    });
  }

  async function disposableDoor() {
    const door = await openWebhookDoor(channel);
    return Object.assign(door, { [Symbol.asyncDispose]: () => door.close() });
  }
}

/** What decides where an event goes and what is done about it. */
function essenceOf(event: InboundEvent) {
  const { conversation, kind, sender, thread } = event;
  return {
    kind,
    conversation: [conversation.kind, conversation.id],
    thread,
    sender: sender?.id,
    ...(event.kind === "message" && { id: event.messageId, content: event.content, self: event.mentions?.self }),
  };
}

function textsOf(it: Scene): string[] {
  return it
    .events()
    .flatMap((event) => (event.kind === "message" && event.content.text !== undefined ? [event.content.text] : []));
}
