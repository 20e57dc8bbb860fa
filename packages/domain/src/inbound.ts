/** Every platform update becomes one of these (MSG-1). `raw` is the update as the platform sent it. */
import type { InboundContent } from "./content.ts";
import type { AccountId, ChannelId, ConversationId, MessageId, PeerId, SessionKey, ThreadId } from "./ids.ts";

export type ConversationKind = "direct" | "group" | "channel";

export interface Conversation {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  readonly title?: string;
  /** How a session key names the thread. Default `thread`. */
  readonly threadKind?: "thread" | "topic";
}

export interface Sender {
  readonly id: PeerId;
  /** Handle without `@`. */
  readonly username?: string;
  readonly displayName?: string;
  readonly isBot?: boolean;
  /** The account itself: its own messages never reach an agent. */
  readonly isSelf?: boolean;
}

export interface Mentions {
  readonly users?: readonly PeerId[];
  readonly roles?: readonly string[];
  readonly channels?: readonly ConversationId[];
  /** `@everyone` and its like. */
  readonly everyone?: boolean;
  /** The account itself was addressed, by name or by a reply to one of its messages. */
  readonly self?: boolean;
}

export interface ReplyTo {
  readonly messageId: MessageId;
  readonly sender?: PeerId;
  readonly isSelf?: boolean;
  /** What was quoted, when the platform tells. */
  readonly text?: string;
}

/** What an operator says about the run that a message of theirs starts. */
export interface OperatorInstruction {
  readonly session: SessionKey;
  /** The caller's id of the run. */
  readonly run: string;
  /** Answer where the session lives, e.g. in the chat of a platform, instead of to the operator. */
  readonly deliver?: boolean;
  readonly queueMode?: "collect" | "followup" | "interrupt";
  /** For the agent whatever it looks like: never a chat command. */
  readonly plain?: boolean;
  /** Session parameters for this run only, e.g. `model`. */
  readonly overrides?: Readonly<Record<string, string>>;
}

interface EventBase {
  readonly platform: ChannelId;
  readonly account: AccountId;
  readonly conversation: Conversation;
  readonly thread?: ThreadId;
  /** Absent where the platform does not tell, e.g. a channel post. */
  readonly sender?: Sender;
  /** Set when an operator of the gateway wrote, not a person on a platform. Platforms never set this. */
  readonly operator?: OperatorInstruction;
  /** When it happened by the platform's clock, in Unix milliseconds; 0 where the platform does not say. */
  readonly at: number;
  readonly raw: unknown;
}

export interface MessageEvent extends EventBase {
  readonly kind: "message";
  readonly messageId: MessageId;
  readonly content: InboundContent;
  readonly replyTo?: ReplyTo;
  readonly mentions?: Mentions;
  /** Messages of one album share this. */
  readonly groupedId?: string;
}

export interface EditEvent extends EventBase {
  readonly kind: "edit";
  readonly messageId: MessageId;
  readonly content: InboundContent;
}

export interface DeleteEvent extends EventBase {
  readonly kind: "delete";
  readonly messageIds: readonly MessageId[];
}

export interface ReactionEvent extends EventBase {
  readonly kind: "reaction";
  readonly messageId: MessageId;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** A button was pressed or an option chosen. */
export interface ControlEvent extends EventBase {
  readonly kind: "control";
  /** The message that carried the control, when known. */
  readonly messageId?: MessageId;
  readonly value: string;
  /** Handle for `acknowledge`, where the platform waits for an answer. */
  readonly callback?: string;
}

/** A command that the platform itself delivers as such. Commands typed as text are messages; core lexes them. */
export interface CommandEvent extends EventBase {
  readonly kind: "command";
  readonly messageId?: MessageId;
  readonly name: string;
  readonly text: string;
  readonly callback?: string;
}

/** What became of a message we sent. */
export interface ReceiptEvent extends EventBase {
  readonly kind: "receipt";
  readonly messageIds: readonly MessageId[];
  readonly status: "delivered" | "read" | "failed";
  readonly reason?: string;
}

export interface MembershipEvent extends EventBase {
  readonly kind: "membership";
  /** `self` is the account; otherwise who joined or left. */
  readonly subject: "self" | Sender;
  readonly change: "joined" | "left" | "removed" | "blocked" | "unblocked" | "changed" | "migrated";
  /** After `migrated`: where the conversation lives now. */
  readonly successor?: ConversationId;
}

/** The platform sent something that has no meaning here; kept and shown, never lost. */
export interface UnsupportedEvent extends EventBase {
  readonly kind: "unsupported";
  readonly what: string;
}

export type InboundEvent =
  | MessageEvent
  | EditEvent
  | DeleteEvent
  | ReactionEvent
  | ControlEvent
  | CommandEvent
  | ReceiptEvent
  | MembershipEvent
  | UnsupportedEvent;

export type InboundEventKind = InboundEvent["kind"];
