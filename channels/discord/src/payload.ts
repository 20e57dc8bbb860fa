/** What a rendered part holds: stored as JSON between rendering and sending, so its shape is kept readable for older ones. */
import { type Json, type OutboundAttachment, type OutboundPart, SwitchboardError } from "@switchboard/domain";
import type { Row } from "./components.ts";

export interface Payload {
  readonly type: "message";
  /** Discord's Markdown; empty for files alone. */
  readonly content: string;
  readonly files?: readonly OutboundAttachment[];
  readonly components?: readonly Row[];
  /** Not the first part of its content: does not repeat the reply. */
  readonly follows?: boolean;
}

const PREVIEW = 200;

export function toPart(payload: Payload): OutboundPart {
  const names = (payload.files ?? []).map(({ fileName, kind }) => `[${kind}${fileName ? `: ${fileName}` : ""}]`);
  const preview = [payload.content, ...names].filter((text) => text !== "").join(" ");
  return {
    payload: JSON.parse(JSON.stringify(payload)) as Json,
    preview: preview.slice(0, PREVIEW).toWellFormed(),
    editable: payload.files === undefined,
  };
}

/** @throws MSG_001 for something that `toPart` did not make. */
export function fromPart(part: OutboundPart): Payload {
  const payload = part.payload as Partial<Payload> | null;
  if (payload?.type === "message" && typeof payload.content === "string") return payload as Payload;
  throw new SwitchboardError("MSG_001", "The stored part was not made by this channel.");
}
