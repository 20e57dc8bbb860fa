/** Sessions, their transcripts and preferences. */
import { describe, expect } from "vitest";
import { ACCOUNT, aPlace, aSessionKey, aTurn, CHANNEL, COLLECT, conversation, HOUR, message } from "../factories.ts";
import type { Suite } from "./suite.ts";
import type { World } from "./world.ts";

async function say(world: World, id: string, text: string): Promise<void> {
  const running = await world.run(id, { input: { text, at: world.now } });
  await world.complete(running, { entries: [{ role: "assistant", text: `re: ${text}`, at: world.now }] });
}

export function sessionsContract({ test }: Suite): void {
  describe("sessions", () => {
    test("AGT-2 makes a session with its first turn and touches it with each", async (world) => {
      const session = aPlace("c1", { title: "Ann", idleMs: HOUR });
      const createdAt = world.now;
      await world.enqueue("c1", { session });
      const first = await world.store.sessions.get(world.tenant, session.key);
      expect(first).toEqual({
        key: session.key,
        tenant: world.tenant,
        id: expect.stringMatching(/^ses_/),
        agent: "main",
        channel: CHANNEL,
        account: ACCOUNT,
        conversation: "c1",
        kind: "direct",
        title: "Ann",
        target: session.target,
        createdAt,
        lastActiveAt: createdAt,
        entries: 0,
      });
      world.now += 10;
      const { title: _, ...untitled } = session;
      await world.enqueue("c1", { session: untitled });
      expect(await world.store.sessions.get(world.tenant, session.key)).toEqual({ ...first, lastActiveAt: world.now });
    });

    test("AGT-2 begins anew after the idle time, and only then", async (world) => {
      const first = await world.run("c1");
      await world.complete(first);
      world.now += HOUR / 2;
      const second = await world.run("c1");
      expect(second.turn.sessionId).toBe(first.turn.sessionId);
      await world.complete(second);
      world.now += HOUR / 2 + 1;
      const third = await world.run("c1");
      expect(third.turn.sessionId).not.toBe(first.turn.sessionId);
    });

    test("AGT-2 a session whose turn runs for long is not idle", async (world) => {
      const running = await world.run("c1");
      world.now += 3 * HOUR;
      const waiting = await world.enqueue("c1");
      expect(await world.store.turns.get(world.tenant, waiting.id)).toMatchObject({
        sessionId: running.turn.sessionId,
      });
    });

    test("AGT-2 a turn that was queued before a reset is written where it belongs", async (world) => {
      const running = await world.run("c1", { input: { text: "before", at: world.now } });
      const key = aSessionKey("c1");
      const fresh = await world.store.sessions.reset(world.tenant, key, world.now);
      expect(fresh).not.toBe(running.turn.sessionId);
      await world.complete(running);
      await say(world, "c1", "after");
      const texts = async (sessionId: typeof fresh) =>
        (await world.store.sessions.transcript(world.tenant, key, { limit: 10, ...(sessionId && { sessionId }) })).map(
          ({ text }) => text,
        );
      expect(await texts(running.turn.sessionId)).toEqual(["before"]);
      expect(await texts(fresh)).toEqual(["after", "re: after"]);
      expect(await texts(undefined)).toEqual(["before", "after", "re: after"]);
    });

    test("ACC-4 tells which session knows a message: sent from it, waiting in it, or told to it", async (world) => {
      const { ofMessage } = world.store.sessions;
      const key = aSessionKey("c1");
      const topic = `${key}:topic:9` as typeof key;
      const place = { channel: CHANNEL, account: ACCOUNT, conversation: conversation("c1"), prefer: key };
      const knows = (...ids: string[]) => ofMessage(world.tenant, { ...place, messageIds: ids.map(message) });
      expect(await knows("m1")).toBeUndefined();
      const input = { text: "hello", at: world.now, messageId: message("m1") };
      const running = await world.run("c1", { session: aPlace("c1", { key: topic }), input });
      expect(await knows("m0", "m1")).toBe(topic);
      await world.complete(running);
      expect(await knows("m1")).toBe(topic);
      const delivery = await world.sending("c1", { session: topic });
      await world.sent(delivery, "m2");
      await world.sent(await world.sending("c1"), "m3");
      expect([await knows("m2"), await knows("m3"), await knows("m4")]).toEqual([topic, key, undefined]);
      const elsewhere = { ...place, conversation: conversation("c2"), messageIds: [message("m1")] };
      expect(await ofMessage(world.tenant, elsewhere)).toBeUndefined();
      expect(
        await ofMessage("stranger" as typeof world.tenant, { ...place, messageIds: [message("m1")] }),
      ).toBeUndefined();
    });

    test("resets only what exists", async (world) => {
      expect(await world.store.sessions.reset(world.tenant, aSessionKey("nobody"), world.now)).toBeUndefined();
    });

    test("numbers a transcript without gaps and reads it from the end", async (world) => {
      for (const text of ["one", "two", "three"]) await say(world, "c1", text);
      const { append, transcript } = world.store.sessions;
      const key = aSessionKey("c1");
      expect(await append(world.tenant, key, { role: "note", text: "noted", at: world.now })).toBe(7);
      const read = async (input: Parameters<typeof transcript>[2]) =>
        (await transcript(world.tenant, key, input)).map(({ seq, text }) => `${seq} ${text}`);
      expect(await read({ limit: 3 })).toEqual(["5 three", "6 re: three", "7 noted"]);
      expect(await read({ limit: 2, before: 4 })).toEqual(["2 re: one", "3 two"]);
      expect(await read({ limit: 5, before: 1 })).toEqual([]);
      expect(await transcript(world.tenant, aSessionKey("nobody"), { limit: 5 })).toEqual([]);
      const nowhere = append(world.tenant, aSessionKey("nobody"), { role: "note", text: "x", at: world.now });
      await expect(nowhere).rejects.toMatchObject({ code: "REQ_002" });
    });

    test("shows the beginning of the newest entry, cut at a whole character", async (world) => {
      await say(world, "c1", "👋".repeat(500));
      const session = await world.store.sessions.get(world.tenant, aSessionKey("c1"));
      expect(session?.preview).toMatch(/^re: (👋)+…$/u);
      expect(session?.preview?.isWellFormed()).toBe(true);
    });

    test("lists the most recently active first, by agent, channel and text, page by page", async (world) => {
      for (const id of ["a", "b", "c", "d", "e"]) {
        world.now += 1;
        const session = aPlace(id, {
          key: aSessionKey(id, id < "c" ? "first" : "second"),
          agent: id < "c" ? "first" : "second",
        });
        await world.enqueue(id, { session: { ...session, title: `Комната ${id.toUpperCase()}` } });
      }
      world.now += 1;
      await world.store.turns.enqueue(
        world.tenant,
        aTurn("a", { session: aPlace("a", { key: aSessionKey("a", "first") }) }),
        COLLECT,
        world.now,
      );
      const list = async (filter: Parameters<typeof world.store.sessions.list>[1]) => {
        const { cursor, rows } = await world.store.sessions.list(world.tenant, filter);
        return { cursor, ids: rows.map(({ conversation }) => conversation).join("") };
      };
      const first = await list({ limit: 2 });
      expect(first.ids).toBe("ae");
      const second = await list({ limit: 2, ...(first.cursor && { cursor: first.cursor }) });
      expect(second.ids).toBe("dc");
      const third = await list({ limit: 2, ...(second.cursor && { cursor: second.cursor }) });
      expect(third).toEqual({ cursor: undefined, ids: "b" });
      expect((await list({ agent: "first" })).ids).toBe("ab");
      expect((await list({ search: "комната D" })).ids).toBe("d");
      expect((await list({ search: "%" })).ids).toBe("");
      expect((await list({ channel: "other" as never })).ids).toBe("");
    });

    test("AGT-5 keeps preferences also of a session that has not begun", async (world) => {
      const key = aSessionKey("later");
      await world.store.sessions.setPreference(world.tenant, key, "model", "big");
      await world.store.sessions.setPreference(world.tenant, key, "model", "small");
      await world.store.sessions.setPreference(world.tenant, key, "gone", "x");
      await world.store.sessions.setPreference(world.tenant, key, "gone", null);
      expect(await world.store.sessions.preferences(world.tenant, key)).toEqual({ model: "small" });
      expect((await world.run("later")).preferences).toEqual({ model: "small" });
    });
  });
}
