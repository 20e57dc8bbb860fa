/** Turns: queued, joined, claimed, given back, ended. */
import type { QueueSettings, TurnInput } from "@switchboard/core/ports";
import { describe, expect } from "vitest";
import {
  ACCOUNT,
  aDelivery,
  aSessionKey,
  aTurn,
  CHANNEL,
  COLLECT,
  claimAs,
  conversation,
  DAY,
  FOLLOWUP,
  INTERRUPT,
  message,
  unique,
} from "../factories.ts";
import { conflict, lost } from "./expectations.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, given } from "./world.ts";

export function turnsContract({ alone, test }: Suite): void {
  describe("queueing turns", () => {
    test("collect: an input joins the turn that waits, in order", async (world) => {
      const running = await world.run("c1");
      const inputs: TurnInput[] = ["one", "two", "three"].map((text) => ({ text, at: world.now }));
      const ids = new Set<string>();
      for (const input of inputs) ids.add((await world.enqueue("c1", { input })).id);
      expect(ids.size).toBe(1);
      await world.complete(running);
      const [claimed] = await world.claimTurns();
      expect(given(claimed).inputs).toEqual(inputs);
    });

    test("collect: answers go where the newest input came from, at the most urgent priority", async (world) => {
      await world.run("c1");
      const { id } = await world.enqueue("c1", { priority: "low", expiresAt: world.now + DAY });
      const reply = {
        channel: CHANNEL,
        account: ACCOUNT,
        target: { ...aTurn().session.target, replyTo: message("9") },
      };
      await world.enqueue("c1", { priority: "critical", reply, expiresAt: world.now + 2 * DAY });
      await world.enqueue("c1", { priority: "normal", reply, expiresAt: world.now + DAY });
      expect(await world.store.turns.get(world.tenant, id)).toMatchObject({
        priority: "critical",
        reply,
        expiresAt: world.now + 2 * DAY,
      });
    });

    test("Q-5 collect: what is answered elsewhere is a turn of its own, in both directions", async (world) => {
      const here = { channel: CHANNEL, account: ACCOUNT, target: aTurn().session.target };
      const there = { ...here, target: { ...here.target, conversation: conversation("elsewhere") } };
      const thread = { ...here, target: { ...here.target, thread: "t1" as never } };
      const account = { ...here, account: "other" as typeof ACCOUNT };
      await world.run("c1");
      const ids = new Set<string>();
      for (const reply of [here, there, here, thread, here, account, undefined, here]) {
        const { reply: _, ...turn } = aTurn("c1");
        const queued = { ...turn, ...(reply && { reply }) };
        const { id } = await world.store.turns.enqueue(world.tenant, queued, COLLECT, world.now);
        expect((await world.store.turns.get(world.tenant, id))?.reply).toEqual(reply);
        ids.add(id);
      }
      expect(ids.size).toBe(8);
    });

    test("Q-5 AGT-3 collect: a named run has a turn of its own; nothing joins it and it joins nothing", async (world) => {
      await world.run("c1");
      const ids = new Set<string>();
      for (const run of [undefined, unique("run"), undefined, unique("run"), unique("run")]) {
        ids.add((await world.enqueue("c1", run === undefined ? {} : { run })).id);
      }
      expect(ids.size).toBe(5);
    });

    test("collect: does not join across a reset or other parameters", async (world) => {
      await world.run("c1");
      const first = await world.enqueue("c1");
      const other = await world.enqueue("c1", { overrides: { model: "big" } });
      expect(other.id).not.toBe(first.id);
      await world.store.sessions.reset(world.tenant, aSessionKey("c1"), world.now);
      const third = await world.enqueue("c1", { overrides: { model: "big" } });
      expect(third.id).not.toBe(other.id);
    });

    test("followup: every input is a turn of its own", async (world) => {
      const turns = [aTurn("c1"), aTurn("c1"), aTurn("c1")];
      for (const turn of turns) await world.store.turns.enqueue(world.tenant, turn, FOLLOWUP, world.now);
      const order: string[] = [];
      for (let [next] = await world.claimTurns(); next; [next] = await world.claimTurns()) {
        order.push(next.turn.id);
        await world.complete(next);
      }
      expect(order).toEqual(turns.map(({ id }) => id));
    });

    test("interrupt: names the running turn, and the next one waits for its end", async (world) => {
      const running = await world.run("c1");
      const first = await world.enqueue("c1", {}, INTERRUPT, "process-1");
      expect(first).toMatchObject({ stopping: [running.turn.id] });
      expect(first.claimed).toBeUndefined();
      const second = await world.enqueue("c1", {}, INTERRUPT);
      expect(second).toMatchObject({ id: first.id, stopping: [running.turn.id] });
      const { next } = await world.complete(running, { state: "aborted", next: claimAs() });
      expect(given(next).inputs).toHaveLength(2);
    });

    test("interrupt: stops nothing in a session that is at rest", async (world) => {
      expect((await world.enqueue("c1", {}, INTERRUPT, "process-1")).stopping).toEqual([]);
    });

    test("oc#127860 debounce rests on rows: due after the last input, at most so long after the first", async (world) => {
      const queue: QueueSettings = { mode: "collect", debounceMs: 1_000, debounceMaxMs: 2_500 };
      const start = world.now;
      const add = async () => {
        const turn = aTurn("c1");
        const { turns } = await world.apply({ type: "turn", turn, queue, claim: claimAs() });
        return given(turns[0]);
      };
      expect(await add()).toMatchObject({ joined: false, dueAt: start + 1_000 });
      world.now = start + 900;
      expect(await add()).toMatchObject({ joined: true, dueAt: start + 1_900 });
      world.now = start + 1_800;
      const third = await add();
      expect(third).toMatchObject({ joined: true, dueAt: start + 2_500 });
      expect(third.claimed).toBeUndefined();
      world.now = start + 2_499;
      expect(await world.claimTurns()).toEqual([]);
      world.now = start + 2_500;
      const [claimed] = await world.claimTurns();
      expect(given(claimed).inputs).toHaveLength(3);
    });

    test("Q-2 claims the most urgent session first", async (world) => {
      for (const priority of ["low", "normal", "critical", "high"] as const) {
        await world.enqueue(priority, { priority });
      }
      const claimed = await world.claimTurns(3);
      expect(claimed.map(({ turn }) => turn.priority)).toEqual(["critical", "high", "normal"]);
    });

    test("finds a turn by the caller's run", async (world) => {
      await world.run("c1");
      const run = unique("run");
      const { id } = await world.enqueue("c1", { run });
      expect(await world.store.turns.findByRun(world.tenant, run)).toMatchObject({ id, run });
      const unnamed = await world.enqueue("c2");
      expect(await world.store.turns.findByRun(world.tenant, unnamed.id)).toMatchObject({
        id: unnamed.id,
        run: unnamed.id,
      });
      expect(await world.store.turns.findByRun(world.tenant, "unknown")).toBeUndefined();
    });

    test("finds the newest turn of a run that came twice", async (world) => {
      const run = unique("run");
      await world.run("c1", { run });
      const second = await world.run("c2", { run });
      expect(await world.store.turns.findByRun(world.tenant, run)).toMatchObject({ id: second.turn.id });
    });

    test("stops one run of a session and leaves the others", async (world) => {
      const running = await world.run("c1", { run: "first" });
      const turns = ["second", "third"].map((run) => aTurn("c1", { run }));
      for (const turn of turns) await world.store.turns.enqueue(world.tenant, turn, FOLLOWUP, world.now);
      const stop = (run?: string) =>
        world.store.turns.stop(world.tenant, {
          session: aSessionKey("c1"),
          now: world.now,
          ...(run !== undefined && { run }),
        });
      const session = aSessionKey("c1");
      const cancelled = (index: number, run: string) => [
        { id: given(turns[index]).id, run, session, agent: "main", createdAt: world.now },
      ];
      expect(await stop("second")).toEqual({ cancelled: cancelled(0, "second"), running: [] });
      expect(await stop("first")).toEqual({ cancelled: [], running: [running.turn.id] });
      expect(await stop(turns[1]?.id)).toEqual({ cancelled: cancelled(1, "third"), running: [] });
      expect(await stop()).toEqual({ cancelled: [], running: [running.turn.id] });
    });

    test("lists turns by session and state, newest first", async (world) => {
      const done = await world.run("c1");
      await world.complete(done);
      const waiting = await world.enqueue("c1");
      await world.enqueue("c2");
      const list = async (filter: Parameters<typeof world.store.turns.list>[1]) =>
        (await world.store.turns.list(world.tenant, filter)).rows.map(({ id }) => id);
      expect(await list({ session: aSessionKey("c1") })).toEqual([waiting.id, done.turn.id]);
      expect(await list({ session: aSessionKey("c1"), states: ["done", "failed"] })).toEqual([done.turn.id]);
      expect(await list({ session: aSessionKey("nobody") })).toEqual([]);
    });
  });

  describe("running turns", () => {
    test("Q-5 runs one turn a session at a time, and sessions side by side", async (world) => {
      await world.enqueue("a");
      await world.enqueue("b");
      expect(await world.claimTurns()).toHaveLength(2);
      await world.enqueue("a", {}, FOLLOWUP);
      expect(await world.claimTurns(10, "process-2")).toEqual([]);
    });

    test("Q-6 ends a turn with its transcript and deliveries in one", async (world) => {
      const input: TurnInput = {
        messageId: message("5"),
        text: "and this?",
        quoted: "first line\nsecond line",
        sender: { id: "42" as never, displayName: "Ann" },
        attachments: [{ kind: "image", ref: { file: "f1" }, mimeType: "image/png", size: 10, width: 5 }],
        at: world.now - 5,
      };
      const running = await world.run("c1", { input });
      const deliveries = [aDelivery("c1"), aDelivery("c1")];
      world.now += 1_000;
      const result = await world.complete(running, {
        entries: [{ role: "assistant", text: "That.", at: world.now, thinking: "hm", extra: { tools: ["x"] } }],
        deliveries,
        usage: { model: "m1", inputTokens: 5, outputTokens: 2 },
        claimDeliveries: claimAs("process-2"),
      });
      expect(result.deliveries).toEqual(deliveries.map(({ id }) => id));
      expect(result.claimedDeliveries.map(({ delivery }) => delivery.id)).toEqual([deliveries[0]?.id]);
      expect(await world.store.turns.get(world.tenant, running.turn.id)).toMatchObject({
        state: "done",
        finishedAt: world.now,
        usage: { model: "m1", inputTokens: 5, outputTokens: 2 },
      });
      const { id: turn, sessionId } = running.turn;
      expect(await world.store.sessions.transcript(world.tenant, aSessionKey("c1"), { limit: 10 })).toEqual([
        {
          seq: 1,
          sessionId,
          turn,
          role: "user",
          sender: "Ann",
          text: "> first line\n> second line\n\nand this?",
          attachments: [{ kind: "image", ref: { file: "f1" }, mimeType: "image/png", size: 10 }],
          at: input.at,
        },
        {
          seq: 2,
          sessionId,
          turn,
          role: "assistant",
          text: "That.",
          thinking: "hm",
          extra: { tools: ["x"] },
          at: world.now,
        },
      ]);
      expect(await world.store.sessions.get(world.tenant, aSessionKey("c1"))).toMatchObject({
        entries: 2,
        preview: "That.",
        lastActiveAt: world.now,
      });
    });

    test("Q-6 changes nothing when a part of the end fails", async (world) => {
      const running = await world.run("c1");
      const known = aDelivery("c2");
      await world.post(known);
      const entries = [{ role: "assistant", text: "lost?", at: world.now } as const];
      await expect(world.complete(running, { entries, deliveries: [aDelivery(), known] })).rejects.toMatchObject(
        conflict,
      );
      expect(await world.store.turns.get(world.tenant, running.turn.id)).toMatchObject({ state: "running" });
      expect(await world.store.sessions.transcript(world.tenant, aSessionKey("c1"), { limit: 10 })).toEqual([]);
      await world.complete(running, { entries });
      expect(await world.store.sessions.transcript(world.tenant, aSessionKey("c1"), { limit: 10 })).toHaveLength(2);
    });

    test("Q-6 ends a turn once", async (world) => {
      const running = await world.run("c1");
      await world.complete(running);
      await expect(world.complete(running)).rejects.toMatchObject(lost);
      const next = await world.run("c1");
      await expect(
        world.store.turns.complete(next.lease, running.turn.id, {
          state: "done",
          entries: [],
          deliveries: [],
          now: world.now,
        }),
      ).rejects.toMatchObject(conflict);
      expect(await world.store.turns.get(world.tenant, next.turn.id)).toMatchObject({ state: "running" });
    });

    test("keeps the lane and claims the session's next turn", async (world) => {
      const running = await world.run("c1");
      const { id } = await world.enqueue("c1");
      const { next } = await world.complete(running, { next: claimAs("process-1") });
      expect(given(next)).toMatchObject({ turn: { id, state: "running", starts: 1 }, lease: { owner: "process-1" } });
      expect((await world.complete(given(next), { next: claimAs() })).next).toBeUndefined();
      expect(await world.claimTurns()).toEqual([]);
    });

    test("Q-3 gives a turn back: with an error as an attempt, without as if it had not started", async (world) => {
      const running = await world.run("c1");
      await world.enqueue("c1", {}, FOLLOWUP);
      const notBefore = world.now + 4_000;
      const { giveBack } = world.store.turns;
      await giveBack(running.lease, running.turn.id, { error: FAILURE, notBefore, now: world.now });
      expect(await world.claimTurns()).toEqual([]);
      expect(await world.store.upkeep.nextDueAt(world.now)).toBe(notBefore);
      world.now = notBefore;
      const again = given((await world.claimTurns())[0]);
      expect(again.turn).toMatchObject({ id: running.turn.id, attempts: 1, starts: 2, error: FAILURE });
      await giveBack(again.lease, again.turn.id, { notBefore: world.now, now: world.now });
      expect(await world.store.turns.get(world.tenant, again.turn.id)).toMatchObject({
        state: "queued",
        attempts: 1,
        starts: 1,
      });
      await expect(
        giveBack(again.lease, again.turn.id, { notBefore: world.now, now: world.now }),
      ).rejects.toMatchObject(lost);
    });

    test("TEN-6 a turn whose agent answers later waits for one answer, and goes on with it at once", async (world) => {
      const running = await world.run("c1");
      const { id } = running.turn;
      const { answerLater, giveBack } = world.store.turns;
      const until = world.now + 60_000;
      const answer = (text: string, token = "right") =>
        answerLater(world.tenant, id, { token, answer: text, now: world.now });
      expect(await answer("too early")).toBe("early");
      await giveBack(running.lease, id, { awaits: { until, token: "right" }, notBefore: until, now: world.now });
      expect(await world.store.turns.get(world.tenant, id)).toMatchObject({
        state: "queued",
        awaits: until,
        starts: 0,
      });
      const next = await world.enqueue("c1", {});
      expect(next.id).not.toBe(id);
      world.now += 1_000;
      expect(await world.claimTurns()).toEqual([]);
      expect(await answer("forged", "wrong")).toBe("unknown");
      expect(await answer("first")).toBe("taken");
      expect([await answer("first"), await answer("second"), await answer("first", "wrong")]).toEqual([
        "known",
        "conflict",
        "unknown",
      ]);
      const [again] = await world.claimTurns();
      expect(given(again).turn).toMatchObject({ id, lateAnswer: "first", awaits: until });
      await world.complete(given(again));
      expect([await answer("first"), await answer("second")]).toEqual(["known", "conflict"]);
      expect(given((await world.claimTurns())[0]).turn.id).toBe(next.id);
    });

    test("TEN-6 a turn whose agent never answers is due at the end of its time, and replayed it asks anew", async (world) => {
      const running = await world.run("c1");
      const until = world.now + 60_000;
      const awaits = { until, token: "right" };
      await world.store.turns.giveBack(running.lease, running.turn.id, { awaits, notBefore: until, now: world.now });
      expect(await world.claimTurns()).toEqual([]);
      world.now = until;
      const late = given((await world.claimTurns())[0]);
      expect(late.turn.lateAnswer).toBeUndefined();
      await world.complete(late, { state: "failed", error: FAILURE });
      const late_answer = { token: "right", answer: "at last", now: world.now };
      expect(await world.store.turns.answerLater(world.tenant, running.turn.id, late_answer)).toBe("conflict");
      const { rows } = await world.store.deadLetters.list(world.tenant, {});
      await world.store.deadLetters.replay(world.tenant, given(rows[0]).id, { now: world.now, ttlMs: DAY });
      expect(given((await world.claimTurns())[0]).turn.awaits).toBeUndefined();
    });

    test("TEN-6 nobody answers the turn of another tenant, or one that nobody knows", async (world) => {
      const running = await world.run("c1");
      const awaits = { until: world.now + 60_000, token: "right" };
      const { id } = running.turn;
      await world.store.turns.giveBack(running.lease, id, { awaits, notBefore: awaits.until, now: world.now });
      const input = { token: "right", answer: "x", now: world.now };
      expect(await world.store.turns.answerLater("other" as typeof world.tenant, id, input)).toBe("unknown");
      expect(await world.store.turns.answerLater(world.tenant, "nothing" as typeof id, input)).toBe("unknown");
    });

    test("Q-5 a turn that was asked to stop ends as stopped, whatever its run was about to write", async (world) => {
      const running = await world.run("c1");
      const { giveBack, stop } = world.store.turns;
      await stop(world.tenant, { session: aSessionKey("c1"), now: world.now });
      const delivery = aDelivery("c1");
      const entries = [{ role: "assistant", text: "too late", at: world.now } as const];
      const late = await world.complete(running, { entries, deliveries: [delivery], next: claimAs() });
      expect(late).toEqual({ deliveries: [], claimedDeliveries: [], stopRequested: true });
      const again = { error: FAILURE, notBefore: world.now, now: world.now };
      expect(await giveBack(running.lease, running.turn.id, again)).toBe(false);
      expect(await world.store.outbox.get(world.tenant, delivery.id)).toBeUndefined();
      await world.complete(running, { state: "aborted" });
      expect(await world.store.turns.get(world.tenant, running.turn.id)).toMatchObject({ state: "aborted" });
      expect(await world.claimTurns()).toEqual([]);
    });

    test("Q-5 a turn that a message interrupts ends as stopped", async (world) => {
      const running = await world.run("c1");
      await world.enqueue("c1", {}, INTERRUPT);
      expect(await world.complete(running)).toMatchObject({ stopRequested: true });
    });

    alone("Q-6 whoever takes over a turn that was asked to stop learns of it", async (world) => {
      await world.run("c1");
      await world.store.turns.stop(world.tenant, { session: aSessionKey("c1"), now: world.now });
      world.now += 60_001;
      await world.store.upkeep.breakLeases({ now: world.now });
      expect(given((await world.claimTurns(10, "process-2"))[0]).turn.stopRequested).toBe(true);
    });

    test("Q-3 an input that joins a turn which waits for its retry does not hurry it", async (world) => {
      const running = await world.run("c1");
      const notBefore = world.now + 4_000;
      await world.store.turns.giveBack(running.lease, running.turn.id, { error: FAILURE, notBefore, now: world.now });
      world.now += 10;
      const { claimed, id } = await world.enqueue("c1", {}, COLLECT, "process-1");
      expect([id, claimed]).toEqual([running.turn.id, undefined]);
      expect(await world.claimTurns()).toEqual([]);
      world.now = notBefore;
      expect(given((await world.claimTurns())[0]).inputs).toHaveLength(2);
    });

    alone("Q-6 a turn whose process died starts anew, and its starts are counted", async (world) => {
      const { turn } = await world.run("c1");
      for (let starts = 2; starts <= 4; starts += 1) {
        world.now += 60_001;
        expect(await world.store.upkeep.breakLeases({ now: world.now })).toBe(1);
        expect(await world.store.turns.get(world.tenant, turn.id)).toMatchObject({ state: "queued" });
        const again = given((await world.claimTurns(10, `process-${starts}`))[0]);
        expect(again.turn).toMatchObject({ id: turn.id, starts, attempts: 0, state: "running" });
      }
    });

    alone("Q-6 no end is written under a lease that was broken", async (world) => {
      const stale = await world.run("c1", {}, "process-1");
      world.now += 60_001;
      await world.store.upkeep.breakLeases({ now: world.now });
      const [fresh] = await world.claimTurns(10, "process-2");
      const delivery = aDelivery();
      const entries = [{ role: "assistant", text: "late", at: world.now } as const];
      await expect(world.complete(stale, { entries, deliveries: [delivery] })).rejects.toMatchObject(lost);
      expect(await world.store.outbox.get(world.tenant, delivery.id)).toBeUndefined();
      expect(await world.store.sessions.transcript(world.tenant, aSessionKey("c1"), { limit: 10 })).toEqual([]);
      await world.complete(given(fresh));
    });

    test("AGT-2 keeps the agent's state for the next turn of the same stretch", async (world) => {
      await world.complete(await world.run("c1"), { agentState: '{"step":1}' });
      const second = await world.run("c1");
      expect(second.agentState).toBe('{"step":1}');
      await world.complete(second);
      const third = await world.run("c1");
      expect(third.agentState).toBe('{"step":1}');
      await world.store.sessions.reset(world.tenant, aSessionKey("c1"), world.now);
      await world.complete(third, { agentState: '{"step":3}' });
      expect((await world.run("c1")).agentState).toBeUndefined();
    });

    test("Q-3 oc#102279 a turn that failed for good has a dead letter, and its question is in the transcript", async (world) => {
      const running = await world.run("c1", { input: { text: "help me", at: world.now } });
      await world.complete(running, { state: "failed", error: FAILURE });
      expect(await world.store.turns.get(world.tenant, running.turn.id)).toMatchObject({
        state: "failed",
        error: FAILURE,
      });
      expect(await world.deadLetters()).toEqual([
        {
          id: expect.stringMatching(/^dead_/),
          tenant: world.tenant,
          kind: "turn",
          subject: running.turn.id,
          channel: CHANNEL,
          account: ACCOUNT,
          error: FAILURE,
          createdAt: world.now,
          preview: "help me",
        },
      ]);
      const transcript = await world.store.sessions.transcript(world.tenant, aSessionKey("c1"), { limit: 5 });
      expect(transcript.map(({ text }) => text)).toEqual(["help me"]);
    });

    test("an aborted turn has no dead letter", async (world) => {
      const running = await world.run("c1");
      const entries = [{ role: "assistant", text: "As I was say", at: world.now, partial: true } as const];
      await world.complete(running, { state: "aborted", entries });
      expect(await world.deadLetters()).toEqual([]);
      const transcript = await world.store.sessions.transcript(world.tenant, aSessionKey("c1"), { limit: 5 });
      expect(transcript.at(-1)).toMatchObject({ partial: true });
    });
  });
}
