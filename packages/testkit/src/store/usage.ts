/** Records and counters of what was used: written with the facts, once. */
import { type DayCounts, dayOf } from "@switchboard/core/ports";
import { describe, expect } from "vitest";
import { ACCOUNT, aDelivery, CHANNEL, claimAs, DAY, message } from "../factories.ts";
import { lost } from "./expectations.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, given, type World } from "./world.ts";

const USAGE = {
  provider: "openai",
  model: "big",
  inputTokens: 100,
  outputTokens: 20,
  cachedTokens: 40,
  reasoningTokens: 5,
};

async function recordsOf({ now, store, tenant }: World) {
  return (await store.usage.records(tenant, { from: now - 10 * DAY, to: now + 10 * DAY })).rows;
}

async function countsOf({ now, store, tenant }: World): Promise<DayCounts | undefined> {
  const [counts, ...others] = await store.usage.days(tenant, { from: dayOf(now), to: dayOf(now) + 1 });
  expect(others).toEqual([]);
  return counts;
}

export function usageContract({ alone, test }: Suite): void {
  describe("usage", () => {
    test("TEN-7 a turn that ends leaves exactly one record, with what it used and took", async (world) => {
      const running = await world.run("c1");
      world.now += 1_500;
      await world.complete(running, { usage: USAGE, costNanos: 12_345 });
      const expected = {
        turn: running.turn.id,
        at: world.now,
        channel: CHANNEL,
        account: ACCOUNT,
        session: running.turn.session,
        agent: "main",
        outcome: "done",
        tries: 1,
        durationMs: 1_500,
        ...USAGE,
        costNanos: 12_345,
      };
      expect(await recordsOf(world)).toEqual([{ ...expected, seq: expect.any(Number) }]);
      // The same end once more is refused, and so is one under a lease that was lost.
      await expect(world.complete(running, { usage: USAGE })).rejects.toThrow();
      expect(await recordsOf(world)).toHaveLength(1);
      expect(await countsOf(world)).toMatchObject({ runs: 1, inputTokens: 100, outputTokens: 20 });
    });

    test("TEN-7 a failed try that used something is recorded and marked; one that used nothing is not", async (world) => {
      const first = await world.run("c1");
      const again = { error: FAILURE, notBefore: world.now, now: world.now };
      await world.store.turns.giveBack(first.lease, first.turn.id, { ...again, usage: USAGE, costNanos: 7 });
      const second = given((await world.claimTurns())[0]);
      await world.store.turns.giveBack(second.lease, second.turn.id, again);
      const third = given((await world.claimTurns())[0]);
      await world.complete(third, { state: "failed", error: FAILURE });
      expect((await recordsOf(world)).map(({ costNanos, outcome, tries }) => [outcome, tries, costNanos])).toEqual([
        ["retried", 1, 7],
        ["failed", 3, undefined],
      ]);
      expect(await countsOf(world)).toMatchObject({ runs: 1, inputTokens: 100, outputTokens: 20 });
    });

    alone("TEN-7 Q-6 a try whose process died is not recorded; the one that took over is, once", async (world) => {
      const dead = await world.run("c1");
      world.now += 2 * DAY;
      await world.store.upkeep.breakLeases({ now: world.now });
      await expect(world.complete(dead, { usage: USAGE })).rejects.toMatchObject(lost);
      const taken = given((await world.claimTurns(10, "process-2"))[0]);
      await world.complete(taken, { usage: USAGE });
      expect((await recordsOf(world)).map(({ outcome, tries }) => [outcome, tries])).toEqual([["done", 2]]);
    });

    test("TEN-7 messages are counted with what is decided about them, not when they come", async (world) => {
      const counts = { messagesIn: 1, mediaIn: 500 };
      const event = await world.receive("c1");
      await world.settle(event, { state: "retry", counts, notBefore: world.now });
      expect(await countsOf(world)).toBeUndefined();
      const again = given((await world.claimEvents())[0]);
      await world.settle(again, { state: "dead", counts: {} });
      const [letter] = await world.deadLetters();
      await world.store.deadLetters.replay(world.tenant, given(letter).id, { now: world.now, ttlMs: DAY });
      await world.settle(given((await world.claimEvents())[0]), { state: "handled", counts });
      expect(await countsOf(world)).toMatchObject({ messagesIn: 1, mediaIn: 500, messagesOut: 0 });
      await expect(world.settle(again, { counts })).rejects.toThrow();
      expect(await countsOf(world)).toMatchObject({ messagesIn: 1, mediaIn: 500 });
    });

    test("TEN-7 a sent message counts once however often it was tried; an edit is none", async (world) => {
      const sending = await world.sending("c1", { mediaBytes: 900 });
      await world.unanswered(sending);
      const again = given((await world.claimDeliveries())[0]);
      await world.sent(again, "m1");
      await world.sent(await world.sending("c1", { edits: message("m1") }));
      await world.refused(await world.sending("c1"));
      expect(await countsOf(world)).toMatchObject({ messagesOut: 1, mediaOut: 900 });
    });

    test("TEN-7 days are those of UTC, and each has its own counters", async (world) => {
      const midnight = (dayOf(world.now) + 1) * DAY;
      for (const at of [midnight - 1, midnight, midnight + 1]) {
        world.now = at;
        await world.settle(await world.receive("c1"), { counts: { messagesIn: 1 } });
      }
      const span = { from: dayOf(midnight) - 1, to: dayOf(midnight) + 1 };
      const days = await world.store.usage.days(world.tenant, span);
      expect(days.map(({ day, messagesIn }) => [day, messagesIn])).toEqual([
        [dayOf(midnight) - 1, 1],
        [dayOf(midnight), 2],
      ]);
      expect(await world.store.usage.days(world.tenant, { ...span, to: dayOf(midnight) })).toHaveLength(1);
    });

    test("TEN-7 adds up by day, account, agent, session and model; what has no price is counted", async (world) => {
      const end = async (id: string, model?: string, costNanos?: number) => {
        const usage = model === undefined ? undefined : { ...USAGE, model };
        const claimed = await world.run(id);
        await world.complete(claimed, { ...(usage && { usage }), ...(costNanos !== undefined && { costNanos }) });
      };
      await end("c1", "big", 3);
      await end("c1", "small");
      await end("c2");
      world.now += DAY;
      await end("c2", "big", 4);
      const sums = (by: "day" | "account" | "agent" | "session" | "model", from = 0) =>
        world.store.usage.sums(world.tenant, { by, from, to: world.now + 1 });
      const brief = (rows: Awaited<ReturnType<typeof sums>>) =>
        rows.map(({ costNanos, key, runs, unpriced }) => [key, runs, costNanos, unpriced]);
      expect(brief(await sums("model"))).toEqual([
        ["", 1, 0, 0],
        ["big", 2, 7, 0],
        ["small", 1, 0, 1],
      ]);
      expect(brief(await sums("agent"))).toEqual([["main", 4, 7, 1]]);
      expect(brief(await sums("account"))).toEqual([[`${CHANNEL}:${ACCOUNT}`, 4, 7, 1]]);
      expect((await sums("session")).map(({ inputTokens }) => inputTokens)).toEqual([200, 100]);
      const date = (at: number) => new Date(at).toISOString().slice(0, 10);
      expect(brief(await sums("day"))).toEqual([
        [date(world.now - DAY), 3, 3, 1],
        [date(world.now), 1, 4, 0],
      ]);
      expect(brief(await sums("day", world.now))).toEqual([[date(world.now), 1, 4, 0]]);
    });

    test("TEN-7 lists records oldest first, page by page", async (world) => {
      const turns: string[] = [];
      for (let count = 0; count < 5; count += 1) {
        const claimed = await world.run("c1");
        turns.push(claimed.turn.id);
        await world.complete(claimed);
      }
      const seen: string[] = [];
      const span = { from: world.now, to: world.now + 1, limit: 2 };
      for (let cursor: string | undefined; ; ) {
        const page = await world.store.usage.records(world.tenant, { ...span, ...(cursor && { cursor }) });
        seen.push(...page.rows.map(({ turn }) => turn));
        ({ cursor } = page);
        if (cursor === undefined) break;
      }
      expect(seen).toEqual(turns);
      await expect(world.store.usage.records(world.tenant, { ...span, cursor: "x" })).rejects.toMatchObject({
        code: "REQ_001",
      });
    });

    test("TEN-7 what is beyond a hard limit is refused with nothing changed, and can be settled otherwise", async (world) => {
      const quota = {
        limit: "messagesPerDay",
        counters: ["messagesIn"],
        window: "day",
        since: dayOf(world.now),
      } as const;
      const within = [{ ...quota, hard: true, most: 2, adds: 1 }];
      const counts = { messagesIn: 1 };
      for (let count = 0; count < 2; count += 1) {
        const taken = await world.settle(await world.receive("c1"), { within, counts });
        expect([taken.refused, taken.beyond]).toEqual([undefined, []]);
      }
      const event = await world.receive("c1");
      const effects = [{ type: "deliver", deliveries: [aDelivery("c1")] }] as const;
      const refused = await world.settle(event, { within, counts, effects });
      expect(refused).toMatchObject({ refused: { limit: "messagesPerDay", most: 2 }, claimedDeliveries: [] });
      expect((await world.store.outbox.list(world.tenant, {})).rows).toEqual([]);
      expect(await world.store.inbox.get(world.tenant, event.event.id)).toMatchObject({ state: "new" });
      await world.settle(event, { state: "dead" });
      expect(await countsOf(world)).toMatchObject({ messagesIn: 2 });
      // Another day has room again; a month counts from its first day.
      world.now += DAY;
      const today = [{ ...quota, since: dayOf(world.now), hard: true, most: 2, adds: 1 }];
      const month = [{ ...quota, window: "month", hard: true, most: 2, adds: 1 }] as const;
      const next = await world.receive("c1");
      expect((await world.settle(next, { within: month, counts })).refused).toBeDefined();
      expect((await world.settle(next, { within: today, counts })).refused).toBeUndefined();
    });

    test("TEN-7 a soft limit lets everything pass and says that it is beyond", async (world) => {
      const quota = { limit: "runsPerDay", counters: ["runs"], window: "day", since: dayOf(world.now) } as const;
      const within = [{ ...quota, hard: false, most: 0, adds: 1 }];
      const taken = await world.settle(await world.receive("c1"), { within, counts: { messagesIn: 1 } });
      expect(taken).toMatchObject({ beyond: [{ limit: "runsPerDay" }] });
      expect(await countsOf(world)).toMatchObject({ messagesIn: 1 });
    });

    test("TEN-7 keeps a tenant's own limits, audits their change, and notes a thing once a day", async (world) => {
      const { audit, usage } = world.store;
      const action = "limits.changed";
      const entry = { at: world.now, actor: "operator:1", action, subject: "limits", outcome: "ok" } as const;
      expect(await usage.limits(world.tenant)).toBeUndefined();
      await usage.setLimits(world.tenant, { runsPerDay: { hard: 3 } }, entry);
      expect(await usage.limits(world.tenant)).toEqual({ runsPerDay: { hard: 3 } });
      await usage.setLimits(world.tenant, null, entry);
      expect(await usage.limits(world.tenant)).toBeUndefined();
      expect((await audit.list(world.tenant, { action })).rows).toHaveLength(2);
      expect(await usage.noteFirst(world.tenant, "a", 1)).toBe(true);
      expect(await usage.noteFirst(world.tenant, "a", 1)).toBe(false);
      expect(await usage.noteFirst(world.tenant, "a", 2)).toBe(true);
      expect(await usage.noteFirst(world.tenant, "b", 1)).toBe(true);
    });

    test("TEN-7 a tenant gets no more accounts of its own than it may have, and keeps those it has", async (world) => {
      const { accounts } = world.store;
      const put = (account: string, source: "store" | "config" = "store") => {
        const ref = { tenant: world.tenant, channel: CHANNEL, account: account as never };
        const most = source === "store" ? 1 : undefined;
        return accounts.put(
          { ...ref, source, enabled: true, config: {}, settings: {} },
          world.now,
          most === undefined ? {} : { most },
        );
      };
      await put("configured", "config");
      await put("first");
      await put("first");
      await expect(put("second")).rejects.toMatchObject({ code: "SEC_010" });
      expect(await accounts.list(world.tenant)).toHaveLength(2);
    });

    alone(
      "TEN-7 keeps records and counters longer than the turns, and forgets them after their time",
      async (world) => {
        await world.complete(await world.run("c1"), {
          usage: USAGE,
          deliveries: [aDelivery()],
          claimDeliveries: claimAs(),
        });
        const later = world.now + DAY;
        const cutoffs = { settledBefore: later, transcriptsBefore: later, auditBefore: later };
        while ((await world.store.upkeep.prune({ ...cutoffs, usageBefore: 0 })) > 0);
        expect(await recordsOf(world)).toHaveLength(1);
        expect(await countsOf(world)).toBeDefined();
        while ((await world.store.upkeep.prune({ ...cutoffs, usageBefore: later })) > 0);
        expect(await recordsOf(world)).toEqual([]);
        expect(await countsOf(world)).toBeUndefined();
      },
    );
  });
}
