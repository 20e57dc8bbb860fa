/** What the accounts of a process work with, and what is said to them. */
import type {
  AccountContext,
  AccountRef,
  RawEvent,
  SelfIdentity,
  SwitchboardError,
  TenantId,
} from "@switchboard/domain";
import type { Account, Clock, Log, MediaPipeline, Store, Telemetry, Vault } from "../ports/index.ts";
import type { ChannelRegistry } from "./registry.ts";
import type { AccountStatus } from "./status.ts";

export interface AccountsPorts {
  readonly store: Store;
  readonly vault: Vault;
  readonly channels: ChannelRegistry;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly files: Pick<MediaPipeline, "outbound">;
  /** What people may ask the gateway for, in the order it is shown. */
  readonly commands: AccountContext["commands"];
  /** The gateway's public address, without a trailing slash. */
  readonly publicUrl?: string | undefined;
  receive(ref: AccountRef, events: readonly RawEvent[]): Promise<void>;
  /** How many accounts a tenant may have of its own; absent: any number. */
  mostAccounts(tenant: TenantId): Promise<number | undefined>;
  onReady(ref: AccountRef): void;
  onStatus(status: AccountStatus): void;
  /** Absent: no other process works on the store. */
  readonly others?: OtherNodes | undefined;
}

/** Processes that work on the same store. */
export interface OtherNodes {
  /** Names this process among them. */
  readonly owner: string;
  /** Tells them that an account was changed. */
  tell(ref: AccountRef): void;
}

/** What a person or a file says of an account. */
export interface AccountInput extends AccountRef {
  readonly source: Account["source"];
  readonly enabled: boolean;
  /** By the channel's schema, secrets included. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Who the account is, where that is known before it connects. */
  readonly self?: SelfIdentity;
}

/** Whether the platform logged an account out; `error` when it was asked to and did not. */
export interface LogOutAtPlatform {
  readonly told: boolean;
  readonly error?: SwitchboardError;
}
