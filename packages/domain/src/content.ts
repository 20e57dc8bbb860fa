/** What a message says: text as Markdown (mdast), attachments, controls. The same shape for every platform. */
import type { Root } from "mdast";
import type { Json } from "./json.ts";

export type AttachmentKind = "image" | "video" | "audio" | "voice" | "document" | "sticker";

/** What the main part of a message is (MSG-3). */
export type ContentType = "text" | AttachmentKind | "location" | "contact" | "embed" | "interactive" | "poll";

/** A file that came in. Its bytes are fetched through the connection's `download` when someone needs them. */
export interface InboundAttachment {
  readonly kind: AttachmentKind;
  /** Opaque handle that the channel's `download` understands; must survive JSON and restarts. */
  readonly ref: Json;
  readonly mimeType?: string;
  readonly fileName?: string;
  /** Bytes. */
  readonly size?: number;
  readonly durationMs?: number;
  readonly width?: number;
  readonly height?: number;
}

export interface Location {
  readonly latitude: number;
  readonly longitude: number;
  readonly title?: string;
  readonly address?: string;
}

export interface Contact {
  readonly name: string;
  readonly phone?: string;
  readonly email?: string;
}

/** What somebody wrote. At least one of text, attachments, location and contact is there. */
export interface InboundContent {
  readonly type: ContentType;
  /** Plain text as typed, sanitised; for media the caption. */
  readonly text?: string;
  /** The same text as Markdown, when the platform said how it was formatted. */
  readonly markdown?: string;
  readonly attachments?: readonly InboundAttachment[];
  readonly location?: Location;
  readonly contact?: Contact;
}

/** A file that goes out: bytes in the media store, or an address the platform or the gateway fetches. */
export interface OutboundAttachment {
  readonly kind: AttachmentKind;
  readonly source: { readonly blob: string } | { readonly url: string };
  readonly mimeType?: string;
  readonly fileName?: string;
  /** Bytes, when known. */
  readonly size?: number;
  readonly caption?: string;
}

/** Pressing it comes back as a control event with `value`. */
export interface Button {
  readonly kind: "button";
  readonly label: string;
  readonly value: string;
  readonly style?: "primary" | "danger";
}

/** Opens an address; nothing comes back. */
export interface LinkButton {
  readonly kind: "link";
  readonly label: string;
  readonly url: string;
}

/** Choosing comes back as a control event with the option's `value`. Shown as buttons where there are no selects. */
export interface Select {
  readonly kind: "select";
  readonly label: string;
  readonly options: readonly { readonly label: string; readonly value: string }[];
}

export type Control = Button | LinkButton | Select;

/** What an agent or the gateway says. Channels render it natively; nothing is cut silently. */
export interface OutboundContent {
  readonly body: Root;
  readonly attachments?: readonly OutboundAttachment[];
  /** Rows of controls below the text. */
  readonly controls?: readonly (readonly Control[])[];
  /** The model's reasoning, shown collapsed where the platform can. */
  readonly thinking?: string;
}
