/** Runs of agents: queued, running, done. */
import type {
  AccountId,
  ChannelId,
  DeliveryId,
  ErrorRecord,
  InboundAttachment,
  InboxId,
  MessageId,
  Priority,
  Sender,
  SessionId,
  SessionKey,
  Target,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import type { ClaimRequest, Lease, Page, Paged } from "./common.ts";
import type { ClaimedDelivery, NewDelivery } from "./outbox.ts";
import type { NewTranscriptEntry, SessionPlace } from "./sessions.ts";

/** `failed` and `expired` have a dead letter; `aborted` and `cancelled` were asked for. */
export type TurnState = "queued" | "running" | "done" | "failed" | "aborted" | "cancelled" | "expired";

/** One thing the agent is told in a turn. */
export interface TurnInput {
  /** The event it came with, so that the event finds its turn. Absent for input that no platform update caused. */
  readonly event?: InboxId;
  readonly messageId?: MessageId;
  readonly sender?: Sender;
  /** Markdown. */
  readonly text: string;
  readonly attachments?: readonly InboundAttachment[];
  /** The account whose connection fetches the attachments; default the session's own. */
  readonly from?: { readonly channel: ChannelId; readonly account: AccountId };
  readonly quoted?: string;
  /** When it was written, by the platform's clock. */
  readonly at: number;
  /** When it came in, by ours. */
  readonly receivedAt?: number;
}

/** An answer may go elsewhere than its session lives, e.g. to an operator who wrote into it. */
export interface ReplyAddress {
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly target: Target;
}

export interface NewTurn {
  readonly id: TurnId;
  readonly session: SessionPlace;
  readonly input: TurnInput;
  /** Where the answer goes; absent: into the transcript only. */
  readonly reply?: ReplyAddress;
  readonly priority: Priority;
  /**
   * The caller's id of the run, e.g. an idempotency key; default the turn's id. A run has a turn of its own: its caller
   * waits for its end.
   */
  readonly run?: string;
  /** Per-turn overrides, e.g. a model. */
  readonly overrides?: Readonly<Record<string, string>>;
  readonly expiresAt: number;
}

/** How a new input meets turns that are already there. */
export interface QueueSettings {
  /**
   * `collect`: joins the turn that waits; `followup`: its own turn; `interrupt`: stops the running turn first, then as
   * `collect`. Only what is answered in the same place joins, and no named run does.
   */
  readonly mode: "collect" | "followup" | "interrupt";
  /** A turn becomes due this long after its last input, in milliseconds. */
  readonly debounceMs: number;
  /** But never later than this after its first. */
  readonly debounceMaxMs: number;
}

export interface Turn {
  readonly id: TurnId;
  readonly tenant: TenantId;
  readonly run: string;
  readonly session: SessionKey;
  readonly sessionId: SessionId;
  readonly agent: string;
  /** The session's home. */
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly reply?: ReplyAddress;
  readonly priority: Priority;
  readonly state: TurnState;
  /** Runs that ended with a retryable error. */
  readonly attempts: number;
  /** How often it was started, crashes included. */
  readonly starts: number;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly expiresAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly error?: ErrorRecord;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly usage?: Usage;
  /** It was asked to stop while it ran, also by an earlier process; whoever runs it ends it as `aborted`. */
  readonly stopRequested?: boolean;
  /** The agent said that it answers later: by this time. */
  readonly awaits?: number;
  /** What it answered then, JSON text. */
  readonly lateAnswer?: string;
  /** It waits for its agent, until this time: see `giveBack`. */
  readonly waitsUntil?: number;
}

/**
 * What became of a later answer. `taken`: the turn goes on with it at once. `known`: it is there already, in the same
 * words. `conflict`: another one is there, or the turn has ended, with which its answer and its token are forgotten.
 * `early`: the turn still runs, try again. `unknown`: no such turn, or the token is not its own.
 */
export type LateAnswer = "taken" | "known" | "conflict" | "early" | "unknown";

/** A queued turn that was taken back, as its callers know it. */
export type CancelledTurn = Pick<Turn, "id" | "run" | "session" | "agent" | "createdAt">;

export interface Usage {
  /** Which runtime spoke with the model. */
  readonly provider?: string;
  readonly model?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Input tokens that the provider had kept; part of the input tokens. */
  readonly cachedTokens?: number;
  /** Part of the output tokens. */
  readonly reasoningTokens?: number;
}

/** A message that already shows part of the answer. */
export interface Draft {
  readonly delivery: DeliveryId;
  /** Absent when its send is `unknown`. */
  readonly messageId?: MessageId;
}

export interface ClaimedTurn {
  readonly lease: Lease;
  readonly turn: Turn;
  readonly inputs: readonly TurnInput[];
  readonly preferences: Readonly<Record<string, string>>;
  /** What the agent returned as its state at the end of the session's last turn. */
  readonly agentState?: string;
  /** Left by an earlier run of the same turn that did not end. */
  readonly draft?: Draft;
}

/** The end of a turn: transcript and deliveries appear together with it, or not at all. */
export interface TurnCompletion {
  /** `failed` and `expired` also write a dead letter. */
  readonly state: "done" | "failed" | "aborted" | "expired";
  /**
   * Leaves the inputs out of the transcript, e.g. because the store refuses them. They stay with the turn, and come
   * with its replay.
   */
  readonly withoutInputs?: true;
  /** What the agent said; the inputs are added to the transcript before it. */
  readonly entries: readonly NewTranscriptEntry[];
  readonly deliveries: readonly NewDelivery[];
  readonly error?: ErrorRecord;
  readonly usage?: Usage;
  /** What that cost, in billionths of the configuration's currency; absent when its price is not known. */
  readonly costNanos?: number;
  /** The agent's own state for the next turn, JSON text. */
  readonly agentState?: string;
  readonly now: number;
  /** Start the first delivery's attempt in the same transaction, if its lane is free. */
  readonly claimDeliveries?: ClaimRequest;
  /** Keep the lane and claim its next due turn. */
  readonly next?: ClaimRequest;
}

export interface CompletionResult {
  readonly deliveries: readonly DeliveryId[];
  readonly claimedDeliveries: readonly ClaimedDelivery[];
  readonly next?: ClaimedTurn;
  /** The turn was asked to stop meanwhile, and nothing was changed: complete it as `aborted`. */
  readonly stopRequested?: true;
}

export interface TurnStore {
  /** Claims up to `limit` free lanes with a due turn, highest priority first, each with its first turn. */
  claim(
    tenant: TenantId,
    input: ClaimRequest & { readonly limit: number; readonly now: number },
  ): Promise<readonly ClaimedTurn[]>;

  /**
   * Claims turns that wait for this agent (see `giveBack`), oldest first, whenever they are due: for a process to which
   * the agent is connected.
   */
  claimWaiting(
    tenant: TenantId,
    input: ClaimRequest & { readonly agent: string; readonly limit: number; readonly now: number },
  ): Promise<readonly ClaimedTurn[]>;

  /** A turn that was asked to stop ends as `aborted` only: see `stopRequested` of the result. */
  complete(lease: Lease, turn: TurnId, completion: TurnCompletion): Promise<CompletionResult>;

  /**
   * Gives the turn back: with `error` as a counted attempt, without as if it had not started. Its lane waits for it.
   * False when it was asked to stop meanwhile: then nothing was changed, and it is to be completed as `aborted`. What the
   * try used is recorded, if it told.
   */
  giveBack(
    lease: Lease,
    turn: TurnId,
    input: {
      readonly error?: ErrorRecord;
      readonly usage?: Usage;
      readonly costNanos?: number;
      readonly notBefore: number;
      readonly now: number;
      /** Its answer comes later: until then no message joins it. `token`: the hash of what proves an answer. */
      readonly awaits?: { readonly until: number; readonly token: string };
      /** It waits for its agent: `claimWaiting` finds it at once, everything else when it is due. Absent: not any more. */
      readonly waitsUntil?: number;
    },
  ): Promise<boolean>;

  /** Keeps the answer of a turn that waits for it, at most one, and makes the turn due. `answer`: JSON text. */
  answerLater(
    tenant: TenantId,
    turn: TurnId,
    input: { readonly token: string; readonly answer: string; readonly now: number },
  ): Promise<LateAnswer>;

  /** Queues a turn that no inbox event caused (an agent's schedule, an operator). */
  enqueue(
    tenant: TenantId,
    turn: NewTurn,
    queue: QueueSettings,
    now: number,
    claim?: ClaimRequest,
  ): Promise<{ readonly id: TurnId; readonly claimed?: ClaimedTurn; readonly stopping: readonly TurnId[] }>;

  /** Cancels queued turns of a session (or one run of it); running ones are named and can end only as `aborted` now. */
  stop(
    tenant: TenantId,
    input: { readonly session: SessionKey; readonly run?: string; readonly now: number },
  ): Promise<{ readonly cancelled: readonly CancelledTurn[]; readonly running: readonly TurnId[] }>;

  get(tenant: TenantId, id: TurnId): Promise<Turn | undefined>;
  /** The newest turn of that run. */
  findByRun(tenant: TenantId, run: string): Promise<Turn | undefined>;
  inputs(tenant: TenantId, id: TurnId): Promise<readonly TurnInput[]>;

  /** Newest first. */
  list(
    tenant: TenantId,
    filter: Page & { readonly session?: SessionKey; readonly states?: readonly TurnState[] },
  ): Promise<Paged<Turn>>;
}
