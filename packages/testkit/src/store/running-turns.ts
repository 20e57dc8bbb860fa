/** Turns that run: claimed, given back, asked to stop, ended. */
import type { TurnInput } from "@switchboard/core/ports";
import { describe, expect } from "vitest";
import {
  ACCOUNT,
  aDelivery,
  aSessionKey,
  CHANNEL,
  COLLECT,
  claimAs,
  FOLLOWUP,
  INTERRUPT,
  message,
} from "../factories.ts";
import { conflict, lost } from "./expectations.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, given } from "./world.ts";

export function runningTurnsContract({ alone, test }: Suite): void {
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
