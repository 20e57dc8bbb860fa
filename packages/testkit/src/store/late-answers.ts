/** Turns whose agents answer later (TEN-6). */
import { describe, expect } from "vitest";
import { DAY } from "../factories.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, given } from "./world.ts";

export function lateAnswersContract({ test }: Suite): void {
  describe("turns that are answered later", () => {
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
      expect([await answer("first"), await answer("second")]).toEqual(["known", "conflict"]);
      await world.complete(given(again));
      expect([await answer("first"), await answer("second")]).toEqual(["conflict", "conflict"]);
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

    test("TEN-6 with a turn that ends, or is taken back, its answer and what proves it are forgotten", async (world) => {
      const { answerLater, get, giveBack, stop } = world.store.turns;
      const { tenant } = world;
      for (const end of ["done", "cancelled"] as const) {
        const { lease, turn } = await world.run(end);
        const awaits = { until: world.now + 60_000, token: "right" };
        await giveBack(lease, turn.id, { awaits, notBefore: awaits.until, now: world.now });
        const brought = { token: "right", answer: "walrus", now: world.now };
        expect(await answerLater(tenant, turn.id, brought)).toBe("taken");
        expect(await get(tenant, turn.id)).toMatchObject({ awaits: awaits.until, lateAnswer: "walrus" });
        if (end === "done") await world.complete(given((await world.claimTurns())[0]));
        else await stop(tenant, { session: turn.session, now: world.now });
        const ended = given(await get(tenant, turn.id));
        expect([ended.state, ended.awaits, ended.lateAnswer]).toEqual([end, undefined, undefined]);
        expect(await answerLater(tenant, turn.id, brought)).toBe("conflict");
      }
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
  });
}
