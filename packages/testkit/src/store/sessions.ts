/** Sessions, their transcripts and preferences. */
import { describe, expect } from "vitest";
import { ACCOUNT, aPlace, aSessionKey, aTurn, CHANNEL, COLLECT, conversation, HOUR, message } from "../factories.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, type World } from "./world.ts";

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
      expect((await world.store.sessions.get(world.tenant, key))?.preferences).toEqual({ model: "small" });
    });

    test("DEV-10 makes an empty session once, and finds sessions by id and by label", async (world) => {
      const { create, list, setPreference } = world.store.sessions;
      const made = await create(world.tenant, aPlace("c1"), world.now);
      expect(made).toMatchObject({ key: aSessionKey("c1"), entries: 0, createdAt: world.now });
      world.now += 5;
      expect(await create(world.tenant, aPlace("c1"), world.now)).toEqual(made);
      const other = await create(world.tenant, aPlace("c2"), world.now);
      await setPreference(world.tenant, other.key, "label", "Trip to Ürümqi");
      const keys = async (filter: Parameters<typeof list>[1]) =>
        (await list(world.tenant, filter)).rows.map(({ conversation }) => conversation);
      expect(await keys({ id: made.id })).toEqual(["c1"]);
      expect(await keys({ label: "Trip to Ürümqi" })).toEqual(["c2"]);
      expect(await keys({ label: "trip to ürümqi" })).toEqual([]);
      expect(await keys({ search: "TRIP TO ÜR" })).toEqual(["c2"]);
      expect((await list(world.tenant, { id: other.id })).rows[0]?.preferences).toEqual({ label: "Trip to Ürümqi" });
      expect((await world.run("c1")).turn.sessionId).toBe(made.id);
    });

    test("DEV-10 deletes a session with everything that was said in it, but not while it is busy", async (world) => {
      const { sessions, turns, deadLetters } = world.store;
      const key = aSessionKey("c1");
      await say(world, "c1", "secret");
      await say(world, "c2", "kept");
      await sessions.setPreference(world.tenant, key, "model", "big");
      const failing = await world.run("c1", { run: "failing", input: { text: "secret too", at: world.now } });
      expect(await sessions.delete(world.tenant, key, world.now)).toBe("busy");
      await world.complete(failing, { state: "failed", error: FAILURE });
      const waiting = await world.enqueue("c1");
      expect(await sessions.delete(world.tenant, key, world.now)).toBe("busy");
      expect(await sessions.transcript(world.tenant, key, { limit: 9 })).not.toEqual([]);
      await turns.stop(world.tenant, { session: key, now: world.now });
      expect(await sessions.delete("stranger" as typeof world.tenant, key, world.now)).toBe("absent");
      expect(await sessions.delete(world.tenant, key, world.now)).toBe("deleted");
      expect(await sessions.delete(world.tenant, key, world.now)).toBe("absent");

      expect(await sessions.get(world.tenant, key)).toBeUndefined();
      expect(await sessions.transcript(world.tenant, key, { limit: 9 })).toEqual([]);
      expect(await sessions.preferences(world.tenant, key)).toEqual({});
      expect(await turns.findByRun(world.tenant, "failing")).toBeUndefined();
      for (const { id } of [failing.turn, waiting]) {
        expect(await turns.get(world.tenant, id)).toBeUndefined();
        expect(await turns.inputs(world.tenant, id)).toEqual([]);
      }
      expect((await deadLetters.list(world.tenant, {})).rows).toEqual([]);
      expect((await turns.list(world.tenant, {})).rows.map(({ session }) => session)).toEqual([aSessionKey("c2")]);
      expect(await sessions.transcript(world.tenant, aSessionKey("c2"), { limit: 9 })).toHaveLength(2);

      // What begins afterwards has nothing of it.
      await say(world, "c3", "new here");
      await say(world, "c1", "hello again");
      expect((await sessions.transcript(world.tenant, key, { limit: 9 })).map(({ text }) => text)).toEqual([
        "hello again",
        "re: hello again",
      ]);
      expect((await turns.list(world.tenant, { session: aSessionKey("c3") })).rows).toHaveLength(1);
    });

    test("DEV-10 forgets all but the newest entries of a transcript", async (world) => {
      const { append, get, keepNewest, transcript } = world.store.sessions;
      const key = aSessionKey("c1");
      for (const text of ["one", "two", "three"]) await say(world, "c1", text);
      await say(world, "c2", "other");
      expect(await keepNewest(world.tenant, key, 7)).toEqual({ removed: 0, kept: 6 });
      expect(await keepNewest(world.tenant, key, 2)).toEqual({ removed: 4, kept: 2 });
      expect(await keepNewest(world.tenant, aSessionKey("nobody"), 2)).toBeUndefined();
      expect(await append(world.tenant, key, { role: "note", text: "noted", at: world.now })).toBe(7);
      const left = await transcript(world.tenant, key, { limit: 9 });
      expect(left.map(({ seq, text }) => `${seq} ${text}`)).toEqual(["5 three", "6 re: three", "7 noted"]);
      expect((await get(world.tenant, key))?.entries).toBe(3);
      expect(await transcript(world.tenant, aSessionKey("c2"), { limit: 9 })).toHaveLength(2);
    });

    test("DEV-10 adds up what turns used, by session, model and day", async (world) => {
      const { usage } = world.store.sessions;
      const from = world.now;
      const spend = async (id: string, completion: Parameters<typeof world.complete>[1]) =>
        world.complete(await world.run(id), completion);
      await spend("c1", { usage: { model: "big", inputTokens: 10, outputTokens: 1 } });
      world.now += 1_000;
      await spend("c1", { usage: { model: "big", inputTokens: 20 } });
      await spend("c1", { usage: { model: "small", outputTokens: 3 } });
      await spend("c2", { state: "failed", error: FAILURE });
      await world.enqueue("c2");
      world.now += 24 * HOUR;
      await spend("c1", { usage: { model: "big", inputTokens: 5, outputTokens: 5 } });
      const day = Math.floor(from / (24 * HOUR));
      const whole = { from, to: world.now + 1, offsetMs: 0 };
      const first = { session: aSessionKey("c1"), day, failed: 0, untold: 0, firstAt: from };
      expect(await usage(world.tenant, whole)).toEqual([
        { ...first, model: "big", turns: 2, inputTokens: 30, outputTokens: 1, lastAt: from + 1_000 },
        {
          ...first,
          model: "small",
          turns: 1,
          inputTokens: 0,
          outputTokens: 3,
          firstAt: from + 1_000,
          lastAt: from + 1_000,
        },
        {
          ...first,
          model: "big",
          day: day + 1,
          turns: 1,
          inputTokens: 5,
          outputTokens: 5,
          firstAt: world.now,
          lastAt: world.now,
        },
        {
          session: aSessionKey("c2"),
          day,
          turns: 1,
          untold: 1,
          failed: 1,
          inputTokens: 0,
          outputTokens: 0,
          firstAt: from + 1_000,
          lastAt: from + 1_000,
        },
      ]);
      const ofOne = await usage(world.tenant, { ...whole, session: aSessionKey("c2") });
      expect(ofOne.map(({ session }) => session)).toEqual([aSessionKey("c2")]);
      expect(await usage(world.tenant, { ...whole, from: world.now + 1 })).toEqual([]);
      expect((await usage(world.tenant, { ...whole, to: from + 1, offsetMs: 16 * HOUR }))[0]?.day).toBe(day + 1);
      expect(await usage("stranger" as typeof world.tenant, whole)).toEqual([]);
    });
  });
}
