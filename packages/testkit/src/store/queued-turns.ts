/** Turns that wait: queued, joined, delayed, found, taken back. */
import type { QueueSettings, TurnInput } from "@switchboard/core/ports";
import { describe, expect } from "vitest";
import {
  ACCOUNT,
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
import type { Suite } from "./suite.ts";
import { given } from "./world.ts";

export function queuedTurnsContract({ test }: Suite): void {
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
}
