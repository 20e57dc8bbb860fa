/** What happens in one transaction with the settlement of an event. */
import type { Effect } from "@switchboard/core/ports";
import { describe, expect } from "vitest";
import {
  ACCOUNT,
  aDelivery,
  aLane,
  aPlace,
  aRawEvent,
  aSessionKey,
  aTarget,
  aTurn,
  CHANNEL,
  COLLECT,
  claimAs,
  conversation,
  HOUR,
  INTERRUPT,
  message,
  unique,
} from "../factories.ts";
import type { Suite } from "./suite.ts";
import { given } from "./world.ts";

export function effectsContract({ test }: Suite): void {
  describe("effects of an event", () => {
    test("Q-6 queues a turn and claims it when its session is free", async (world) => {
      const turn = aTurn("c1", { priority: "high", run: unique("run"), overrides: { model: "big" } });
      const { turns } = await world.apply({ type: "turn", turn, queue: COLLECT, claim: claimAs("process-2") });
      const [result] = turns;
      expect(result).toMatchObject({ id: turn.id, joined: false, dueAt: world.now });
      const claimed = given(result?.claimed);
      expect(claimed.lease).toMatchObject({ tenant: world.tenant, kind: "turn", owner: "process-2" });
      expect(claimed.inputs).toEqual([turn.input]);
      expect(claimed.preferences).toEqual({});
      expect(claimed.turn).toEqual(await world.store.turns.get(world.tenant, turn.id));
      expect(claimed.turn).toMatchObject({
        id: turn.id,
        run: turn.run,
        state: "running",
        starts: 1,
        attempts: 0,
        priority: "high",
        session: turn.session.key,
        reply: turn.reply,
        overrides: { model: "big" },
        startedAt: world.now,
        expiresAt: turn.expiresAt,
      });
    });

    test("queues a turn without claiming it when its session is busy", async (world) => {
      await world.run("c1");
      const { turns } = await world.apply({ type: "turn", turn: aTurn("c1"), queue: COLLECT, claim: claimAs() });
      expect(turns[0]?.claimed).toBeUndefined();
      expect(await world.claimTurns()).toEqual([]);
    });

    test("Q-6 queues deliveries and claims the first of each free lane", async (world) => {
      const deliveries = [aDelivery("a"), aDelivery("a"), aDelivery("b")];
      const { claimedDeliveries } = await world.apply({ type: "deliver", deliveries, claim: claimAs() });
      expect(claimedDeliveries.map(({ delivery }) => delivery.id)).toEqual([deliveries[0]?.id, deliveries[2]?.id]);
      for (const { attempt, delivery } of claimedDeliveries) {
        expect(attempt).toBe(1);
        expect(delivery).toEqual(await world.delivery(delivery.id));
      }
    });

    test("AGT-5 sets and removes preferences", async (world) => {
      const session = aSessionKey();
      const set = (name: string, value: string | null): Effect => ({ type: "preference", session, name, value });
      await world.apply(set("model", "small"), set("verbosity", "high"), set("model", "big"));
      expect(await world.store.sessions.preferences(world.tenant, session)).toEqual({
        model: "big",
        verbosity: "high",
      });
      const { preferences } = await world.run("c1");
      expect(preferences).toEqual({ model: "big", verbosity: "high" });
      await world.apply(set("model", null));
      expect(await world.store.sessions.preferences(world.tenant, session)).toEqual({ verbosity: "high" });
    });

    test("AGT-2 begins a session anew and keeps its preferences", async (world) => {
      const session = aSessionKey();
      const first = await world.run("c1");
      await world.complete(first);
      await world.store.sessions.setPreference(world.tenant, session, "model", "big");
      await world.apply({ type: "reset-session", session });
      const second = await world.run("c1");
      expect(second.turn.sessionId).not.toBe(first.turn.sessionId);
      expect(second.preferences).toEqual({ model: "big" });
    });

    test("applies effects in their order", async (world) => {
      const before = await world.run("c1");
      await world.complete(before);
      const turn = aTurn("c1");
      const queue = COLLECT;
      const { turns } = await world.apply(
        { type: "reset-session", session: aSessionKey() },
        { type: "turn", turn, queue, claim: claimAs() },
      );
      expect(turns[0]?.claimed?.turn.sessionId).not.toBe(before.turn.sessionId);
    });

    test("stops what runs and cancels what waits in a session", async (world) => {
      const running = await world.run("c1");
      const waiting = await world.enqueue("c1");
      const elsewhere = await world.run("c2");
      const { cancelled, stopping } = await world.apply({ type: "stop-turns", session: aSessionKey("c1") });
      expect(stopping).toEqual([running.turn.id]);
      expect(cancelled).toMatchObject([{ id: waiting.id, run: waiting.id, session: aSessionKey("c1"), agent: "main" }]);
      expect(await world.store.turns.get(world.tenant, waiting.id)).toMatchObject({
        state: "cancelled",
        finishedAt: world.now,
      });
      await world.complete(running, { state: "aborted" });
      await world.complete(elsewhere);
      expect(await world.claimTurns()).toEqual([]);
    });

    test("asks the running turn to stop when a message interrupts", async (world) => {
      const running = await world.run("c1");
      const turn = aTurn("c1");
      const { stopping, turns } = await world.apply({ type: "turn", turn, queue: INTERRUPT, claim: claimAs() });
      expect(stopping).toEqual([running.turn.id]);
      expect(turns).toEqual([{ id: turn.id, joined: false, dueAt: world.now }]);
    });

    test("adds a note to a session that exists, and otherwise nothing", async (world) => {
      const entry = { role: "note", text: "Ann reacted with 👍.", at: world.now } as const;
      await world.apply({ type: "note", session: aSessionKey("nobody"), entry });
      expect(await world.store.sessions.get(world.tenant, aSessionKey("nobody"))).toBeUndefined();
      await world.complete(await world.run("c1"));
      await world.apply({ type: "note", session: aSessionKey("c1"), entry });
      const transcript = await world.store.sessions.transcript(world.tenant, aSessionKey("c1"), { limit: 10 });
      expect(transcript.at(-1)).toMatchObject(entry);
    });

    test("begins a session with a note where the note says so", async (world) => {
      const session = aSessionKey("c1");
      const entry = { role: "notice", text: "/status", at: world.now } as const;
      await world.apply({ type: "note", session, entry, place: aPlace("c1", { title: "Ann" }) });
      await world.apply({ type: "note", session, entry, place: aPlace("c1", { title: "Other" }) });
      expect(await world.store.sessions.get(world.tenant, session)).toMatchObject({ entries: 2, title: "Ann" });
      const running = await world.run("c1");
      const transcript = await world.store.sessions.transcript(world.tenant, session, { limit: 10 });
      expect(transcript).toMatchObject([entry, entry]);
      expect(transcript[0]?.sessionId).toBe(running.turn.sessionId);
    });

    test("AGT-2 a note does not keep a session from going idle", async (world) => {
      const first = await world.run("c1");
      await world.complete(first);
      world.now += HOUR / 2;
      await world.apply({
        type: "note",
        session: aSessionKey("c1"),
        entry: { role: "note", text: "x", at: world.now },
      });
      world.now += 1;
      expect((await world.run("c1")).turn.sessionId).not.toBe(first.turn.sessionId);
    });

    test("changes a waiting input's text; notes the change once its turn has started", async (world) => {
      const edit = (text: string): Effect => ({
        type: "amend-input",
        channel: CHANNEL,
        account: ACCOUNT,
        conversation: conversation("c1"),
        messageId: message("7"),
        text,
        otherwise: {
          session: aSessionKey("c1"),
          entry: { role: "note", text: `It now reads: ${text}`, at: world.now },
        },
      });
      const input = { messageId: message("7"), text: "helo", at: world.now };
      const { id } = await world.enqueue("c1", { input });
      await world.apply(edit("hello"));
      expect(await world.store.turns.inputs(world.tenant, id)).toEqual([{ ...input, text: "hello" }]);
      const [claimed] = await world.claimTurns();
      expect(given(claimed).inputs).toEqual([{ ...input, text: "hello" }]);
      await world.apply(edit("hello!"));
      expect(await world.store.turns.inputs(world.tenant, id)).toEqual([{ ...input, text: "hello" }]);
      await world.complete(given(claimed));
      const transcript = await world.store.sessions.transcript(world.tenant, aSessionKey("c1"), { limit: 10 });
      expect(transcript.map(({ role, text }) => [role, text])).toEqual([
        ["note", "It now reads: hello!"],
        ["user", "hello"],
      ]);
    });

    test("OPS-4 writes audit entries", async (world) => {
      const entry = {
        at: world.now,
        actor: "peer:x",
        action: "access.denied",
        subject: "s",
        outcome: "denied",
      } as const;
      await world.apply({ type: "audit", entry });
      expect((await world.store.audit.list(world.tenant, {})).rows).toMatchObject([
        { ...entry, seq: expect.any(Number) },
      ]);
    });

    test("a conversation that moved keeps its session, its waiting turns and its deliveries", async (world) => {
      const started = await world.run("old");
      await world.complete(started, { entries: [{ role: "assistant", text: "hi", at: world.now }] });
      await world.store.sessions.setPreference(world.tenant, aSessionKey("old"), "model", "big");
      const running = await world.run("old");
      const waiting = await world.enqueue("old");
      const sending = await world.sending("old");
      const queued = aDelivery("old");
      const later = aDelivery("old", { dueAt: world.now + HOUR });
      await world.post(queued, later);
      const move = { channel: CHANNEL, account: ACCOUNT, from: conversation("old"), to: conversation("new") };
      await world.apply({ type: "redirect", ...move });

      expect(await world.store.sessions.get(world.tenant, aSessionKey("old"))).toBeUndefined();
      expect(await world.store.sessions.get(world.tenant, aSessionKey("new"))).toMatchObject({
        id: started.turn.sessionId,
        conversation: "new",
        entries: 2,
        target: { conversation: "new" },
      });
      expect(await world.store.sessions.preferences(world.tenant, aSessionKey("new"))).toEqual({ model: "big" });
      expect(await world.store.turns.get(world.tenant, waiting.id)).toMatchObject({
        session: aSessionKey("new"),
        reply: { target: { conversation: "new" } },
      });
      for (const { id } of [queued, later]) {
        expect(await world.delivery(id)).toMatchObject({
          target: { conversation: "new" },
          lane: aLane("new"),
        });
      }

      // What is in work ends where it began; the rest follows in order in the new place.
      await world.sent(sending);
      await world.complete(running);
      const after = await world.enqueue("new", { session: { ...aTurn("new").session } });
      expect(after.id).toBe(waiting.id);
      const [next] = await world.claimTurns();
      expect(given(next).turn).toMatchObject({ id: waiting.id, sessionId: started.turn.sessionId });
      const newest = aDelivery("new");
      await world.post(newest);
      const order: string[] = [];
      for (let [claimed] = await world.claimDeliveries(1); claimed; [claimed] = await world.claimDeliveries(1)) {
        order.push(claimed.delivery.id);
        await world.sent(claimed);
      }
      expect(order).toEqual([queued.id, newest.id]);
    });

    test("a conversation that moved into one that is known leaves both histories", async (world) => {
      for (const id of ["from", "to"]) await world.complete(await world.run(id));
      const move = { channel: CHANNEL, account: ACCOUNT, from: conversation("from"), to: conversation("to") };
      await world.apply({ type: "redirect", ...move });
      expect(await world.store.sessions.get(world.tenant, aSessionKey("from"))).toMatchObject({
        target: { ...aTarget("from"), conversation: "to" },
      });
      expect(await world.store.sessions.get(world.tenant, aSessionKey("to"))).toBeDefined();
    });

    test("Q-4 an event whose settlement failed can be settled again", async (world) => {
      const claimed = await world.receive("c1");
      const known = aDelivery();
      await world.post(known);
      const clash: Effect = { type: "deliver", deliveries: [known] };
      await expect(world.settle(claimed, { effects: [clash] })).rejects.toMatchObject({ code: "REQ_004" });
      await world.ingest([aRawEvent("c1")]);
      const { next } = await world.settle(claimed, { next: claimAs() });
      expect(next?.event.state).toBe("new");
    });
  });
}
