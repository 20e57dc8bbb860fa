/**
 * The Store port: what the engine asks of a database. Every method is one transaction. Methods reject with STORE_*
 * errors; STORE_007 means that a lease was lost and nothing was changed.
 */
import type { TenantId } from "@switchboard/domain";
import type { AccountStore } from "./accounts.ts";
import type { AnswerStore } from "./answers.ts";
import type { AuditStore } from "./audit.ts";
import type { Lease, ReadyWork } from "./common.ts";
import type { DeadLetterStore } from "./dead-letters.ts";
import type { DeviceStore } from "./devices.ts";
import type { InboxStore } from "./inbox.ts";
import type { OutboxStore } from "./outbox.ts";
import type { PairingStore } from "./pairing.ts";
import type { RateStore } from "./rates.ts";
import type { SessionStore } from "./sessions.ts";
import type { TraceStore } from "./trace.ts";
import type { TurnStore } from "./turns.ts";
import type { UsageStore } from "./usage.ts";
import type { VaultStore } from "./vault.ts";

export interface Store {
  readonly inbox: InboxStore;
  readonly turns: TurnStore;
  readonly outbox: OutboxStore;
  readonly sessions: SessionStore;
  readonly accounts: AccountStore;
  readonly deadLetters: DeadLetterStore;
  readonly devices: DeviceStore;
  readonly pairing: PairingStore;
  readonly audit: AuditStore;
  readonly traces: TraceStore;
  readonly vault: VaultStore;
  readonly usage: UsageStore;
  readonly rates: RateStore;
  readonly answers: AnswerStore;
  readonly upkeep: Upkeep;
  close(): Promise<void>;
}

/** What the sweeper calls; everything here is safe to call at any time, from any number of processes. */
export interface Upkeep {
  /** Extends leases. Returns those that were lost. */
  renew(leases: readonly Lease[], input: { readonly leaseMs: number; readonly now: number }): Promise<readonly Lease[]>;

  /**
   * Frees lanes whose lease ran out and, with `except`, those of every other owner. What they held becomes claimable again: a turn starts
   * anew, a delivery that was being sent becomes `unknown` (one that only edits is simply queued again).
   */
  breakLeases(input: { readonly now: number; readonly except?: string }): Promise<number>;

  /** Frees lanes of an owner that ends in good order and holds nothing any more. */
  releaseOwner(owner: string, now: number): Promise<void>;

  /** Free lanes with due work, grouped by account. */
  ready(now: number): Promise<readonly ReadyWork[]>;

  /** The earliest time after `now` at which something becomes due; `undefined` when nothing waits. */
  nextDueAt(now: number): Promise<number | undefined>;

  /**
   * Moves due scheduled deliveries into their lanes and buries expired ones. Returns how many of each. Expired turns are
   * still claimed: whoever claims them tells the person and completes them as `expired`.
   */
  tick(now: number): Promise<{ readonly promoted: number; readonly expired: number }>;

  /**
   * Deletes settled rows older than their retention, a bounded number a call, and sessions, with their preferences, of
   * which nothing is left after that. Of the audit log what seals made before then cover. Returns how many.
   */
  prune(input: {
    readonly settledBefore: number;
    readonly transcriptsBefore: number;
    readonly auditBefore: number;
    readonly usageBefore: number;
  }): Promise<number>;

  /** The files of the media store that unfinished work and open dead letters made before then still need. */
  blobsInUse(before: number): Promise<readonly string[]>;

  /** Figures of one tenant, for health; without one of all together, for metrics. `size` is the whole store's. */
  stats(now: number, tenant?: TenantId): Promise<StoreStats>;

  /** Writes a little and reads it back, to see that the store does both. */
  probe(now: number): Promise<void>;

  /** Writes a consistent copy while everything runs. */
  backup(path: string, progress?: (done: number, total: number) => void): Promise<void>;
}

export interface StoreStats {
  readonly queues: Readonly<
    Record<"inbox" | "turn" | "delivery", { readonly depth: number; readonly oldestAgeMs: number }>
  >;
  readonly scheduled: number;
  readonly unknown: number;
  readonly deadLetters: number;
  readonly sessions: number;
  /** Bytes. */
  readonly size: number;
}

export type * from "./accounts.ts";
export type * from "./answers.ts";
export type * from "./audit.ts";
export * from "./audit-chain.ts";
export * from "./common.ts";
export type * from "./dead-letters.ts";
export type * from "./devices.ts";
export type * from "./inbox.ts";
export type * from "./outbox.ts";
export type * from "./pairing.ts";
export type * from "./rates.ts";
export type * from "./sessions.ts";
export type * from "./trace.ts";
export type * from "./turns.ts";
export * from "./usage.ts";
export type * from "./vault.ts";
