/** What a rendered part holds: stored as JSON between rendering and sending, so its shape is kept readable for older ones. */

import type { KnownBlock } from "@slack/types";
import type { AttachmentKind, Json, OutboundAttachment, OutboundPart } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain";

export interface MessagePayload {
  readonly type: "message";
  /** For notifications and for programs that show no blocks. Not escaped. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

export interface FileItem {
  readonly kind: AttachmentKind;
  readonly source: OutboundAttachment["source"];
  readonly fileName?: string;
  readonly mimeType?: string;
}

/** Files that are shown as one message. */
export interface FilesPayload {
  readonly type: "files";
  readonly items: readonly [FileItem, ...FileItem[]];
  /** What is said about them. Not escaped. */
  readonly comment?: string;
}

export type Payload = MessagePayload | FilesPayload;

const PREVIEW = 200;

export function toPart(payload: Payload): OutboundPart {
  const preview =
    payload.type === "message"
      ? payload.text
      : [...payload.items.map(describe), ...(payload.comment === undefined ? [] : [payload.comment])].join("\n");
  return {
    payload: payload as unknown as Json,
    preview: preview.slice(0, PREVIEW).toWellFormed(),
    editable: payload.type === "message",
  };
}

/** @throws MSG_001 for something that `toPart` did not make. */
export function fromPart(part: OutboundPart): Payload {
  const payload = part.payload as Partial<Payload> | null;
  if (payload?.type === "message" || payload?.type === "files") return payload as Payload;
  throw new SwitchboardError("MSG_001", "The stored part was not made by this channel.");
}

function describe({ kind, fileName }: FileItem): string {
  return `[${kind}${fileName ? `: ${fileName}` : ""}]`;
}
