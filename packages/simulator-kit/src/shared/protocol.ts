/**
 * What the pane's page and the simulator tell each other. Types only. Ids are the platform's own, as text; numbers that
 * messages are ordered by stand beside them.
 */
import type { RichNode } from "./rich.ts";

/** What makes the page look and behave like one platform's. */
export interface PaneLook {
  /** The platform's name. */
  readonly name: string;
  /** `bubbles` left and right, or `lines` below each other with everybody's picture. Default bubbles. */
  readonly layout?: "bubbles" | "lines";
  /** In the empty field. Default "Message". */
  readonly placeholder?: string;
  /** Emoji can be sent as stickers. */
  readonly stickers?: boolean;
  /** What people cannot do there. */
  readonly without?: readonly ("edit" | "reply" | "files" | "groups")[];
}

export interface PaneState {
  readonly look: PaneLook;
  readonly account: PaneAccount;
  readonly people: readonly PanePerson[];
  readonly chats: readonly PaneChat[];
  /** Suggested while one types `/`. */
  readonly commands: readonly { readonly command: string; readonly description: string }[];
  /** Emoji that one can react with, the handiest first; none: there are no reactions. */
  readonly reactions: readonly string[];
  /** What one can make: groups, channels. New people are always offered. */
  readonly menu: readonly PaneMenuItem[];
}

export interface PaneAccount {
  readonly id: string;
  readonly name: string;
  /** What it is addressed by, after `@`. */
  readonly handle?: string;
}

export interface PanePerson {
  readonly id: string;
  readonly name: string;
  readonly handle?: string;
}

export interface PaneChat {
  readonly id: string;
  readonly kind: "direct" | "group" | "channel";
  /** As its people see it: a direct chat has the account's name. */
  readonly title: string;
  /** Below the title: "3 members". */
  readonly subtitle: string;
  /** Shown as tabs, after the chat itself; absent where there is no such thing. */
  readonly threads?: readonly PaneThread[];
  /** What the first tab is called. Default "General". */
  readonly main?: string;
  /** People who are in it; in a direct chat the one person. */
  readonly members: readonly string[];
  /** In a group commands are addressed: `/start@handle`. */
  readonly addressed?: boolean;
  /** It goes on under this id, and is no longer shown. */
  readonly successor?: string;
  readonly last?: PaneMessage;
  readonly menu: readonly PaneMenuItem[];
  /** The button beside the tabs. */
  readonly newThread?: PaneMenuItem;
  /** A button in place of the field. */
  readonly instead?: { readonly label: string; readonly says?: string; readonly does?: string };
}

export interface PaneThread {
  readonly id: string;
  readonly name: string;
  /** A CSS colour. */
  readonly color?: string;
  readonly closed?: boolean;
}

/** Something one can do besides talking; chosen, it sends a `do`. */
export interface PaneMenuItem {
  readonly does: string;
  readonly label: string;
  readonly danger?: boolean;
  /** Asked first. */
  readonly fields?: readonly PaneField[];
  /** On the button below the fields. Default "OK". */
  readonly ok?: string;
}

export interface PaneField {
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly optional?: boolean;
  /** Several lines. */
  readonly long?: boolean;
  /** To choose from, rather than to type. */
  readonly options?: readonly PaneOption[];
}

export interface PaneOption {
  readonly value: string;
  readonly label: string;
}

export type PaneControl = PaneButton | PaneSelect;

export interface PaneButton {
  readonly label: string;
  readonly style?: "primary" | "success" | "danger";
  readonly url?: string;
  /** Text that pressing it copies. */
  readonly copy?: string;
  readonly disabled?: boolean;
}

export interface PaneSelect {
  readonly label: string;
  readonly options: readonly PaneOption[];
  /** More than one may be chosen. */
  readonly many?: boolean;
}

export interface PaneMedia {
  readonly kind: "image" | "video" | "audio" | "voice" | "document" | "sticker";
  /** For `/pane/file`. */
  readonly file: string;
  readonly name?: string;
  readonly mimeType?: string;
  /** Bytes. */
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
  readonly spoiler?: boolean;
}

/** A frame within a message: a place, a contact, a poll, an embed. */
export interface PaneCard {
  readonly title?: string;
  readonly rich?: readonly RichNode[];
  readonly options?: readonly string[];
  /** A CSS colour, of its edge. */
  readonly color?: string;
}

export interface PaneMessage {
  readonly id: string;
  /** Grows from message to message of a chat, threads included. */
  readonly order: number;
  readonly chat: string;
  readonly thread?: string;
  readonly from: { readonly id: string; readonly name: string };
  readonly fromAccount: boolean;
  /** Unix milliseconds. */
  readonly at: number;
  /** Without formatting; what lists and replies show. */
  readonly text: string;
  /** With formatting; `text` is shown when it is left out. */
  readonly rich?: readonly RichNode[];
  /** What one would type for it, for editing; default `text`. */
  readonly typed?: string;
  /** Something that happened, in a few words; then there is nothing else. */
  readonly service?: string;
  readonly media?: readonly PaneMedia[];
  readonly cards?: readonly PaneCard[];
  readonly forwardedFrom?: string;
  readonly reply?: { readonly id: string; readonly name: string; readonly text: string };
  readonly controls: readonly (readonly PaneControl[])[];
  /** A keyboard below the field that came with it; no rows take the present one away. */
  readonly keyboard?: readonly (readonly string[])[];
  readonly reactions: readonly { readonly emoji: string; readonly by: readonly string[] }[];
  /** How far it came: "delivered", "read", "failed: 131047". */
  readonly status?: string;
  /** The only person who sees it. */
  readonly onlyFor?: string;
  readonly menu?: readonly PaneMenuItem[];
  readonly edited: boolean;
  readonly deleted: boolean;
}

/** A form that the account opened for somebody. */
export interface PaneForm {
  readonly id: string;
  readonly title: string;
  readonly text?: string;
  readonly fields: readonly PaneField[];
  readonly ok: string;
}

export type PaneEvent =
  | { readonly kind: "message"; readonly message: PaneMessage }
  | { readonly kind: "chat"; readonly chat: PaneChat; readonly people: readonly PanePerson[] }
  /** Without a text: no longer. */
  | { readonly kind: "typing"; readonly chat: string; readonly thread?: string; readonly text?: string }
  /** What the account is about to say, so far; an empty text ends it. */
  | { readonly kind: "draft"; readonly chat: string; readonly thread?: string; readonly text: string }
  /** Settles a pressed control, by the `query` that pressing it answered. */
  | { readonly kind: "answer"; readonly query: string; readonly text?: string; readonly alert: boolean }
  | { readonly kind: "form"; readonly person: string; readonly form: PaneForm }
  /** More has changed than an event can say: read everything anew. */
  | { readonly kind: "reload" };

/** What one does as a person. */
export type PaneAction =
  | {
      readonly kind: "say";
      readonly person: string;
      readonly chat: string;
      readonly text: string;
      readonly thread?: string;
      readonly replyTo?: string;
    }
  | {
      readonly kind: "edit";
      readonly person: string;
      readonly chat: string;
      readonly message: string;
      readonly text: string;
    }
  | {
      readonly kind: "react";
      readonly person: string;
      readonly chat: string;
      readonly message: string;
      readonly emoji: string;
    }
  | {
      readonly kind: "press";
      readonly person: string;
      readonly chat: string;
      readonly message: string;
      readonly label: string;
    }
  | {
      readonly kind: "select";
      readonly person: string;
      readonly chat: string;
      readonly message: string;
      readonly label: string;
      readonly values: readonly string[];
    }
  /** Somebody of that name, new or known, gets a chat with the account. */
  | { readonly kind: "person"; readonly name: string }
  | {
      readonly kind: "do";
      readonly does: string;
      readonly person: string;
      readonly chat?: string;
      readonly message?: string;
      readonly values: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "submit";
      readonly person: string;
      readonly form: string;
      readonly values: Readonly<Record<string, string>>;
    };

/** What an action led to; an action that went wrong answers 4xx with `error`. */
export interface PaneResult {
  /** To be shown, when a `do` made or found it. */
  readonly chat?: string;
  readonly thread?: string;
  readonly message?: string;
  readonly person?: string;
  /** The control's query, which an `answer` event settles. */
  readonly query?: string;
  readonly url?: string;
  readonly error?: string;
}
