/** Leases, time and cleaning up: what the sweeper relies on. */
import { describe, expect } from "vitest";
import {
  ACCOUNT,
  aDelivery,
  aRawEvent,
  aSessionKey,
  aTurn,
  CHANNEL,
  COLLECT,
  claimAs,
  conversation,
  DAY,
  HOUR,
  message,
  unique,
} from "../factories.ts";
import { lost } from "./expectations.ts";
import type { Suite } from "./suite.ts";
import { given, World } from "./world.ts";

export function upkeepContract({ alone, test }: Suite): void {
  describe("a probe", () => {
    alone(
      "OPS-4 writes and reads, as often as asked, and changes nothing that anybody reads",
      async (world, opened) => {
        await world.enqueue("c1");
        const { probe, stats, nextDueAt, ready } = world.store.upkeep;
        const { size: _, ...before } = await stats(world.now, world.tenant);
        await expect(probe(world.now)).resolves.toBeUndefined();
        await Promise.all([probe(world.now), probe(world.now - HOUR), probe(world.now + HOUR)]);
        const { size: __, ...after } = await stats(world.now, world.tenant);
        expect(after).toEqual(before);
        const due = await Promise.all([ready(world.now), nextDueAt(world.now)]);
        const reopened = await opened.reopen();
        await expect(reopened.upkeep.probe(world.now)).resolves.toBeUndefined();
        expect(await Promise.all([reopened.upkeep.ready(world.now), reopened.upkeep.nextDueAt(world.now)])).toEqual(
          due,
        );
        await reopened.close();
        // One that is gone is no answer: health must not take it for one.
        await expect(reopened.upkeep.probe(world.now)).rejects.toMatchObject({ code: "SYS_001" });
      },
    );
  });

  describe("leases", () => {
    alone("Q-4 a renewed lease lives on; one that was lost is named", async (world) => {
      const kept = await world.receive("a");
      const broken = await world.receive("b");
      world.now += 50_000;
      const { breakLeases, renew } = world.store.upkeep;
      expect(await renew([kept.lease], { leaseMs: 60_000, now: world.now })).toEqual([]);
      world.now += 20_000;
      expect(await breakLeases({ now: world.now })).toBe(1);
      const leases = [kept.lease, broken.lease];
      expect(await renew(leases, { leaseMs: 60_000, now: world.now })).toEqual([broken.lease]);
      await world.settle(kept);
      await expect(world.settle(broken)).rejects.toMatchObject(lost);
      expect(await renew([kept.lease], { leaseMs: 60_000, now: world.now })).toEqual([kept.lease]);
    });

    alone("oc#127211 work that waits behind a long turn is not touched", async (world) => {
      const running = await world.run("c1");
      await world.enqueue("c1");
      for (let minute = 0; minute < 10; minute += 1) {
        world.now += 50_000;
        await world.store.upkeep.renew([running.lease], { leaseMs: 60_000, now: world.now });
        expect(await world.store.upkeep.breakLeases({ now: world.now })).toBe(0);
        await world.store.upkeep.tick(world.now);
      }
      expect((await world.complete(running, { next: claimAs() })).next).toBeDefined();
      expect(await world.deadLetters()).toEqual([]);
    });

    alone("Q-6 a new process takes over at once what an earlier one held", async (world, opened) => {
      const event = await world.receive("a", "process-1");
      const turn = await world.run("b", {}, "process-1");
      const delivery = await world.sending("c", {}, "process-1");
      const after = world.in(await opened.reopen());
      const own = await after.receive("d", "process-2");
      expect(await after.store.upkeep.breakLeases({ now: after.now, except: "process-2" })).toBe(3);
      expect((await after.claimEvents(10, "process-2")).map((each) => each.event.id)).toEqual([event.event.id]);
      expect((await after.claimTurns(10, "process-2")).map((each) => each.turn)).toMatchObject([
        { id: turn.turn.id, starts: 2 },
      ]);
      expect((await after.claimDeliveries(10, "process-2")).map((each) => each.delivery)).toMatchObject([
        { id: delivery.delivery.id, state: "unknown" },
      ]);
      await after.settle(own);
    });

    alone("a broken lease is noted in the trace of what it was for", async (world) => {
      const event = await world.receive("a", "process-1");
      const turn = await world.run("b", {}, "process-1");
      const delivery = await world.sending("c", {}, "process-1");
      world.now += 60_001;
      await world.store.upkeep.breakLeases({ now: world.now });
      const subjects = [event.event.id, turn.turn.id, delivery.delivery.id];
      const note = { at: world.now, step: "lease-broken", detail: { owner: "process-1" } };
      const notes = await world.store.traces.notes(world.tenant, subjects);
      expect(notes).toEqual(expect.arrayContaining(subjects.map((subject) => ({ subject, ...note }))));
    });

    alone("a process that ends in good order frees its lanes", async (world) => {
      await world.receive("a", "process-1");
      const { turn } = await world.run("b", {}, "process-1");
      const other = await world.receive("c", "process-2");
      await world.store.upkeep.releaseOwner("process-1", world.now);
      expect(await world.store.traces.notes(world.tenant, [turn.id])).toMatchObject([{ at: world.now }]);
      expect(await world.claimEvents(10, "process-3")).toHaveLength(1);
      expect(await world.claimTurns(10, "process-3")).toHaveLength(1);
      await world.settle(other);
    });

    alone("Q-4 no epoch is given out twice, also over restarts", async (world, opened) => {
      const known = aDelivery("known");
      await world.post(known);
      const epochs: number[] = [];
      let current = world;
      let last = await world.receive("last");
      for (let start = 0; start < 4; start += 1) {
        current = current.in(await opened.reopen());
        // A first call that claims, fails and is undone must not bring its numbers back.
        const effects = [
          { type: "deliver", deliveries: [aDelivery(unique("y"))], claim: claimAs() } as const,
          { type: "deliver", deliveries: [known] } as const,
        ];
        await expect(current.settle(last, { effects })).rejects.toMatchObject({ code: "REQ_004" });
        await current.settle(last);
        for (let round = 0; round < 20; round += 1) {
          const { claimed } = await current.ingest([aRawEvent("a"), aRawEvent("b")], "p");
          const turn = await current.run("a");
          epochs.push(...[...claimed, turn].map(({ lease }) => lease.epoch));
          for (const each of claimed) await current.settle(each);
          await current.complete(turn);
        }
        last = await current.receive("last");
        epochs.push(last.lease.epoch);
      }
      expect(new Set(epochs).size).toBe(epochs.length);
    });
  });

  describe("upkeep", () => {
    alone("says where work is ready, and when the next becomes due", async (world) => {
      const { nextDueAt, ready } = world.store.upkeep;
      expect(await ready(world.now)).toEqual([]);
      expect(await nextDueAt(world.now)).toBeUndefined();
      await world.ingest([aRawEvent("a"), aRawEvent("b"), aRawEvent("b")]);
      const queue = { ...COLLECT, debounceMs: 700 };
      await world.store.turns.enqueue(world.tenant, aTurn("a"), queue, world.now);
      await world.post(aDelivery("a", { dueAt: world.now + 300 }), aDelivery("b"));
      await world.sending("c");
      const place = { tenant: world.tenant, channel: CHANNEL, account: ACCOUNT };
      const line = (kind: string, lanes: number) => ({ ...place, kind, lanes });
      expect(await ready(world.now)).toEqual(expect.arrayContaining([line("inbox", 2), line("delivery", 1)]));
      expect(await ready(world.now)).toHaveLength(2);
      expect(await nextDueAt(world.now)).toBe(world.now + 300);
      world.now += 300;
      expect(await world.store.upkeep.tick(world.now)).toEqual({ promoted: 1, expired: 0 });
      expect(await nextDueAt(world.now)).toBe(world.now + 400);
      world.now += 400;
      expect(await ready(world.now)).toEqual(
        expect.arrayContaining([line("inbox", 2), line("delivery", 2), line("turn", 1)]),
      );
      expect(await nextDueAt(world.now)).toBeUndefined();
    });

    alone("Q-2 oc#39138 buries what waited too long, wherever it stands in its lane", async (world) => {
      const late = aTurn("a", { expiresAt: world.now + HOUR });
      await world.store.turns.enqueue(world.tenant, late, COLLECT, world.now);
      const sending = await world.sending("b", { expiresAt: world.now + HOUR });
      const deliveries = [3 * HOUR, HOUR].map((ms) => aDelivery("b", { expiresAt: world.now + ms }));
      const scheduled = aDelivery("b", { dueAt: world.now + HOUR, expiresAt: world.now + HOUR });
      await world.post(...deliveries, scheduled);
      world.now += HOUR - 1;
      expect(await world.store.upkeep.tick(world.now)).toEqual({ promoted: 0, expired: 0 });
      world.now += 1;
      expect(await world.store.upkeep.tick(world.now)).toEqual({ promoted: 0, expired: 2 });
      expect(await world.store.upkeep.tick(world.now)).toEqual({ promoted: 0, expired: 0 });
      const gone = [deliveries[1], scheduled].map((each) => given(each).id);
      const letters = await world.deadLetters();
      expect(letters.map(({ subject }) => subject).sort()).toEqual([...gone].sort());
      expect(letters.every(({ error }) => error.code === "MSG_006" && !error.retryable)).toBe(true);
      // What is in work goes on, and what is left follows.
      await world.sent(sending);
      expect((await world.claimDeliveries()).map(({ delivery }) => delivery.id)).toEqual([deliveries[0]?.id]);
      // The engine tells the person before a turn is buried.
      expect((await world.claimTurns()).map(({ turn }) => turn.id)).toEqual([late.id]);
    });

    alone("counts what waits, for metrics and health", async (world) => {
      const empty = await world.store.upkeep.stats(world.now);
      const nothing = { depth: 0, oldestAgeMs: 0 };
      expect(empty).toMatchObject({
        queues: { inbox: nothing, turn: nothing, delivery: nothing },
        scheduled: 0,
        unknown: 0,
        deadLetters: 0,
        sessions: 0,
      });
      expect(empty.size).toBeGreaterThan(0);
      await world.ingest([aRawEvent("a"), aRawEvent("a")]);
      world.now += 1_000;
      await world.ingest([aRawEvent("b")]);
      await world.enqueue("a");
      await world.post(aDelivery("a", { dueAt: world.now + HOUR }), aDelivery("b"), aDelivery("b"));
      await world.unanswered(await world.sending("c"));
      await world.refused(await world.sending("d"));
      world.now += 500;
      expect(await world.store.upkeep.stats(world.now)).toMatchObject({
        queues: {
          inbox: { depth: 3, oldestAgeMs: 1_500 },
          turn: { depth: 1, oldestAgeMs: 500 },
          delivery: { depth: 3, oldestAgeMs: 500 },
        },
        scheduled: 1,
        unknown: 1,
        deadLetters: 1,
        sessions: 1,
      });
    });

    alone("TEN-2 OPS-4 counts for one tenant what is its own", async (world) => {
      const other = new World(world.store, "other" as typeof world.tenant);
      await other.ingest([aRawEvent("a")]);
      await other.enqueue("a");
      await other.post(aDelivery("a", { dueAt: other.now + HOUR }), aDelivery("b"));
      await other.unanswered(await other.sending("c"));
      await other.refused(await other.sending("d"));
      const nothing = { depth: 0, oldestAgeMs: 0 };
      expect(await world.store.upkeep.stats(world.now, world.tenant)).toMatchObject({
        queues: { inbox: nothing, turn: nothing, delivery: nothing },
        scheduled: 0,
        unknown: 0,
        deadLetters: 0,
        sessions: 0,
      });
      const { size: _, ...theirs } = await world.store.upkeep.stats(world.now, other.tenant);
      expect(await world.store.upkeep.stats(world.now)).toMatchObject(theirs);
      expect(theirs).toMatchObject({ scheduled: 1, unknown: 1, deadLetters: 1, sessions: 1 });
    });

    alone("deletes what was settled long ago and nothing else, a bounded number a call", async (world) => {
      const settledBefore = world.now + HOUR;
      const old = aRawEvent("a");
      const { claimed } = await world.ingest([old], "p");
      await world.settle(given(claimed[0]));
      const dead = await world.receive("dead");
      await world.settle(dead, { state: "dead" });
      const discarded = await world.receive("discarded");
      await world.settle(discarded, { state: "dead" });
      const letters = await world.deadLetters();
      const letter = given(letters.find(({ subject }) => subject === discarded.event.id));
      await world.store.deadLetters.discard(world.tenant, letter.id, world.now);
      const waiting = await world.ingest([aRawEvent("waiting")]);
      const done = await world.run("a", { run: unique("run") });
      await world.complete(done, { entries: [{ role: "assistant", text: "old", at: world.now }] });
      const failed = await world.run("b");
      await world.complete(failed, { state: "failed" });
      const queued = await world.enqueue("c");
      const sending = await world.sending("a");
      await world.sent(sending, "m1");
      const refused = await world.sending("b");
      await world.refused(refused);
      const open = aDelivery("c");
      await world.post(open);
      await world.store.traces.note(world.tenant, [{ subject: done.turn.id, at: world.now, step: "old" }]);
      const audit = { at: world.now, actor: "system", action: "a.b", subject: "s", outcome: "ok" } as const;
      await world.store.audit.append(world.tenant, audit);
      await world.store.audit.seal(world.tenant, { position: 1, hash: "h", at: world.now, mac: "m" });

      world.now += 2 * HOUR;
      const recent = await world.receive("recent");
      await world.settle(recent);
      const { prune } = world.store.upkeep;
      const cutoffs = { settledBefore, transcriptsBefore: 0, auditBefore: 0, usageBefore: 0 };
      expect(await prune({ ...cutoffs, settledBefore: 0 })).toBe(0);
      expect(await prune(cutoffs)).toBeGreaterThan(0);
      while ((await prune(cutoffs)) > 0);

      const { inbox, outbox, turns } = world.store;
      const there = async (ids: readonly string[], get: (id: never) => Promise<unknown>) =>
        (await Promise.all(ids.map((id) => get(id as never)))).map((row) => row !== undefined);
      const events = [
        given(claimed[0]).event.id,
        dead.event.id,
        discarded.event.id,
        given(waiting.results[0]).id,
        recent.event.id,
      ];
      expect(await there(events, (id) => inbox.get(world.tenant, id))).toEqual([false, true, false, true, true]);
      const runs = [done.turn.id, failed.turn.id, queued.id];
      expect(await there(runs, (id) => turns.get(world.tenant, id))).toEqual([false, true, true]);
      expect(await turns.findByRun(world.tenant, done.turn.run)).toBeUndefined();
      const sends = [sending.delivery.id, refused.delivery.id, open.id];
      expect(await there(sends, (id) => outbox.get(world.tenant, id))).toEqual([false, true, true]);
      expect(await world.store.traces.notes(world.tenant, [done.turn.id])).toEqual([]);
      const { rows } = await world.store.deadLetters.list(world.tenant, { resolved: true });
      expect(rows.map(({ subject }) => subject)).toEqual([refused.delivery.id, failed.turn.id, dead.event.id]);

      // What people said, what the gateway did and which message is whose have times of their own.
      const where = { channel: CHANNEL, account: ACCOUNT, conversation: conversation("a"), messageId: message("m1") };
      const said = () => world.store.sessions.transcript(world.tenant, aSessionKey("a"), { limit: 5 });
      expect(await said()).toHaveLength(2);
      expect(await outbox.sentMessage(world.tenant, where)).toBeDefined();
      expect((await world.store.audit.list(world.tenant, {})).rows).toHaveLength(1);
      while (
        (await prune({ settledBefore, transcriptsBefore: settledBefore, auditBefore: settledBefore, usageBefore: 0 })) >
        0
      );
      expect(await said()).toEqual([]);
      expect(await world.store.sessions.get(world.tenant, aSessionKey("a"))).toMatchObject({ entries: 0 });
      expect(await outbox.sentMessage(world.tenant, where)).toBeUndefined();
      expect((await world.store.audit.list(world.tenant, {})).rows).toEqual([]);
      expect((await world.ingest([old])).results[0]?.duplicate).toBe(false);
    });

    alone("AGT-2 forgets a session with its preferences when nothing of it is left, and no other", async (world) => {
      const { deadLetters, sessions, upkeep } = world.store;
      const ids = ["over", "failed", "waiting", "said", "late"] as const;
      const there = async () => {
        const found = await Promise.all(ids.map((id) => sessions.get(world.tenant, aSessionKey(id))));
        return ids.filter((_, index) => found[index]);
      };
      for (const id of ids) await sessions.setPreference(world.tenant, aSessionKey(id), "model", "big");
      await world.complete(await world.run("over"));
      await world.complete(await world.run("failed"), { state: "failed" });
      world.now += 1;
      await world.enqueue("waiting");
      await world.complete(await world.run("said"));
      world.now += DAY;
      const settledBefore = world.now;
      await sessions.append(world.tenant, aSessionKey("said"), { role: "note", text: "later", at: world.now });
      await world.complete(await world.run("late"));
      const prune = async () => {
        while (
          (await upkeep.prune({ settledBefore, transcriptsBefore: settledBefore, auditBefore: 0, usageBefore: 0 })) > 0
        );
        return there();
      };
      // The oldest turn that waits holds back what is younger; the sessions before it can go.
      expect(await prune()).toEqual(["failed", "waiting", "said", "late"]);
      expect(await sessions.preferences(world.tenant, aSessionKey("over"))).toEqual({});
      expect(await sessions.preferences(world.tenant, aSessionKey("failed"))).toEqual({ model: "big" });
      const letter = given((await world.deadLetters())[0]);
      await deadLetters.discard(world.tenant, letter.id, world.now - 1);
      expect(await prune()).toEqual(["waiting", "said", "late"]);
    });

    alone("MSG-6 names the files that unfinished work still needs, however it keeps them", async (world) => {
      const blob = (digit: string) => digit.repeat(64);
      const part = (digit: string) => ({
        payload: { deep: [{ blob: blob(digit) }] },
        preview: "file",
        editable: false,
      });
      await world.sent(await world.sending("sent", { part: part("a") }));
      await world.post(aDelivery("later", { part: part("b"), dueAt: world.now + 100 * DAY }));
      await world.post(aDelivery("queued", { part: part("c") }));
      await world.refused(await world.sending("dead", { part: part("d") }));
      await world.settle(await world.receive("inbox", "p", { payload: { blob: blob("e") } }), { state: "dead" });
      await world.ingest([aRawEvent("new", { payload: { blob: blob("f") } })]);
      const attachments = [{ kind: "image", ref: { blob: blob("1") } }] as const;
      await world.enqueue("turn", { input: { text: "", at: world.now, attachments } });
      await world.complete(await world.run("over", { input: { text: blob("2"), at: world.now } }));
      const needed = ["b", "c", "d", "e", "f", "1"].map(blob);
      expect([...(await world.store.upkeep.blobsInUse(world.now + 1))].sort()).toEqual(needed.sort());
      expect(await world.store.upkeep.blobsInUse(world.now)).toEqual([]);
    });

    alone("Q-4 knows an update and a confirmation for as long as it must", async (world) => {
      const raw = aRawEvent("a");
      const { claimed } = await world.ingest([raw], "p");
      const idempotencyKey = unique("key");
      const post = () =>
        world.store.outbox.enqueue(world.tenant, { deliveries: [aDelivery()], idempotencyKey, now: world.now });
      await post();
      world.now += 13 * DAY;
      await world.settle(given(claimed[0]));
      world.now += 2 * DAY;
      const cutoffs = { settledBefore: world.now - 14 * DAY, transcriptsBefore: 0, auditBefore: 0, usageBefore: 0 };
      while ((await world.store.upkeep.prune(cutoffs)) > 0);
      expect((await world.ingest([raw])).results[0]?.duplicate).toBe(true);
      const recent = { deliveries: [aDelivery()], idempotencyKey: unique("key"), now: world.now };
      await world.store.outbox.enqueue(world.tenant, recent);
      while ((await world.store.upkeep.prune({ ...cutoffs, settledBefore: world.now + 1 })) > 0);
      expect((await world.store.outbox.enqueue(world.tenant, recent)).existing).toBe(true);
      expect((await post()).existing).toBe(false);
    });

    test("nothing is lost in a call that asks for nothing", async (world) => {
      const { inbox, outbox, traces, upkeep } = world.store;
      const place = { channel: CHANNEL, account: ACCOUNT };
      expect(await inbox.ingest(world.tenant, { ...place, events: [], now: world.now, ttlMs: 1 })).toEqual({
        results: [],
        claimed: [],
      });
      expect(await outbox.enqueue(world.tenant, { deliveries: [], now: world.now })).toEqual({
        ids: [],
        existing: false,
        claimed: [],
      });
      expect(await upkeep.renew([], { leaseMs: 1, now: world.now })).toEqual([]);
      await traces.note(world.tenant, []);
      expect(await traces.notes(world.tenant, [])).toEqual([]);
    });
  });
}
