/** What could not be processed or sent, and how it comes back. */
import { newId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import { aDelivery, aRawEvent, aSessionKey, claimAs, DAY, FOLLOWUP, HOUR, unique } from "../factories.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, given, REFUSAL, SILENCE, type World } from "./world.ts";

async function replay(world: World): Promise<boolean> {
  const [letter] = await world.deadLetters();
  return world.store.deadLetters.replay(world.tenant, given(letter).id, { now: world.now, ttlMs: DAY });
}

export function deadLettersContract({ test }: Suite): void {
  describe("dead letters", () => {
    test("Q-3 oc#109911 keep an event's payload and error, and bring it back", async (world) => {
      const raw = aRawEvent("c1");
      const { claimed } = await world.ingest([raw], "process-1");
      const dead = { state: "dead", error: REFUSAL, reason: "no sense", preview: "hello" } as const;
      await world.settle(given(claimed[0]), dead);
      const [letter] = await world.deadLetters();
      expect(letter).toMatchObject({ kind: "inbox", subject: claimed[0]?.event.id, error: REFUSAL, preview: "hello" });
      const kept = given(await world.store.inbox.get(world.tenant, given(claimed[0]).event.id));
      expect(kept).toMatchObject({ state: "dead", error: REFUSAL, reason: "no sense" });
      expect(JSON.parse(kept.payload)).toEqual(raw.payload);

      expect(await replay(world)).toBe(true);
      const again = given((await world.claimEvents())[0]);
      expect(again.event).toMatchObject({ id: kept.id, state: "new", attempts: 0, payload: kept.payload });
      expect(again.event.error).toBeUndefined();
      await world.settle(again);
      expect(await world.deadLetters()).toEqual([]);
    });

    test("Q-3 an event that comes back has a new life, whoever brought it back", async (world) => {
      const raw = aRawEvent("c1");
      const { claimed } = await world.ingest([raw], "process-1");
      expect(given(claimed[0]).event.expiresAt).toBe(world.now + DAY);
      await world.settle(given(claimed[0]), { state: "dead", error: REFUSAL });
      world.now += 3 * DAY;
      expect(await replay(world)).toBe(true);
      const again = given((await world.claimEvents())[0]);
      expect(again.event).toMatchObject({ receivedAt: world.now - 3 * DAY, expiresAt: world.now + DAY });
      await world.settle(again, { state: "dead", error: REFUSAL });
      world.now += 3 * DAY;
      const [sentAgain] = (await world.ingest([raw], "process-1")).claimed;
      expect(given(sentAgain).event.expiresAt).toBe(world.now + DAY);
    });

    test("oc#109911 what the platform sends again wins over a dead letter, once", async (world) => {
      const raw = aRawEvent("c1");
      const { claimed } = await world.ingest([raw], "process-1");
      await world.settle(given(claimed[0]), { state: "dead", error: REFUSAL });
      const again = await world.ingest([raw, raw], "process-1");
      expect(again.results).toEqual([
        { id: claimed[0]?.event.id, duplicate: false },
        { id: claimed[0]?.event.id, duplicate: true },
      ]);
      expect(again.claimed).toHaveLength(1);
      const all = await world.store.deadLetters.list(world.tenant, { resolved: true });
      expect(all.rows).toMatchObject([{ resolution: "replayed", resolvedAt: world.now }]);
    });

    test("what a person discarded stays discarded, also when the platform sends it again", async (world) => {
      const raw = aRawEvent("c1");
      const { claimed } = await world.ingest([raw], "process-1");
      await world.settle(given(claimed[0]), { state: "dead", error: REFUSAL });
      const letter = given((await world.deadLetters())[0]);
      expect(await world.store.deadLetters.discard(world.tenant, letter.id, world.now)).toBe(true);
      expect(await world.store.deadLetters.discard(world.tenant, letter.id, world.now)).toBe(false);
      expect(await world.store.deadLetters.replay(world.tenant, letter.id, { now: world.now, ttlMs: DAY })).toBe(false);
      expect((await world.ingest([raw])).results[0]?.duplicate).toBe(true);
      expect(await world.store.deadLetters.get(world.tenant, letter.id)).toEqual({
        ...letter,
        resolution: "discarded",
        resolvedAt: world.now,
      });
    });

    test("Q-3 a replayed turn takes its old place, with its attempts at zero and a new life", async (world) => {
      const running = await world.run("c1", { input: { text: "question", at: world.now } });
      await world.complete(running, { state: "failed", error: FAILURE });
      const later = await world.enqueue("c1", {}, FOLLOWUP);
      world.now += HOUR;
      expect(await replay(world)).toBe(true);
      expect(await replay(world).catch(() => "gone")).toBe("gone");
      const [again] = await world.claimTurns();
      expect(given(again).turn).toMatchObject({
        id: running.turn.id,
        attempts: 0,
        starts: 1,
        expiresAt: world.now + DAY,
      });
      expect(given(again).turn.error).toBeUndefined();
      const { next } = await world.complete(given(again), {
        entries: [{ role: "assistant", text: "answer", at: world.now }],
        next: claimAs(),
      });
      expect(given(next).turn.id).toBe(later.id);
      // The question stands in the transcript once, although the turn ended twice.
      const transcript = await world.store.sessions.transcript(world.tenant, aSessionKey("c1"), { limit: 9 });
      expect(transcript.map(({ text }) => text)).toEqual(["question", "answer"]);
    });

    test("Q-3 a turn can end without its inputs in the transcript; they come with its replay", async (world) => {
      const turn = await world.run("c1");
      const { session } = turn.turn;
      const said = async () => {
        const entries = await world.store.sessions.transcript(world.tenant, session, { limit: 9 });
        return entries.map(({ role }) => role);
      };
      await world.complete(turn, { state: "failed", error: REFUSAL, withoutInputs: true });
      expect(await said()).toEqual([]);
      expect(await world.deadLetters()).toMatchObject([{ kind: "turn", subject: turn.turn.id, error: REFUSAL }]);
      expect(await replay(world)).toBe(true);
      const again = given((await world.claimTurns())[0]);
      expect(again.inputs).toEqual(turn.inputs);
      await world.complete(again);
      expect(await said()).toEqual(["user"]);
    });

    test("Q-3 a replayed delivery takes its old place, with its attempts at zero and a new life", async (world) => {
      const sending = await world.sending("c1");
      const later = aDelivery("c1");
      await world.post(later);
      await world.refused(sending);
      world.now += HOUR;
      expect(await replay(world)).toBe(true);
      const [again] = await world.claimDeliveries();
      expect(given(again)).toMatchObject({
        attempt: 2,
        delivery: { id: sending.delivery.id, attempts: 0, expiresAt: world.now + DAY },
      });
      await world.sent(given(again));
      expect((await world.claimDeliveries()).map(({ delivery }) => delivery.id)).toEqual([later.id]);
      const ledger = await world.store.outbox.attempts(world.tenant, sending.delivery.id);
      expect(ledger.map(({ state }) => state)).toEqual(["failed", "sent"]);
    });

    test("Q-3 Q-6 a replayed delivery whose last attempt may have arrived is unknown again", async (world) => {
      const sending = await world.sending("c1");
      await world.unanswered(sending);
      const asked = given((await world.claimDeliveries())[0]);
      expect(asked.delivery.replayed).toBeUndefined();
      await world.store.outbox.settle(
        asked.lease,
        asked.delivery.id,
        0,
        { state: "dead", error: SILENCE },
        {
          now: world.now,
        },
      );
      expect(await replay(world)).toBe(true);
      const again = given((await world.claimDeliveries())[0]);
      expect(again).toMatchObject({
        delivery: { id: sending.delivery.id, state: "unknown", replayed: true },
        unknown: { number: 1, state: "unknown" },
      });
      const { begin } = world.store.outbox;
      expect(await begin(again.lease, again.delivery.id, { now: world.now, markedDuplicate: true })).toBe(2);
      const begun = await world.delivery(again.delivery.id);
      expect([begun.replayed, begun.markedDuplicate]).toEqual([undefined, true]);
    });

    test("Q-3 a replayed delivery that expired is sent after all", async (world) => {
      const delivery = aDelivery("c1", { expiresAt: world.now + 1 });
      await world.post(delivery);
      world.now += 1;
      expect(await world.claimDeliveries()).toEqual([]);
      expect(await replay(world)).toBe(true);
      expect((await world.claimDeliveries()).map((claimed) => claimed.delivery.id)).toEqual([delivery.id]);
    });

    test("Q-3 what fails again after a replay has a new letter", async (world) => {
      const sending = await world.sending("c1");
      await world.refused(sending);
      await replay(world);
      await world.refused(given((await world.claimDeliveries())[0]));
      expect(await world.deadLetters()).toMatchObject([{ subject: sending.delivery.id }]);
      const { rows } = await world.store.deadLetters.list(world.tenant, { resolved: true });
      expect(rows.map(({ resolution }) => resolution)).toEqual([undefined, "replayed"]);
    });

    test("Q-3 a replay happens once, however many ask at the same moment", async (world) => {
      await world.refused(await world.sending("c1"));
      const letter = given((await world.deadLetters())[0]);
      const ask = () => world.store.deadLetters.replay(world.tenant, letter.id, { now: world.now, ttlMs: DAY });
      expect((await Promise.all([ask(), ask(), ask()])).filter(Boolean)).toHaveLength(1);
      expect(await world.claimDeliveries()).toHaveLength(1);
    });

    test("lists by kind, newest first, page by page", async (world) => {
      await world.settle(await world.receive("c1", "process-1", { key: unique("dead") }), { state: "dead" });
      await world.complete(await world.run("c1"), { state: "failed" });
      await world.refused(await world.sending("c1"));
      const list = async (filter: Parameters<typeof world.store.deadLetters.list>[1]) => {
        const { cursor, rows } = await world.store.deadLetters.list(world.tenant, filter);
        return { kinds: rows.map(({ kind }) => kind), cursor };
      };
      expect((await list({})).kinds).toEqual(["delivery", "turn", "inbox"]);
      expect((await list({ kind: "turn" })).kinds).toEqual(["turn"]);
      const first = await list({ limit: 2 });
      expect(first.kinds).toEqual(["delivery", "turn"]);
      expect((await list({ limit: 2, ...(first.cursor && { cursor: first.cursor }) })).kinds).toEqual(["inbox"]);
      expect(await world.store.deadLetters.get(world.tenant, newId("deadLetter"))).toBeUndefined();
      expect(await world.store.deadLetters.discard(world.tenant, newId("deadLetter"), world.now)).toBe(false);
    });
  });
}
