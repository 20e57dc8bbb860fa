/** What a rendered part holds: stored as JSON between rendering and sending, so its shape is kept readable for older ones. */
import { type Json, type OutboundAttachment, type OutboundPart, SwitchboardError } from "@switchboard/domain";
import { segmentsOf } from "./segments.ts";

export type MediaItem = Pick<OutboundAttachment, "kind" | "source" | "mimeType" | "fileName">;

/** One message: a text, files, or both. */
export interface Payload {
  readonly body: string;
  readonly media?: readonly MediaItem[];
}

const PREVIEW = 200;

/** The preview ends with what the network makes of it, because that is what is paid for. */
export function toPart(payload: Payload): OutboundPart {
  const { body, media = [] } = payload;
  const text = [...media.map(describe), body.slice(0, PREVIEW)].filter((line) => line !== "").join("\n");
  return {
    payload: payload as unknown as Json,
    preview: `${text.slice(0, PREVIEW)} [${cost(payload)}]`.toWellFormed(),
  };
}

/** E.g. `2 SMS segments, UCS-2`. Smart encoding may make it fewer. */
function cost({ body, media = [] }: Payload): string {
  if (media.length > 0) return "MMS";
  const { count, encoding } = segmentsOf(body);
  return `${count} SMS ${count === 1 ? "segment" : "segments"}, ${encoding}`;
}

function describe({ kind, fileName }: MediaItem): string {
  return `[${kind}${fileName ? `: ${fileName.slice(0, 60)}` : ""}]`;
}

/** @throws MSG_001 for something that `toPart` did not make. */
export function fromPart(part: OutboundPart): Payload {
  const payload = part.payload as Partial<Payload> | null;
  if (typeof payload?.body === "string") return payload as Payload;
  throw new SwitchboardError("MSG_001", "The stored part was not made by this channel.");
}
