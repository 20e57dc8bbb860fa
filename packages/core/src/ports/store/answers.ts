/** Answers to requests that may be repeated under a key of their caller's: for all processes, and over a restart. */
import type { TenantId } from "@switchboard/domain";

/** A request that asks to be the one that is done under its key. */
export interface NewRequest {
  /** What it asks for, so that another one is told apart; `""`: that is not known, and it passes for any. */
  readonly fingerprint: string;
  /** Names whoever does it. */
  readonly owner: string;
  /** How long it counts as under way without being held; afterwards whoever did it has ended, and it may be done again. */
  readonly leaseMs: number;
  /** When the key is free again. */
  readonly expiresAt: number;
  /** How many keys the tenant may have at once; where several begin at the same moment, about. */
  readonly most: number;
  readonly now: number;
}

export type BegunRequest =
  /** It is to be done now. */
  | { readonly state: "begun" }
  /** It is under way elsewhere, or whoever did it ended without a word and `fingerprint` is another one. */
  | { readonly state: "running"; readonly fingerprint: string }
  | { readonly state: "done"; readonly fingerprint: string; readonly answer: string }
  /** The tenant has no key left until then. */
  | { readonly state: "full"; readonly until: number };

export interface AnswerStore {
  begin(tenant: TenantId, key: string, request: NewRequest): Promise<BegunRequest>;
  /** Says that it is still under way. False: it is not the owner's any more. */
  hold(tenant: TenantId, key: string, owner: string, until: number): Promise<boolean>;
  /** Keeps the answer, as its keeper wrote it, until the key is free. False: it is not the owner's any more. */
  finish(tenant: TenantId, key: string, owner: string, answer: string): Promise<boolean>;
  /** Nothing came of it: it may be done again at once. */
  release(tenant: TenantId, key: string, owner: string): Promise<void>;
  /** Forgets keys that are free again, of every tenant. Returns how many. */
  prune(now: number): Promise<number>;
}
