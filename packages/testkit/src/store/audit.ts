/** The audit log: a chain for each tenant, sealed from time to time. */
import { createVault, KeyRing, newMasterKey, noLog, sealAudit, systemClock, verifyAudit } from "@switchboard/core";
import type { AuditEntry, Store, Vault } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import { DAY, HOUR } from "../factories.ts";
import type { Suite } from "./suite.ts";
import { given, type World } from "./world.ts";

export function anEntry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return { at: 1, actor: "operator:1", action: "a.b", subject: "s", outcome: "ok", ...changes };
}

/** A vault of its own over the store's keys. */
export async function vaultOver(store: Store): Promise<Vault> {
  const keys = [newMasterKey()];
  const provider = { kind: "environment", place: "a test", read: async () => keys } as const;
  const ring = new KeyRing({ store: store.vault, provider, clock: systemClock, log: noLog });
  await ring.load();
  return createVault(ring);
}

async function rowsOf({ store, tenant }: World) {
  return store.audit.read(tenant, { after: 0, limit: 500 });
}

export function auditContract({ alone, test }: Suite): void {
  describe("the audit log", () => {
    test("OPS-4 chains every row to the one before it of its tenant, whatever brought it", async (world) => {
      const { audit, usage } = world.store;
      await audit.append(
        world.tenant,
        anEntry({ detail: { text: "é \u0000 \ud83d", n: 1 }, subject: "nul\u0000 \ud83d" }),
      );
      await world.apply({ type: "audit", entry: anEntry({ actor: "peer:x", outcome: "denied" }) });
      await usage.setLimits(world.tenant, null, anEntry({ action: "limits.changed" }));
      const other = `${world.tenant}-other` as TenantId;
      await audit.append(other, anEntry());
      const rows = await rowsOf(world);
      expect(rows.map(({ position }) => position)).toEqual([1, 2, 3]);
      expect(rows.map(({ previous }) => previous)).toEqual(["0".repeat(64), rows[0]?.hash, rows[1]?.hash]);
      expect(rows[0]).toMatchObject({ subject: "nul\ufffd \ufffd" });
      const listed = await audit.list(world.tenant, {});
      expect(listed.rows.map(({ hash }) => hash)).toEqual(rows.map(({ hash }) => hash).reverse());
      const vault = await vaultOver(world.store);
      for (const [tenant, count] of [[world.tenant, 3] as const, [other, 1] as const]) {
        const verdict = await verifyAudit({ store: world.store, vault, clock: systemClock }, tenant, { keptMs: DAY });
        expect(verdict).toMatchObject({ rows: count, head: { position: count } });
        expect(verdict.broken).toBeUndefined();
      }
    });

    test("OPS-4 an entry stays out when what it tells of is undone, and the chain has no gap for it", async (world) => {
      const claimed = await world.receive();
      await world.settle(claimed);
      const lost = { state: "handled", now: world.now, effects: [{ type: "audit", entry: anEntry() }] } as const;
      const outcomes = await Promise.allSettled([
        world.store.audit.append(world.tenant, anEntry({ action: "first" })),
        world.store.inbox.settle(claimed.lease, claimed.event.id, lost),
        world.store.audit.append(world.tenant, anEntry({ action: "last" })),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      const rows = await rowsOf(world);
      expect(rows.map(({ action, position }) => [action, position])).toEqual([
        ["first", 1],
        ["last", 2],
      ]);
    });

    alone("OPS-4 seals what grew, of every tenant, and forgets old rows only up to a seal", async (world) => {
      const { audit, upkeep } = world.store;
      const vault = await vaultOver(world.store);
      const ports = { store: world.store, vault, log: noLog, clock: { ...systemClock, now: () => world.now } };
      const cutoffs = { settledBefore: 0, transcriptsBefore: 0, usageBefore: 0 };
      const prune = async (auditBefore: number) => {
        while ((await upkeep.prune({ ...cutoffs, auditBefore })) > 0);
      };
      const kept = { keptMs: HOUR };
      const other = "another" as TenantId;
      for (const tenant of [world.tenant, other]) {
        for (let each = 0; each < 3; each += 1) await audit.append(tenant, anEntry({ at: world.now }));
      }
      await prune(world.now + DAY);
      expect(await rowsOf(world)).toHaveLength(3);
      expect((await audit.unsealed()).map(({ tenant }) => tenant).sort()).toEqual([other, world.tenant].sort());
      await sealAudit(ports);
      await sealAudit(ports);
      expect(await audit.unsealed()).toEqual([]);

      world.now += DAY;
      for (let each = 0; each < 2; each += 1) await audit.append(world.tenant, anEntry({ at: world.now }));
      await sealAudit(ports);
      await audit.append(world.tenant, anEntry({ at: world.now }));
      await prune(world.now - HOUR);
      expect((await rowsOf(world)).map(({ position }) => position)).toEqual([4, 5, 6]);
      const chain = given(await audit.chain(world.tenant));
      expect(chain).toMatchObject({ head: { position: 6 }, seals: [{ position: 3, pruned: true }, { position: 5 }] });
      const verdict = await verifyAudit(ports, world.tenant, kept);
      expect(verdict).toMatchObject({ rows: 3, begin: { position: 3 }, head: { position: 6 }, seals: 2, unproven: 0 });
      expect(verdict.broken).toBeUndefined();
      // What is deleted before its time is missing, and a head that was noted before it can be checked no more.
      const early = { position: 3, problem: "missing" };
      expect(await verifyAudit(ports, world.tenant, { keptMs: 3 * DAY })).toMatchObject({ broken: early });
      const [begin, hash] = [verdict.begin, "f".repeat(64)];
      expect(await verifyAudit(ports, world.tenant, { ...kept, noted: begin })).toEqual(verdict);
      const another = await verifyAudit(ports, world.tenant, { ...kept, noted: { ...begin, hash } });
      expect(another.broken).toEqual({ position: 3, problem: "seal" });
      const gone = await verifyAudit(ports, world.tenant, { ...kept, noted: { position: 2, hash } });
      expect(gone).toEqual({ ...verdict, notedGone: true });
      // All that was written is gone, and the chain still goes on where it was.
      await audit.append(other, anEntry({ at: world.now }));
      expect(await verifyAudit(ports, other, kept)).toMatchObject({
        rows: 1,
        begin: { position: 3 },
        head: { position: 4 },
      });

      world.now += DAY;
      await prune(world.now);
      expect((await rowsOf(world)).map(({ position }) => position)).toEqual([6]);
      expect(given(await audit.chain(world.tenant)).seals).toMatchObject([{ position: 5, pruned: true }]);
      expect((await verifyAudit(ports, world.tenant, kept)).broken).toBeUndefined();
    });
  });
}
