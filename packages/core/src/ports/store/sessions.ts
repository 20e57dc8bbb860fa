/** Sessions, their transcripts and preferences. */
import type {
  AccountId,
  AttachmentKind,
  ChannelId,
  ConversationId,
  ConversationKind,
  Json,
  MessageId,
  PeerId,
  SessionId,
  SessionKey,
  Target,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import type { Page, Paged } from "./common.ts";

/**
 * `note`: something the agent should know but nobody said, e.g. an edit or a failure. `notice`: between a person and
 * the gateway, e.g. a command and its reply; shown to people, never to the agent.
 */
export type TranscriptRole = "user" | "assistant" | "note" | "notice";

export interface TranscriptAttachment {
  readonly kind: AttachmentKind;
  readonly mimeType?: string;
  readonly fileName?: string;
  readonly size?: number;
  /** Where the bytes are: an inbound `ref` of the channel, or a blob of the media store. */
  readonly ref?: Json;
  readonly blob?: string;
}

export interface NewTranscriptEntry {
  readonly role: TranscriptRole;
  /** Markdown. */
  readonly text: string;
  readonly at: number;
  readonly sender?: string;
  /** The platform's id of the message it was, by which `ofMessage` finds it; not read back. */
  readonly messageId?: MessageId;
  readonly attachments?: readonly TranscriptAttachment[];
  readonly thinking?: string;
  /** The answer is not whole: stopped or broken off. */
  readonly partial?: boolean;
  /** Controls that were offered, tool calls made, and the like; JSON. */
  readonly extra?: Json;
}

export interface TranscriptEntry extends Omit<NewTranscriptEntry, "messageId"> {
  /** Grows within a session. */
  readonly seq: number;
  readonly sessionId: SessionId;
  readonly turn?: TurnId;
}

/** Where a session lives: made or touched when a turn is queued. */
export interface SessionPlace {
  readonly key: SessionKey;
  readonly agent: string;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  readonly title?: string;
  /** Where replies go when nobody says otherwise. */
  readonly target: Target;
  /** After this long without a turn the next one starts a new session id, in milliseconds. */
  readonly idleMs: number;
}

export interface Session {
  readonly key: SessionKey;
  readonly tenant: TenantId;
  readonly id: SessionId;
  readonly agent: string;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  readonly title?: string;
  readonly target: Target;
  readonly createdAt: number;
  readonly lastActiveAt: number;
  readonly entries: number;
  /** Text of the newest entry, shortened. */
  readonly preview?: string;
  readonly agentState?: string;
  /** Absent when there are none. */
  readonly preferences?: Readonly<Record<string, string>>;
}

/** What the turns of one session used on one day with one model. */
export interface SessionUsage {
  readonly session: SessionKey;
  readonly model?: string;
  /** Days since 1970, in the time zone that was asked for. */
  readonly day: number;
  readonly turns: number;
  /** Turns whose provider told nothing of what they used. */
  readonly untold: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface SessionStore {
  get(tenant: TenantId, key: SessionKey): Promise<Session | undefined>;
  /** Most recently active first. `search` looks into key, title, label and preview; `label` is the preference of that name. */
  list(
    tenant: TenantId,
    filter: Page & {
      readonly agent?: string;
      readonly channel?: ChannelId;
      readonly search?: string;
      readonly label?: string;
      readonly id?: SessionId;
    },
  ): Promise<Paged<Session>>;

  /** The direct chat with that person that was active last. */
  directWith(
    tenant: TenantId,
    where: { readonly channel: ChannelId; readonly account: AccountId; readonly peer: PeerId },
  ): Promise<Session | undefined>;

  /** Makes an empty session, or returns the one that is there, unchanged. */
  create(tenant: TenantId, place: SessionPlace, now: number): Promise<Session>;

  /**
   * The newest `limit` entries, oldest first. `before`: only entries with a smaller seq. `sessionId`: only that
   * stretch.
   */
  transcript(
    tenant: TenantId,
    key: SessionKey,
    input: { readonly limit: number; readonly before?: number; readonly sessionId?: SessionId },
  ): Promise<readonly TranscriptEntry[]>;

  /**
   * The session of this conversation whose agent knows one of these messages: it wrote it, was told it lately (among
   * the newest 500 entries), or is about to be. `prefer` is looked at first. `undefined` when none does.
   */
  ofMessage(
    tenant: TenantId,
    where: {
      readonly channel: ChannelId;
      readonly account: AccountId;
      readonly conversation: ConversationId;
      readonly messageIds: readonly MessageId[];
      readonly prefer: SessionKey;
    },
  ): Promise<SessionKey | undefined>;

  append(tenant: TenantId, key: SessionKey, entry: NewTranscriptEntry): Promise<number>;

  preferences(tenant: TenantId, key: SessionKey): Promise<Readonly<Record<string, string>>>;
  setPreference(tenant: TenantId, key: SessionKey, name: string, value: string | null): Promise<void>;

  reset(tenant: TenantId, key: SessionKey, now: number): Promise<SessionId | undefined>;

  /**
   * Wipes a session with its transcript, its preferences and its turns; their dead letters count as discarded. `busy`
   * while turns of it wait or run: then nothing is changed. What came in and what was sent stays on record as long as
   * everything does.
   */
  delete(tenant: TenantId, key: SessionKey, now: number): Promise<"deleted" | "busy" | "absent">;

  /**
   * Forgets all entries of the transcript but the newest `count`, and what the agent kept of its own. `undefined` when
   * there is no such session.
   */
  keepNewest(
    tenant: TenantId,
    key: SessionKey,
    count: number,
  ): Promise<{ readonly removed: number; readonly kept: number } | undefined>;

  /** What ended turns used, by session, model and day. `from` inclusive, `to` exclusive, by the turns' creation. */
  usage(
    tenant: TenantId,
    input: {
      readonly from: number;
      readonly to: number;
      /** How far the wanted time zone is ahead of UTC, in milliseconds. */
      readonly offsetMs: number;
      readonly session?: SessionKey;
    },
  ): Promise<readonly SessionUsage[]>;
}
