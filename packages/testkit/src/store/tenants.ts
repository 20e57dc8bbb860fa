/** Two tenants with the same ids for everything see nothing of each other. */
import type { AccountRef, TenantId } from "@switchboard/domain";
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
} from "../factories.ts";
import { lost } from "./expectations.ts";
import type { Suite } from "./suite.ts";
import { given, World } from "./world.ts";

export function tenantsContract({ alone }: Suite): void {
  describe("tenants", () => {
    alone("TEN-2 with identical ids share nothing", async ({ store }) => {
      const raw = aRawEvent("c1", { payload: "shared" });
      const turn = aTurn("c1", { run: "run", input: { text: "hello", messageId: message("1"), at: 1 } });
      const [delivery, scheduled] = [aDelivery("c1", { turn: turn.id }), aDelivery("c1")];
      const worlds = ["one", "two"].map((tenant) => new World(store, tenant as TenantId));
      const [one, two] = worlds;
      if (!one || !two) throw new Error("two tenants are needed");

      for (const world of worlds) {
        const ref: AccountRef = { tenant: world.tenant, channel: CHANNEL, account: ACCOUNT };
        const account = { ...ref, source: "store", enabled: true, config: { of: world.tenant }, settings: {} } as const;
        await store.accounts.put(account, world.now);
        await store.accounts.memorySet(ref, "k", world.tenant);
        const grant = { channel: CHANNEL, account: ACCOUNT, authority: "dm", subject: world.tenant } as const;
        await store.accounts.grant(world.tenant, { ...grant, grantedAt: world.now, grantedBy: "x" });
        await store.sessions.setPreference(world.tenant, aSessionKey("c1"), "who", world.tenant);
        await store.traces.note(world.tenant, [{ subject: turn.id, at: 1, step: world.tenant }]);
        const entry = { at: 1, actor: "system", action: world.tenant, subject: "s", outcome: "ok" } as const;
        await store.audit.append(world.tenant, entry);
        const { claimed, results } = await world.ingest([raw], `process-${world.tenant}`);
        expect(results[0]?.duplicate).toBe(false);
        const input = { ...turn.input, event: given(results[0]).id };
        const claim = claimAs(`process-${world.tenant}`);
        const effects = [{ type: "turn", turn: { ...turn, input }, queue: COLLECT, claim } as const];
        const settled = await world.settle(given(claimed[0]), { state: "admitted", effects });
        const running = given(settled.turns[0]?.claimed);
        expect(running.preferences).toEqual({ who: world.tenant });
        const controlValues = { token: world.tenant };
        const later = { ...scheduled, dueAt: world.now + HOUR };
        const { claimedDeliveries } = await world.complete(running, {
          entries: [{ role: "assistant", text: `from ${world.tenant}`, at: world.now }],
          deliveries: [{ ...delivery, controlValues }, later],
          agentState: `"${world.tenant}"`,
          claimDeliveries: claimAs(`process-${world.tenant}`),
        });
        await world.sent(given(claimedDeliveries[0]), `m-${world.tenant}`);
      }

      for (const world of worlds) {
        const { tenant } = world;
        const other = world === one ? two.tenant : one.tenant;
        const ref: AccountRef = { tenant, channel: CHANNEL, account: ACCOUNT };
        expect(await store.accounts.list(tenant)).toMatchObject([{ config: { of: tenant } }]);
        expect(await store.accounts.memoryGet(ref, "k", world.now)).toBe(tenant);
        expect((await store.accounts.grants(ref)).map(({ subject }) => subject)).toEqual([tenant]);
        expect(await store.traces.notes(tenant, [turn.id])).toMatchObject([{ step: tenant }]);
        expect((await store.audit.list(tenant, {})).rows.map(({ action }) => action)).toEqual([tenant]);
        expect((await store.inbox.list(tenant, {})).rows).toMatchObject([{ tenant, turn: turn.id }]);
        expect((await store.inbox.list(tenant, { turn: turn.id })).rows).toHaveLength(1);
        expect((await store.turns.list(tenant, {})).rows).toMatchObject([{ tenant, id: turn.id }]);
        expect(await store.turns.findByRun(tenant, "run")).toMatchObject({ tenant });
        expect(await store.turns.inputs(tenant, turn.id)).toHaveLength(1);
        expect((await store.sessions.list(tenant, {})).rows).toMatchObject([{ tenant, agentState: `"${tenant}"` }]);
        const transcript = await store.sessions.transcript(tenant, aSessionKey("c1"), { limit: 9 });
        expect(transcript.map(({ text }) => text)).toEqual(["hello", `from ${tenant}`]);
        expect(await store.outbox.controlValue(tenant, "token")).toBe(tenant);
        expect((await store.outbox.list(tenant, { turn: turn.id })).rows).toHaveLength(1);
        expect(await store.outbox.attempts(tenant, delivery.id)).toMatchObject([{ messageIds: [`m-${tenant}`] }]);
        const place = { channel: CHANNEL, account: ACCOUNT, conversation: conversation("c1") };
        const find = (id: string) => store.outbox.sentMessage(tenant, { ...place, messageId: message(id) });
        expect(await find(`m-${tenant}`)).toMatchObject({ delivery: delivery.id });
        expect(await find(`m-${other}`)).toBeUndefined();
        const receipt = { ...place, messageIds: [message(`m-${other}`)], status: "read", at: 1 } as const;
        await store.outbox.receipt(tenant, receipt);
        expect(await world.delivery(delivery.id)).toMatchObject({ state: "sent" });
      }

      // What one does reaches only its own rows, in lanes of the same name too.
      await one.store.sessions.reset(one.tenant, aSessionKey("c1"), one.now);
      const sessions = await Promise.all(worlds.map((world) => store.sessions.get(world.tenant, aSessionKey("c1"))));
      expect(given(sessions[0]).agentState).toBeUndefined();
      expect(given(sessions[1]).agentState).toBe('"two"');
      expect(await store.outbox.cancel(one.tenant, scheduled.id, one.now)).toBe(true);
      expect(await two.delivery(scheduled.id)).toMatchObject({ state: "scheduled" });
      await one.apply({
        type: "redirect",
        channel: CHANNEL,
        account: ACCOUNT,
        from: conversation("c1"),
        to: conversation("c2"),
      });
      expect(await store.sessions.get(two.tenant, aSessionKey("c1"))).toBeDefined();
      expect(await two.delivery(scheduled.id)).toMatchObject({ target: { conversation: "c1" } });

      const stolen = await one.receive("lane", "process-one");
      const kept = await two.receive("lane", "process-two");
      await expect(
        store.inbox.settle({ ...stolen.lease, tenant: two.tenant }, kept.event.id, { state: "ignored", now: two.now }),
      ).rejects.toMatchObject(lost);
      expect(await store.upkeep.renew([{ ...stolen.lease, tenant: two.tenant }], { leaseMs: 1, now: 1 })).toHaveLength(
        1,
      );
      await one.settle(stolen, { state: "dead" });
      const letter = given((await one.deadLetters())[0]);
      expect(await two.deadLetters()).toEqual([]);
      expect(await store.deadLetters.get(two.tenant, letter.id)).toBeUndefined();
      expect(await store.deadLetters.replay(two.tenant, letter.id, { now: two.now, ttlMs: DAY })).toBe(false);
      expect(await store.deadLetters.discard(two.tenant, letter.id, two.now)).toBe(false);
      expect(await two.claimEvents(10, "process-two")).toEqual([]);
      await one.post(aDelivery("mine"));
      await one.enqueue("mine");
      expect(await two.claimDeliveries(10, "process-two")).toEqual([]);
      expect(await two.claimTurns(10, "process-two")).toEqual([]);
    });
  });
}
