/**
 * Who did what; peers are hashed before they come here. Rows are only ever added, each chained to the one before it in
 * its tenant's log (see `audit-chain.ts`); the database refuses to change them, and to delete what no seal covers.
 */
import type { Json, TenantId } from "@switchboard/domain";
import type { AuditAnchor, ChainedRow } from "./audit-chain.ts";
import type { Page, Paged } from "./common.ts";

export interface AuditEntry {
  readonly at: number;
  /** `system`, `operator:<id>` or `peer:<hash>`. */
  readonly actor: string;
  /** Verb with a dot, e.g. `access.denied`, `account.added`. */
  readonly action: string;
  readonly subject: string;
  readonly outcome: "ok" | "denied" | "failed";
  readonly detail?: Json;
}

export interface AuditRow extends AuditEntry {
  /** Its number among the rows of all tenants. */
  readonly seq: number;
  /** Its place in the tenant's chain, from 1 on, without gaps. */
  readonly position: number;
  readonly previous: string;
  readonly hash: string;
}

/** A head of the chain that was signed: rows before it may be deleted when they are old enough. */
export interface AuditSeal extends AuditAnchor {
  readonly at: number;
  /** See `auditMac`. */
  readonly mac: string;
  /** Retention deleted the rows up to here, or is about to: the chain that is left begins behind. */
  readonly pruned?: true;
}

export interface AuditChain {
  readonly head: AuditAnchor;
  /** In their order. */
  readonly seals: readonly AuditSeal[];
}

export interface AuditStore {
  append(tenant: TenantId, entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(tenant: TenantId, filter: Page & { readonly action?: string }): Promise<Paged<AuditRow>>;
  /** At most 500 rows behind a position, in the order of the chain and word for word, whatever was done to them. */
  read(tenant: TenantId, input: { readonly after: number; readonly limit: number }): Promise<readonly ChainedRow[]>;
  /** Without rows: `undefined`. */
  chain(tenant: TenantId): Promise<AuditChain | undefined>;
  /** The chains, of all tenants, that grew since they were sealed. */
  unsealed(): Promise<readonly (AuditAnchor & { readonly tenant: TenantId })[]>;
  /** A seal of the same position stays as it is. */
  seal(tenant: TenantId, seal: AuditSeal): Promise<void>;
}
