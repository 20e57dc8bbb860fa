/** Outbound messages and every attempt to send them. */
import type {
  AccountId,
  ChannelId,
  ConversationId,
  DeliveryId,
  ErrorRecord,
  InboxId,
  MessageId,
  OutboundPart,
  Priority,
  SendReceipt,
  SessionKey,
  Target,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import type { ClaimRequest, Lease, Page, Paged } from "./common.ts";
import type { TraceNote } from "./trace.ts";

/**
 * `scheduled` waits outside its lane until due. `unknown`: an attempt was made and nobody knows its fate. `dead` and
 * `expired` have a dead letter. `superseded`: a streamed draft whose final text another delivery carries.
 */
export type DeliveryState =
  | "scheduled"
  | "queued"
  | "sending"
  | "unknown"
  | "sent"
  | "delivered"
  | "read"
  | "dead"
  | "expired"
  | "cancelled"
  | "superseded";

export interface NewDelivery {
  readonly id: DeliveryId;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly target: Target;
  /** What must stay in order; core derives it from the target. */
  readonly lane: string;
  readonly part: OutboundPart;
  /** `draft`: the first form of a streamed answer. */
  readonly kind: "answer" | "notice" | "direct" | "draft";
  readonly priority: Priority;
  readonly session?: SessionKey;
  readonly turn?: TurnId;
  /** The event it answers, when no turn stands between: a command's reply, a refusal. */
  readonly event?: InboxId;
  /** Edit this message instead of sending a new one. */
  readonly edits?: MessageId;
  /** When what it answers came in; absent where nobody asked. */
  readonly causedAt?: number;
  /** A later time: scheduled until then. */
  readonly dueAt?: number;
  readonly expiresAt: number;
  /** Values of controls that did not fit the platform's callback, by token. */
  readonly controlValues?: Readonly<Record<string, string>>;
  /** Size of its files, in bytes, as far as it is known. Counted when it is queued; not read back. */
  readonly mediaBytes?: number;
}

export interface Delivery extends NewDelivery {
  readonly tenant: TenantId;
  readonly state: DeliveryState;
  /** Attempts that failed for good reason; waiting for a rate limit or a connection does not count. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly messageIds: readonly MessageId[];
  readonly sentAt?: number;
  readonly deliveredAt?: number;
  readonly readAt?: number;
  readonly error?: ErrorRecord;
  /** It was sent again after an `unknown` attempt, with a visible note. */
  readonly markedDuplicate?: boolean;
  /** A person brought it back from the dead letters, and no attempt was begun since: it may not be held again. */
  readonly replayed?: boolean;
}

export interface Attempt {
  readonly delivery: DeliveryId;
  /** 1-based; every send that was begun has one, also those that do not count. */
  readonly number: number;
  readonly startedAt: number;
  readonly finishedAt?: number;
  readonly state: "sending" | "sent" | "failed" | "unknown";
  readonly error?: ErrorRecord;
  readonly messageIds?: readonly MessageId[];
}

export interface ClaimedDelivery {
  readonly lease: Lease;
  readonly delivery: Delivery;
  /** The attempt that was recorded as begun. For an `unknown` delivery none is begun yet: see `unknown`. */
  readonly attempt?: number;
  /** The last attempt, whose fate nobody knows: reconcile it, then `begin` or settle. */
  readonly unknown?: Attempt;
}

export type SendOutcome =
  | { readonly state: "sent"; readonly receipt: SendReceipt }
  /** `counts: false` for what was not the message's fault. */
  | { readonly state: "retry"; readonly error: ErrorRecord; readonly notBefore: number; readonly counts: boolean }
  | { readonly state: "unknown"; readonly error: ErrorRecord; readonly notBefore: number }
  | { readonly state: "dead"; readonly error: ErrorRecord };

export interface Receipt {
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly messageIds: readonly MessageId[];
  readonly status: "delivered" | "read" | "failed";
  readonly reason?: string;
  readonly at: number;
}

/** Which of our sends a platform message is: how replies and presses find their session. */
export interface SentMessage {
  readonly delivery: DeliveryId;
  readonly session?: SessionKey;
  readonly turn?: TurnId;
}

export interface OutboxStore {
  /**
   * Queues deliveries, all or nothing. With a known `idempotencyKey` nothing is queued and the earlier ids come back;
   * REQ_006 when the key stands for something of another `fingerprint`.
   */
  enqueue(
    tenant: TenantId,
    input: {
      readonly deliveries: readonly NewDelivery[];
      readonly idempotencyKey?: string;
      /** What is sent, as the caller tells it apart; default: anything under that key is the same. */
      readonly fingerprint?: string;
      readonly now: number;
      readonly claim?: ClaimRequest;
    },
  ): Promise<{
    readonly ids: readonly DeliveryId[];
    readonly existing: boolean;
    readonly claimed: readonly ClaimedDelivery[];
  }>;

  /** Claims up to `limit` free lanes of an account; begins an attempt for each but the `unknown` ones. Expired ones are buried on the way. */
  claim(
    tenant: TenantId,
    input: ClaimRequest & {
      readonly channel: ChannelId;
      readonly account: AccountId;
      readonly limit: number;
      readonly now: number;
    },
  ): Promise<readonly ClaimedDelivery[]>;

  /** Records a new attempt for a claimed `unknown` delivery; `markedDuplicate` says how it will be sent. Returns its number. */
  begin(
    lease: Lease,
    delivery: DeliveryId,
    input: { readonly now: number; readonly markedDuplicate: boolean },
  ): Promise<number>;

  /** Ends the attempt (0: none was begun). `next` keeps the lane and claims its next due delivery. */
  settle(
    lease: Lease,
    delivery: DeliveryId,
    attempt: number,
    outcome: SendOutcome,
    input: { readonly now: number; readonly next?: ClaimRequest },
  ): Promise<{ readonly next?: ClaimedDelivery }>;

  /** Gives a claimed delivery back as if it had not been claimed; only before anything was sent. `note` goes into its trace. */
  giveBack(
    lease: Lease,
    delivery: DeliveryId,
    input: {
      readonly notBefore: number;
      readonly now: number;
      readonly note?: Pick<TraceNote, "step" | "detail">;
    },
  ): Promise<void>;

  /**
   * Begins a draft's only attempt under its turn's lease, outside the lane. `undefined` when other deliveries of the
   * lane still wait: a draft must not overtake them.
   */
  openDraft(turn: Lease, delivery: NewDelivery, now: number): Promise<DeliveryId | undefined>;
  settleDraft(turn: Lease, delivery: DeliveryId, outcome: SendOutcome, now: number): Promise<void>;

  receipt(tenant: TenantId, receipt: Receipt): Promise<void>;

  /** Cancels a delivery that is not being sent. False when it is too late. */
  cancel(tenant: TenantId, id: DeliveryId, now: number): Promise<boolean>;

  get(tenant: TenantId, id: DeliveryId): Promise<Delivery | undefined>;
  attempts(tenant: TenantId, id: DeliveryId): Promise<readonly Attempt[]>;
  /** Newest first. */
  list(
    tenant: TenantId,
    filter: Page & {
      readonly channel?: ChannelId;
      readonly account?: AccountId;
      readonly states?: readonly DeliveryState[];
      readonly session?: SessionKey;
      readonly turn?: TurnId;
      readonly event?: InboxId;
    },
  ): Promise<Paged<Delivery>>;

  sentMessage(
    tenant: TenantId,
    where: {
      readonly channel: ChannelId;
      readonly account: AccountId;
      readonly conversation: ConversationId;
      readonly messageId: MessageId;
    },
  ): Promise<SentMessage | undefined>;

  controlValue(tenant: TenantId, token: string): Promise<string | undefined>;
}
