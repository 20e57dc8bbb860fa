/** Accounts, their settings and sealed secrets, what they last were, and who may do what on them. */
import type { AccountId, AccountRef, ChannelId, Json, SelfIdentity, TenantId, Transport } from "@switchboard/domain";

export type ConnectionState =
  | "DISCONNECTED"
  | "CONNECTING"
  | "CONNECTED"
  | "RECONNECTING"
  | "ERROR"
  | "PERMANENTLY_FAILED";

export interface Account extends AccountRef {
  /** Where it is configured: `store` accounts were added by a person, the others follow their file or variable. */
  readonly source: "store" | "config" | "environment";
  readonly enabled: boolean;
  /** The channel's config without secrets. */
  readonly config: Json;
  /** The secrets as the vault sealed them. */
  readonly sealed?: string;
  /** Access and queue settings of this account (protocol's AccountSettings). */
  readonly settings: Json;
  readonly self?: SelfIdentity;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Another one after every change of what was said of the account; who it is at its platform does not count. */
  readonly revision: number;
}

/** What a node has to see of an account to know whether it is what the node knows. */
export interface AccountOutline extends AccountRef {
  readonly createdAt: number;
  readonly revision: number;
}

/** An authority on an account. Holding one never implies another (ACC-4). */
export type Authority = "dm" | "group" | "command" | "admin";

export interface Grant {
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly authority: Authority;
  /** A peer id, or a conversation id for `group`. */
  readonly subject: string;
  readonly grantedAt: number;
  readonly grantedBy: string;
}

/** One value that an account remembers, from what it must be to what it becomes. */
export interface MemoryChange {
  readonly key: string;
  /** Absent: nothing, or what has expired. */
  readonly from?: string;
  /** Absent: it is removed. */
  readonly to?: string;
  /** Absent: it stays as long as the account. */
  readonly expiresAt?: number;
}

/** A node's hold on accounts. */
export interface AccountLease {
  /** Names the process. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly now: number;
}

export interface AccountHolder {
  readonly owner: string;
  readonly status?: Json;
}

export interface AccountStore {
  /**
   * Adds or changes an account. Resolves with its revision. `most`: refused with SEC_010 when it is new and the tenant has
   * as many accounts of its own already. `known`: the revision that the change rests on, 0 for an account that is not
   * there; refused with REQ_004 when it is another by now.
   */
  put(
    account: Omit<Account, "createdAt" | "updatedAt" | "self" | "revision">,
    now: number,
    rules?: { readonly most?: number; readonly known?: number },
  ): Promise<number>;
  /** Turns an account on or off and changes nothing else. `undefined` when there is none; else as it is now. */
  setEnabled(ref: AccountRef, enabled: boolean, now: number): Promise<Account | undefined>;
  get(ref: AccountRef): Promise<Account | undefined>;
  list(tenant: TenantId): Promise<readonly Account[]>;
  /** Every tenant's accounts, for start-up. */
  all(): Promise<readonly Account[]>;
  /** The same, without what they are. */
  outlines(): Promise<readonly AccountOutline[]>;
  /** Wipes configuration, secrets, memory, grants and pairing requests; messages stay. */
  remove(ref: AccountRef): Promise<boolean>;
  /**
   * Wipes what the account logged in with: its secrets, its memory and who it was. It is off afterwards; configuration
   * and grants stay. False when there was nothing to wipe.
   */
  logOut(ref: AccountRef, now: number): Promise<boolean>;

  setSelf(ref: AccountRef, self: SelfIdentity): Promise<void>;
  /** The next generation number of an account's starts. */
  nextGeneration(ref: AccountRef): Promise<number>;

  /**
   * Takes an account for a node, until `now + leaseMs`; resolves with the next generation number of its starts.
   * `undefined`: another node has it, or it is off or gone.
   */
  claim(ref: AccountRef, node: AccountLease): Promise<number | undefined>;
  /** Extends what a node has, of every tenant. Resolves with all of it. */
  keep(node: AccountLease): Promise<readonly AccountRef[]>;
  /** Gives back what a node has. */
  release(ref: AccountRef, owner: string): Promise<void>;
  /** Says for the other nodes how an account is; only whoever has it can. */
  report(ref: AccountRef, owner: string, status: Json): Promise<void>;
  /** Who has the account at `now`, and how it was said to be. */
  holder(ref: AccountRef, now: number): Promise<AccountHolder | undefined>;
  /** Those of every tenant that are on and that nobody has at `now`. */
  vacant(now: number): Promise<readonly AccountRef[]>;
  /** No node but this one is there: frees what the others had. */
  freeAll(except: string): Promise<void>;

  /** `undefined` for what was never set and for what has expired at `now`. */
  memoryGet(ref: AccountRef, key: string, now: number): Promise<string | undefined>;
  /** Without `expiresAt` it stays as long as the account. */
  memorySet(ref: AccountRef, key: string, value: string, expiresAt?: number): Promise<void>;
  memoryRemove(ref: AccountRef, key: string): Promise<void>;
  /**
   * Makes all the changes if every value is still as given, else none: what several processes decide between them. False
   * when none was made.
   */
  memorySwap(ref: AccountRef, changes: readonly MemoryChange[], now: number): Promise<boolean>;
  /** Deletes what has expired, of every account. Returns how many values. */
  memoryPrune(now: number): Promise<number>;

  grants(ref: AccountRef): Promise<readonly Grant[]>;
  grant(tenant: TenantId, grant: Grant): Promise<void>;
  revoke(ref: AccountRef, authority: Authority, subject: string): Promise<boolean>;
}

/** What is shown of an account's connection; lives with the process that runs it. */
export interface ConnectionStatus {
  readonly state: ConnectionState;
  readonly transport?: Transport;
  readonly note?: string;
}
