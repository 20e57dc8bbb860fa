/** What the pane's page and the simulator tell each other. Types only. */
import type { ShownEntity } from "./nest.ts";

export interface PaneState {
  readonly bot: { readonly id: number; readonly name: string; readonly username: string };
  readonly people: readonly PanePerson[];
  readonly chats: readonly PaneChat[];
  readonly commands: readonly { readonly command: string; readonly description: string }[];
  /** Emoji that one can react with. */
  readonly reactions: readonly string[];
}

export interface PanePerson {
  readonly id: number;
  readonly name: string;
  readonly username?: string;
  readonly blocked: boolean;
}

export interface PaneTopic {
  readonly id: number;
  readonly name: string;
  /** RGB. */
  readonly color: number;
  readonly closed: boolean;
}

export interface PaneChat {
  readonly id: string;
  readonly kind: "private" | "group" | "supergroup" | "channel";
  readonly title: string;
  readonly forum: boolean;
  readonly topics: readonly PaneTopic[];
  /** People who are in it; in a private chat the one person. */
  readonly members: readonly number[];
  readonly botIn: boolean;
  /** The group became a supergroup with this id. */
  readonly successor?: string;
  readonly last?: PaneMessage;
}

export interface PaneButton {
  readonly label: string;
  readonly style?: string;
  readonly url?: string;
  /** Text that pressing it copies. */
  readonly copy?: string;
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
  readonly spoiler: boolean;
}

export interface PaneMessage {
  readonly id: number;
  readonly chat: string;
  readonly thread?: number;
  readonly from: { readonly id: number; readonly name: string };
  readonly fromBot: boolean;
  /** Unix milliseconds. */
  readonly at: number;
  readonly text: string;
  readonly entities: readonly ShownEntity[];
  /** Something that happened, in a few words; then there is nothing else. */
  readonly service?: string;
  readonly media?: PaneMedia;
  readonly album?: string;
  readonly place?: { readonly latitude: number; readonly longitude: number; readonly title?: string };
  readonly contact?: { readonly name: string; readonly phone: string };
  readonly poll?: { readonly question: string; readonly options: readonly string[]; readonly closed: boolean };
  readonly forwardedFrom?: string;
  readonly reply?: { readonly id: number; readonly name: string; readonly text: string };
  readonly buttons: readonly (readonly PaneButton[])[];
  /** A reply keyboard that came with it; no rows take the present one away. */
  readonly keyboard?: readonly (readonly string[])[];
  readonly reactions: readonly { readonly emoji: string; readonly by: readonly number[] }[];
  readonly edited: boolean;
  readonly deleted: boolean;
}

export type PaneEvent =
  | { readonly kind: "message"; readonly message: PaneMessage }
  | { readonly kind: "chat"; readonly chat: PaneChat; readonly people: readonly PanePerson[] }
  | { readonly kind: "typing"; readonly chat: string; readonly thread?: number; readonly action?: string }
  | { readonly kind: "draft"; readonly chat: string; readonly thread?: number; readonly text: string }
  | {
      readonly kind: "answer";
      readonly query: string;
      readonly text?: string;
      readonly alert: boolean;
      readonly url?: string;
    };

/** What one does as a person. `person` is an id, `chat` a chat's id. */
export type PaneAction =
  | {
      readonly kind: "say";
      readonly person: number;
      readonly chat: string;
      readonly text: string;
      readonly thread?: number;
      readonly replyTo?: number;
    }
  | {
      readonly kind: "edit";
      readonly person: number;
      readonly chat: string;
      readonly message: number;
      readonly text: string;
    }
  | {
      readonly kind: "react";
      readonly person: number;
      readonly chat: string;
      readonly message: number;
      readonly emoji: string;
    }
  | {
      readonly kind: "press";
      readonly person: number;
      readonly chat: string;
      readonly message: number;
      readonly label: string;
    }
  | { readonly kind: "person"; readonly name: string }
  | {
      readonly kind: "group";
      readonly title: string;
      readonly people: readonly string[];
      readonly topics: readonly string[];
      readonly channel: boolean;
    }
  | { readonly kind: "topic"; readonly person: number; readonly chat: string; readonly name: string }
  | { readonly kind: "invite"; readonly chat: string; readonly name: string }
  | { readonly kind: "leave"; readonly person: number; readonly chat: string }
  | { readonly kind: "block" | "unblock"; readonly person: number }
  | { readonly kind: "add-bot" | "remove-bot"; readonly person: number; readonly chat: string }
  | { readonly kind: "migrate"; readonly chat: string };

/** What an action led to; an action that went wrong answers 4xx with `error`. */
export interface PaneResult {
  readonly chat?: string;
  readonly message?: number;
  readonly person?: number;
  /** The button's query, which an `answer` event settles. */
  readonly query?: string;
  readonly url?: string;
  readonly error?: string;
}
