/** What one bot's Discord is made of. */
import type { AttachmentKind } from "@switchboard/domain";
import type { APIMessage, APIUser } from "discord-api-types/v10";

/** A flag of a message: that an answer will come. */
export const LOADING = 1 << 7;

export interface Person {
  readonly name: string;
  readonly user: APIUser;
}

export interface Channel {
  readonly id: string;
  /** Discord's number: 0 text, 1 direct, 5 announcements, 11 thread. */
  readonly type: number;
  readonly name: string;
  readonly guild?: string;
  readonly parent?: string;
  /** Ids of the people who are in it. Empty for a thread, which has its parent's. */
  members: string[];
}

export interface Message {
  readonly wire: APIMessage;
  readonly fromBot: boolean;
  edits: number;
  deleted: boolean;
  /** The only person who sees it. */
  readonly onlyFor?: string;
  /** Emoji to the ids of those who reacted. */
  readonly reactions: Record<string, string[]>;
}

export interface Stored {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly kind: AttachmentKind;
}

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly person: Person;
  readonly channel: Channel;
  readonly message?: Message;
  /** When it happened. */
  readonly at: number;
  /** What was suggested. */
  choices?: readonly string[];
  /** The message of the first answer. */
  original?: Message;
  ephemeral: boolean;
  responded: boolean;
}

export type Change =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "channel"; readonly channel: Channel }
  | { readonly kind: "typing"; readonly channel: Channel; readonly on: boolean }
  | { readonly kind: "answer"; readonly query: string; readonly text?: string }
  | { readonly kind: "form"; readonly person: Person; readonly form: FormShown };

export interface FormShown {
  readonly id: string;
  readonly title: string;
  readonly customId: string;
  readonly fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly long: boolean;
    readonly optional: boolean;
  }[];
}

export interface Command {
  readonly name: string;
  readonly description: string;
  readonly type?: number;
  readonly options?: readonly { readonly name: string }[];
}
