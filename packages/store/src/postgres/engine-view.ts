/**
 * What goes over all tenants, as the role that may: whose work is due, what start-up reads, cleaning up by age, figures.
 * What is then done for a tenant is done as that tenant.
 */
import type {
  Account,
  AccountLease,
  AccountOutline,
  AuditAnchor,
  DeviceDocument,
  ReadyWork,
  StoreStats,
  Upkeep,
  WrappedKey,
} from "@switchboard/core/ports";
import type { AccountRef, TenantId } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import { FREE_ALL, KEEP, VACANT } from "../rows/account-claims.ts";
import { toWrappedKey, type WrappedKeyRow } from "../rows/vault-row.ts";
import { type AccountRow, toAccount } from "./account-store.ts";
import { type DeviceRow, toDocument } from "./device-store.ts";
import { Pruner } from "./prune.ts";
import type { Statements } from "./sql.ts";
import { figures } from "./stats.ts";

export interface EngineView {
  readonly pruner: Pruner;
  readonly stats: (now: number) => Promise<StoreStats>;
  accounts(): Promise<Account[]>;
  outlines(): Promise<AccountOutline[]>;
  keep(node: AccountLease): Promise<AccountRef[]>;
  vacant(now: number): Promise<AccountRef[]>;
  freeAll(except: string): Promise<void>;
  devices(): Promise<DeviceDocument[]>;
  vaultKeys(): Promise<WrappedKey[]>;
  unsealedChains(): Promise<(AuditAnchor & { readonly tenant: TenantId })[]>;
  ready(now: number): Promise<ReadyWork[]>;
  nextDueAt(now: number): Promise<number | undefined>;
  probe(node: string, now: number): Promise<void>;
  /** Tenants with leases that ran out and, with `except`, of anybody else. */
  withBrokenLeases(input: Parameters<Upkeep["breakLeases"]>[0]): Promise<TenantId[]>;
  withLeasesOf(owner: string): Promise<TenantId[]>;
  /** Tenants with deliveries that are due or ran out. */
  withTimelyWork(now: number): Promise<TenantId[]>;
  withForgottenSessions(before: number): Promise<TenantId[]>;
  /** Tenants with anything that is not over. */
  withUnfinishedWork(): Promise<TenantId[]>;
}

export function engineView(statements: Statements): EngineView {
  const tenants = async (text: string, ...values: (string | number | null)[]) =>
    (await statements.of<{ tenant: TenantId }>(text).all(...values)).map(({ tenant }) => tenant);
  const earliest = async (text: string, now: number) => (await statements.of<{ at: number | null }>(text).get(now))?.at;

  return {
    pruner: new Pruner(statements),
    stats: figures(statements),
    accounts: async () => (await statements.of<AccountRow>("SELECT * FROM accounts").all()).map(toAccount),
    outlines: () =>
      statements
        .of<AccountOutline>(`SELECT tenant, channel, account, created_at AS "createdAt", revision FROM accounts`)
        .all(),
    keep: ({ leaseMs, now, owner }) => statements.of<AccountRef>(KEEP).all(now + leaseMs, owner),
    vacant: (now) => statements.of<AccountRef>(VACANT).all(now),
    async freeAll(except) {
      await statements.of(FREE_ALL).run(except);
    },
    devices: async () => (await statements.of<DeviceRow>("SELECT * FROM devices").all()).map(toDocument),
    vaultKeys: async () =>
      (await statements.of<WrappedKeyRow>("SELECT * FROM vault_keys ORDER BY tenant, purpose, generation").all()).map(
        toWrappedKey,
      ),

    unsealedChains: () =>
      statements
        .of<AuditAnchor & { readonly tenant: TenantId }>(
          `SELECT tenant, position, hash FROM audit_chains WHERE NOT EXISTS (
             SELECT 1 FROM audit_seals WHERE audit_seals.tenant = audit_chains.tenant
               AND audit_seals.position >= audit_chains.position)`,
        )
        .all(),

    ready: (now) =>
      statements
        .of<ReadyWork>(
          `SELECT tenant, kind, channel, account, count(*) AS lanes FROM lanes WHERE owner IS NULL AND ready_at <= ?
           GROUP BY tenant, kind, channel, account`,
        )
        .all(now),

    async nextDueAt(now) {
      const lane = await earliest("SELECT min(ready_at) AS at FROM lanes WHERE owner IS NULL AND ready_at > ?", now);
      const scheduled = await earliest(
        "SELECT min(due_at) AS at FROM deliveries WHERE state = 'scheduled' AND due_at > ?",
        now,
      );
      const times = [lane, scheduled].filter((at) => typeof at === "number");
      return times.length > 0 ? Math.min(...times) : undefined;
    },

    async probe(node, now) {
      const row = await statements
        .of<{ at: number }>(
          `INSERT INTO probes (node, at) VALUES (?, ?) ON CONFLICT (node) DO UPDATE SET at = excluded.at RETURNING at`,
        )
        .get(node, now);
      if (row?.at !== now) throw new SwitchboardError("STORE_001", "The store read something else than it wrote.");
    },

    withBrokenLeases: ({ except, now }) =>
      tenants(
        "SELECT DISTINCT tenant FROM lanes WHERE owner IS NOT NULL AND (lease_until <= ? OR owner <> ?)",
        now,
        except ?? null,
      ),
    withLeasesOf: (owner) => tenants("SELECT DISTINCT tenant FROM lanes WHERE owner = ?", owner),
    withTimelyWork: (now) =>
      tenants(
        `SELECT tenant FROM lanes WHERE kind = 'delivery' AND expires_at <= ?1
         UNION SELECT tenant FROM deliveries WHERE state = 'scheduled' AND due_at <= ?1`,
        now,
      ),
    withForgottenSessions: (before) =>
      tenants("SELECT DISTINCT tenant FROM sessions WHERE last_active_at < ? AND entries <= 0", before),
    withUnfinishedWork: () =>
      tenants(
        `SELECT tenant FROM lanes UNION SELECT tenant FROM deliveries WHERE state = 'scheduled'
         UNION SELECT tenant FROM dead_letters WHERE resolution IS NULL`,
      ),
  };
}
