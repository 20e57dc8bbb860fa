/** What a platform can do, as data. Shared code asks here and never for a platform's name. */
import type { AttachmentKind } from "./content.ts";

/** What files of one kind must be like. Pictures that are not are converted or scaled; other files are refused. */
export interface AttachmentRules {
  /** Bytes. */
  readonly maxBytes: number;
  /** MIME types that are taken, `video/*` for a whole family; absent: any. The first picture type is preferred. */
  readonly types?: readonly string[];
  /** Longest side of a picture, in pixels. */
  readonly maxSide?: number;
  /** Width times height of a picture. */
  readonly maxPixels?: number;
}

export interface Capabilities {
  readonly text: {
    /** Longest text of one message, in `unit`s, after rendering. */
    readonly maxLength: number;
    readonly unit: "utf16" | "codepoint" | "byte";
  };
  /** Kinds that can be sent as files. `AccountContext.openAttachment` sees to it that files are as said here. */
  readonly attachments: Partial<Record<AttachmentKind, AttachmentRules>>;
  readonly controls: {
    /** Most buttons below one message; 0 when there are none: then `spellOut` numbers them, and a number answers. */
    readonly buttons: number;
    /** Selects shown natively; otherwise as buttons. */
    readonly selects: boolean;
    /** Longest value that fits the platform's callback, in bytes; longer ones go through a token. */
    readonly valueBytes: number;
  };
  readonly threads: boolean;
  readonly replies: boolean;
  /** What was sent can be changed: `Connection.edit`. */
  readonly edits: boolean;
  /** What was sent can be taken back: `Connection.remove`. */
  readonly deletes: boolean;
  /** `in`: people's come as events. `out`: the account sets its own with `Connection.react`. */
  readonly reactions: { readonly in: boolean; readonly out: boolean };
  /** How long one typing signal lasts, in milliseconds; absent when there is none. */
  readonly typingMs?: number;
  /** Least time between two edits of a streamed answer, in milliseconds; absent when answers do not stream. */
  readonly streamMs?: { readonly direct: number; readonly group: number };
  readonly receipts: { readonly delivered: boolean; readonly read: boolean };
  /** The connection can tell whether an `unknown` send arrived. */
  readonly reconciles: boolean;
}
