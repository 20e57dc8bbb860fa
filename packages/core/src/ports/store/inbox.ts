/** Platform updates as they came, and what was decided about each. */
import type {
  AccountId,
  ChannelId,
  ConversationId,
  ErrorRecord,
  InboundEventKind,
  InboxId,
  MessageId,
  PeerId,
  Priority,
  RawEvent,
  SessionKey,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import type { AuditEntry } from "./audit.ts";
import type { ClaimRequest, Lease, Page, Paged } from "./common.ts";
import type { ClaimedDelivery, NewDelivery, Receipt } from "./outbox.ts";
import type { PairingRequest } from "./pairing.ts";
import type { NewTranscriptEntry, SessionPlace } from "./sessions.ts";
import type { CancelledTurn, ClaimedTurn, NewTurn, QueueSettings } from "./turns.ts";
import type { Counts, Quota } from "./usage.ts";

export type InboxState = "new" | "admitted" | "handled" | "ignored" | "denied" | "dead";

export interface InboxEvent {
  readonly id: InboxId;
  readonly tenant: TenantId;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly key: string;
  readonly lane: string;
  readonly priority: Priority;
  /** The raw event's payload as JSON text. */
  readonly payload: string;
  readonly state: InboxState;
  /** How often processing was tried and failed. */
  readonly attempts: number;
  /** Unix milliseconds, as everywhere. */
  readonly receivedAt: number;
  /** What comes of it later than this is too late: a day after it came, or after it was brought back. */
  readonly expiresAt: number;
  readonly settledAt?: number;
  readonly reason?: string;
  readonly error?: ErrorRecord;
  readonly kind?: InboundEventKind;
  readonly turn?: TurnId;
  readonly session?: SessionKey;
  /** First words of what was said, for lists. */
  readonly preview?: string;
}

export interface ClaimedEvent {
  readonly lease: Lease;
  readonly event: InboxEvent;
}

export interface Ingest {
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly events: readonly RawEvent[];
  readonly now: number;
  /** How long what comes of the events is of use, in milliseconds. */
  readonly ttlMs: number;
  /** Claim the lanes that were free, so that work starts without a second transaction. */
  readonly claim?: ClaimRequest;
}

export interface IngestResult {
  /** One a raw event, in order. */
  readonly results: readonly { readonly id: InboxId; readonly duplicate: boolean }[];
  readonly claimed: readonly ClaimedEvent[];
}

/** Something that happens in the same transaction as the settlement. */
export type Effect =
  | { readonly type: "turn"; readonly turn: NewTurn; readonly queue: QueueSettings; readonly claim?: ClaimRequest }
  | { readonly type: "deliver"; readonly deliveries: readonly NewDelivery[]; readonly claim?: ClaimRequest }
  | { readonly type: "preference"; readonly session: SessionKey; readonly name: string; readonly value: string | null }
  /** Ends the session's stretch: the next turn starts with an empty history. Preferences stay. */
  | { readonly type: "reset-session"; readonly session: SessionKey }
  /** Cancels queued turns and asks running ones to stop. */
  | { readonly type: "stop-turns"; readonly session: SessionKey }
  /** Adds an entry to a session; one that does not exist is made where `place` says, or the note is dropped without it. */
  | {
      readonly type: "note";
      readonly session: SessionKey;
      readonly entry: NewTranscriptEntry;
      readonly place?: SessionPlace;
    }
  /** Changes the text of an input whose turn has not started yet; once it has, notes the change in the session. */
  | {
      readonly type: "amend-input";
      readonly otherwise: { readonly session: SessionKey; readonly entry: NewTranscriptEntry };
      readonly channel: ChannelId;
      readonly account: AccountId;
      readonly conversation: ConversationId;
      readonly messageId: MessageId;
      readonly text: string;
    }
  | { readonly type: "receipt"; readonly receipt: Receipt }
  /** The conversation has a new id: queued deliveries and sessions follow. */
  | {
      readonly type: "redirect";
      readonly channel: ChannelId;
      readonly account: AccountId;
      readonly from: ConversationId;
      readonly to: ConversationId;
    }
  /**
   * Somebody asks to be let in. One who waits already is only seen again. When fewer than `most` requests of the account
   * are pending and nobody of the channel has the code, the request is stored and its deliveries are queued; otherwise
   * nothing happens.
   */
  | {
      readonly type: "pairing-request";
      readonly request: PairingRequest;
      readonly most: number;
      readonly deliveries: readonly NewDelivery[];
      readonly claim?: ClaimRequest;
    }
  /** One who waits to be let in wrote again. */
  | {
      readonly type: "pairing-seen";
      readonly channel: ChannelId;
      readonly account: AccountId;
      readonly sender: PeerId;
      readonly at: number;
    }
  | { readonly type: "audit"; readonly entry: AuditEntry };

/** What became of one event. */
export interface Settlement {
  /** `retry` leaves the event new until `notBefore`; with `error` it counts an attempt. `dead` also writes a dead letter. */
  readonly state: Exclude<InboxState, "new"> | "retry";
  readonly reason?: string;
  readonly error?: ErrorRecord;
  readonly notBefore?: number;
  readonly kind?: InboundEventKind;
  readonly session?: SessionKey;
  readonly preview?: string;
  readonly effects?: readonly Effect[];
  /** What is counted for the tenant's day with it. */
  readonly counts?: Counts;
  /** Checked before anything else, against the counters in the same transaction. */
  readonly within?: readonly Quota[];
  readonly now: number;
  /** Keep the lane and claim its next due event; without it the lane is released. */
  readonly next?: ClaimRequest;
}

export interface SettleResult {
  /** A hard limit stands against it: nothing was changed, and the event is still in work. */
  readonly refused?: Quota;
  /** Soft limits that it is beyond. */
  readonly beyond?: readonly Quota[];
  readonly next?: ClaimedEvent;
  /** One a `turn` effect, in order. */
  readonly turns: readonly {
    readonly id: TurnId;
    /** The input joined a turn that was already waiting. */
    readonly joined: boolean;
    readonly claimed?: ClaimedTurn;
    /** When it is due, if not now. */
    readonly dueAt: number;
  }[];
  /** Running turns that were asked to stop, by `stop-turns` or by an interrupting `turn`. */
  readonly stopping: readonly TurnId[];
  /** Queued turns that `stop-turns` took back. */
  readonly cancelled: readonly CancelledTurn[];
  readonly claimedDeliveries: readonly ClaimedDelivery[];
}

export interface InboxStore {
  /**
   * Stores events durably; the unique index on (tenant, channel, account, key) decides which are new. An event whose
   * key is known but whose fingerprint differs is stored under `key~fingerprint`. One that comes again while it lies
   * among the dead letters is put back to work; a discarded one stays a duplicate. All or nothing.
   */
  ingest(tenant: TenantId, input: Ingest): Promise<IngestResult>;

  /** Claims up to `limit` free lanes with a due event, highest priority first, each with its first event. */
  claim(
    tenant: TenantId,
    input: ClaimRequest & { readonly limit: number; readonly now: number },
  ): Promise<readonly ClaimedEvent[]>;

  /** Records what became of the lane's first event, with all effects, in one transaction. */
  settle(lease: Lease, event: InboxId, settlement: Settlement): Promise<SettleResult>;

  get(tenant: TenantId, id: InboxId): Promise<InboxEvent | undefined>;
  /** The event that was stored first under this key. */
  find(
    tenant: TenantId,
    where: { readonly channel: ChannelId; readonly account: AccountId; readonly key: string },
  ): Promise<InboxEvent | undefined>;

  /** Newest first. */
  list(
    tenant: TenantId,
    filter: Page & {
      readonly channel?: ChannelId;
      readonly account?: AccountId;
      readonly state?: InboxState;
      readonly turn?: TurnId;
    },
  ): Promise<Paged<InboxEvent>>;
}
