/** What a rendered part holds: stored as JSON between rendering and sending, so its shape is kept readable for older ones. */

import type { KnownBlock } from "@slack/types";
import { cutPreview, storedPayload } from "@switchboard/channel-kit/parts";
import type { AttachmentKind, Json, OutboundAttachment, OutboundPart } from "@switchboard/domain";

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

/** Long code, which Slack shows folded. */
export interface SnippetPayload {
  readonly type: "snippet";
  readonly text: string;
  readonly fileName: string;
  /** Slack's name for the language. */
  readonly syntax: string;
  /** What is said about it. Not escaped. */
  readonly comment?: string;
}

export type Payload = MessagePayload | FilesPayload | SnippetPayload;

const types: readonly unknown[] = ["message", "files", "snippet"] satisfies Payload["type"][];

export function toPart(payload: Payload): OutboundPart {
  return {
    payload: payload as unknown as Json,
    preview: cutPreview(previewOf(payload)),
    editable: payload.type === "message",
  };
}

function previewOf(payload: Payload): string {
  switch (payload.type) {
    case "message":
      return payload.text;
    case "files":
      return [...payload.items.map(describe), ...(payload.comment === undefined ? [] : [payload.comment])].join("\n");
    case "snippet":
      return [...(payload.comment === undefined ? [] : [payload.comment]), payload.text].join("\n");
  }
}

/** @throws MSG_001 for something that `toPart` did not make. */
export function fromPart(part: OutboundPart): Payload {
  return storedPayload<Payload>(part, ({ type }) => types.includes(type));
}

function describe({ kind, fileName }: FileItem): string {
  return `[${kind}${fileName ? `: ${fileName}` : ""}]`;
}
