/**
 * What every channel's simulator offers: a stateful fake of the platform on loopback, with real HTTP and sockets. The
 * conformance suite, the crash harness, the bench and the sandbox drive platforms through this and know no other door.
 */

import type { Transport } from "./channel.ts";
import type { AttachmentKind } from "./content.ts";
import type { ConversationId, MessageId, ThreadId } from "./ids.ts";
import type { ConversationKind } from "./inbound.ts";
import type { JsonObject } from "./json.ts";

export interface SimulatorOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** SQLite file that keeps the state over restarts, also after SIGKILL; default: memory only. */
  readonly file?: string;
  /** Messages that are kept, the newest; each simulator has a default of its own. */
  readonly history?: number;
  /** First pause between two attempts at a webhook, in milliseconds; platforms without webhooks ignore it. */
  readonly webhookRetryMs?: number;
}

/** The export `startSimulator` of a channel's `./simulator`. */
export type StartSimulator = (options?: SimulatorOptions) => Promise<Simulator>;

export interface Simulator {
  /** What an account's base URL is set to. */
  readonly url: string;
  /** A page in which one plays the platform's people. */
  readonly pane: string;
  /** A ready-made account's config, secrets included. */
  accountConfig(options?: { readonly transport?: Transport }): JsonObject;

  /**
   * For platforms where one enters by hand where they call: they call there from now on. Rejects where the platform tries
   * the address first and finds it wanting.
   */
  enterWebhook?(url: string): void | Promise<void>;

  /**
   * A group (or channel) that the account and these people are in. People are made by naming them. Where the platform
   * has no groups it rejects with MSG_008, and the people are there all the same.
   */
  createGroup(input: {
    readonly title: string;
    readonly people: readonly string[];
    readonly kind?: Exclude<ConversationKind, "direct">;
    /** Threads (topics) to create in it. */
    readonly threads?: readonly string[];
  }): Promise<{ readonly conversation: ConversationId; readonly threads: readonly ThreadId[] }>;

  /** Somebody writes: into the direct chat with the account unless a conversation is named. Resolves when the platform has it. */
  say(input: {
    readonly from: string;
    readonly text?: string;
    readonly conversation?: ConversationId;
    readonly thread?: ThreadId;
    readonly replyTo?: MessageId;
    /** Address the account the platform's way. */
    readonly mention?: boolean;
    readonly attach?: {
      readonly kind: AttachmentKind;
      readonly bytes: Uint8Array;
      readonly fileName?: string;
      readonly mimeType?: string;
    };
  }): Promise<{ readonly conversation: ConversationId; readonly messageId: MessageId }>;

  /** Somebody changes what they wrote. Rejects with MSG_008 where nobody can. */
  edit(input: {
    readonly conversation: ConversationId;
    readonly messageId: MessageId;
    readonly text: string;
  }): Promise<void>;

  /** Somebody reacts. */
  react?(input: {
    readonly from: string;
    readonly conversation: ConversationId;
    readonly messageId: MessageId;
    readonly emoji: string;
  }): Promise<void>;

  /** The account's own reactions to a message, as people see them. */
  ownReactions?(input: { readonly conversation: ConversationId; readonly messageId: MessageId }): readonly string[];

  /** Somebody presses a button of a message. Rejects when there is none with that label. */
  press(input: {
    readonly from: string;
    readonly conversation: ConversationId;
    readonly messageId: MessageId;
    readonly label: string;
  }): Promise<void>;

  /** What the account sent, oldest first, as the platform shows it now. */
  sent(filter?: { readonly conversation?: ConversationId }): readonly SimulatedMessage[];
  /** Resolves when `sent` holds a message that satisfies `found`; rejects after `timeoutMs` (default 10 s) saying what was there. */
  waitFor(
    found: (message: SimulatedMessage) => boolean,
    options?: { readonly conversation?: ConversationId; readonly timeoutMs?: number },
  ): Promise<SimulatedMessage>;

  /** The conversations in which the account shows typing right now. */
  typing(): readonly ConversationId[];

  /** The next `times` matching calls of the account go wrong. */
  inject(fault: Fault): void;
  /**
   * Messages of people that the platform has given up to bring: the account finds them only where it looks by itself, after
   * what was said later. Absent where a platform never gives up.
   */
  givenUp?(): readonly MessageId[];
  /** Sends the account's newest `count` updates again, as platforms do. */
  redeliver(count: number): Promise<void>;

  /** Another account of the same platform and port, with a world of its own; made when there is none of that name. */
  account?(name: string): Simulator;

  close(): Promise<void>;
}

export interface SimulatedMessage {
  readonly id: MessageId;
  readonly conversation: ConversationId;
  readonly thread?: ThreadId;
  /** What a reader sees, formatting removed. */
  readonly text: string;
  /** The same with the platform's formatting made visible as HTML. */
  readonly html?: string;
  readonly controls: readonly (readonly { readonly label: string; readonly url?: string }[])[];
  readonly attachments: readonly {
    readonly kind: AttachmentKind;
    readonly fileName?: string;
    readonly mimeType?: string;
    readonly bytes: Uint8Array;
  }[];
  readonly replyTo?: MessageId;
  readonly at: number;
  /** How often it was edited. */
  readonly edits: number;
  readonly deleted: boolean;
}

export interface Fault {
  /** `send`: a call that makes a message; `edit`; `receive`: the next fetch or socket; `any`. */
  readonly on: "send" | "edit" | "receive" | "any";
  readonly kind: /** "Too many requests", with `retryAfterMs`. */
    | "rate-limit"
    /** The platform fails; nothing happened. */
    | "server-error"
    /** The platform does what was asked and the connection breaks before the answer. */
    | "cut-after"
    /** The connection breaks and nothing happened. */
    | "cut-before"
    /** The answer takes `delayMs`. */
    | "slow"
    /** The account may not write there. */
    | "forbidden"
    /** The credential is refused. */
    | "unauthorised";
  readonly times: number;
  readonly retryAfterMs?: number;
  readonly delayMs?: number;
  readonly conversation?: ConversationId;
}
