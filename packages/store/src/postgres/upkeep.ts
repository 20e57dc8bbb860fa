/** The Upkeep port: what goes over all tenants is found out at once, and done tenant by tenant. */
import { hostname } from "node:os";
import type { Lease, Upkeep } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import type { Calls } from "./calls.ts";

export function upkeep(calls: Calls): Upkeep {
  const node = `${hostname()}/${process.pid}`;
  const each = async <T>(tenants: readonly TenantId[], work: (tenant: TenantId) => Promise<T>): Promise<T[]> =>
    Promise.all(tenants.map(work));
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

  return {
    async renew(leases, { leaseMs, now }) {
      const byTenant = Map.groupBy(leases, ({ tenant }) => tenant);
      const lost = await each([...byTenant.keys()], (tenant) =>
        calls.of(tenant, "write", (parts) => parts.leases.renew(byTenant.get(tenant) ?? [], now + leaseMs)),
      );
      const gone = new Set<Lease>(lost.flat());
      return leases.filter((lease) => gone.has(lease));
    },

    async breakLeases({ except, now }) {
      const input = except === undefined ? { now } : { now, except };
      const tenants = await calls.ofAll((engine) => engine.withBrokenLeases(input));
      return sum(
        await each(tenants, (tenant) => calls.of(tenant, "write", (parts) => parts.leases.break(tenant, now, except))),
      );
    },

    async releaseOwner(owner, now) {
      const tenants = await calls.ofAll((engine) => engine.withLeasesOf(owner));
      await each(tenants, (tenant) =>
        calls.of(tenant, "write", (parts) => parts.leases.releaseOwner(tenant, owner, now)),
      );
    },

    ready: (now) => calls.ofAll((engine) => engine.ready(now)),
    nextDueAt: (now) => calls.ofAll((engine) => engine.nextDueAt(now)),

    async tick(now) {
      const tenants = await calls.ofAll((engine) => engine.withTimelyWork(now));
      const done = await each(tenants, (tenant) =>
        calls.of(tenant, "write", (parts) => parts.expiry.tick(tenant, now)),
      );
      return { promoted: sum(done.map(({ promoted }) => promoted)), expired: sum(done.map(({ expired }) => expired)) };
    },

    async prune(cutoffs) {
      const rows = await calls.ofAll((engine) => engine.pruner.prune(cutoffs));
      const before = Math.min(cutoffs.settledBefore, cutoffs.transcriptsBefore);
      const tenants = await calls.ofAll((engine) => engine.withForgottenSessions(before));
      const sessions = await each(tenants, (tenant) =>
        calls.of(tenant, "wide", (parts) => parts.forgotten.prune(tenant, before)),
      );
      return rows + sum(sessions);
    },

    async blobsInUse(before) {
      const tenants = await calls.ofAll((engine) => engine.withUnfinishedWork());
      const found = await each(tenants, (tenant) =>
        calls.of(tenant, "read", (parts) => parts.blobsInUse(tenant, before)),
      );
      return [...new Set(found.flat())];
    },

    stats: (now, tenant) =>
      tenant === undefined
        ? calls.ofAll((engine) => engine.stats(now))
        : calls.of(tenant, "read", (parts) => parts.stats(now, tenant)),

    probe: (now) => calls.ofAll((engine) => engine.probe(node, now)),

    // Of a server that several nodes share, one node cannot make a file that could be put back.
    backup: async () => {
      throw new SwitchboardError(
        "REQ_001",
        "A PostgreSQL database is backed up by its own tools: pg_dump as a superuser, pg_basebackup, or the provider's backups.",
      );
    },
  };
}
