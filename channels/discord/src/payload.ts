/** What a rendered part holds: stored as JSON between rendering and sending, so its shape is kept readable for older ones. */
import { cutPreview, storedPayload } from "@switchboard/channel-kit/parts";
import type { Json, OutboundAttachment, OutboundPart } from "@switchboard/domain";
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

export function toPart(payload: Payload): OutboundPart {
  const names = (payload.files ?? []).map(({ fileName, kind }) => `[${kind}${fileName ? `: ${fileName}` : ""}]`);
  const preview = [payload.content, ...names].filter((text) => text !== "").join(" ");
  return {
    payload: JSON.parse(JSON.stringify(payload)) as Json,
    preview: cutPreview(preview),
    editable: payload.files === undefined,
  };
}

/** @throws MSG_001 for something that `toPart` did not make. */
export function fromPart(part: OutboundPart): Payload {
  return storedPayload<Payload>(part, ({ content, type }) => type === "message" && typeof content === "string");
}
