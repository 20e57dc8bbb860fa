/** What a rendered part holds: stored as JSON between rendering and sending, so its shape is kept readable for older ones. */
import { cutPreview, storedPayload } from "@switchboard/channel-kit/parts";
import type { Json, OutboundAttachment, OutboundPart } from "@switchboard/domain";
import { segmentsOf } from "./segments.ts";

export type MediaItem = Pick<OutboundAttachment, "kind" | "source" | "mimeType" | "fileName">;

/** One message: a text, files, or both. */
export interface Payload {
  readonly body: string;
  readonly media?: readonly MediaItem[];
}

/** The preview ends with what the network makes of it, because that is what is paid for. */
export function toPart(payload: Payload): OutboundPart {
  const { body, media = [] } = payload;
  const text = [...media.map(describe), body].filter((line) => line !== "").join("\n");
  return {
    payload: payload as unknown as Json,
    preview: `${cutPreview(text)} [${cost(payload)}]`,
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
  return storedPayload<Payload>(part, ({ body }) => typeof body === "string");
}
