/** What a rendered part holds: stored as JSON between rendering and sending, so its shape is kept readable for older ones. */

import { fields, items, text } from "@switchboard/channel-kit/json";
import { cutPreview, storedPayload } from "@switchboard/channel-kit/parts";
import type { AttachmentKind, Json, OutboundAttachment, OutboundPart } from "@switchboard/domain";
import type { Interactive } from "./controls.ts";
import type { Template } from "./template.ts";

interface Common {
  /** Not the first part of its content: does not repeat the reply. */
  readonly follows?: boolean;
}

export interface TextPayload extends Common {
  readonly type: "text";
  readonly text: string;
}

export interface InteractivePayload extends Common {
  readonly type: "interactive";
  readonly text: string;
  readonly interactive: Interactive;
}

export interface MediaPayload extends Common {
  readonly type: "media";
  readonly kind: AttachmentKind;
  /** Goes as a plain file, whatever it is: for what has no caption of its own. */
  readonly asDocument?: boolean;
  readonly source: OutboundAttachment["source"];
  readonly fileName?: string;
  readonly mimeType?: string;
  readonly caption?: string;
}

export interface TemplatePayload extends Common {
  readonly type: "template";
  readonly template: Template;
  /** Sent a second time, perhaps. Templates have no place for a note. */
  readonly repeat?: boolean;
}

/** A place or contacts: what stands in the field that `type` names. */
export interface CardPayload extends Common {
  readonly type: "location" | "contacts";
  readonly card: Json;
  /** As of templates. */
  readonly repeat?: boolean;
}

export type Payload = TextPayload | InteractivePayload | MediaPayload | TemplatePayload | CardPayload;

const types: readonly unknown[] = [
  "text",
  "interactive",
  "media",
  "template",
  "location",
  "contacts",
] satisfies Payload["type"][];

export function toPart(payload: Payload): OutboundPart {
  return { payload: payload as unknown as Json, preview: cutPreview(previewOf(payload)) };
}

/** @throws MSG_001 for something that `toPart` did not make. */
export function fromPart(part: OutboundPart): Payload {
  return storedPayload<Payload>(part, ({ type }) => types.includes(type));
}

function previewOf(payload: Payload): string {
  switch (payload.type) {
    case "media": {
      const { caption, fileName, kind } = payload;
      return `[${kind}${fileName ? `: ${fileName}` : ""}]${caption ? ` ${caption}` : ""}`;
    }
    case "template":
      return `[template: ${payload.template.name}]${payload.repeat ? " (perhaps a repeat)" : ""}`;
    case "location":
    case "contacts":
      return `[${payload.type}: ${cardTitle(payload)}]${payload.repeat ? " (perhaps a repeat)" : ""}`;
    default:
      return payload.text;
  }
}

function cardTitle({ card }: CardPayload): string {
  const { latitude, longitude, name } = fields(card);
  const contacts = items(card).map((each) => text(fields(fields(each).name).formatted_name) ?? "");
  return contacts.length > 0 ? contacts.join(", ") : (text(name) ?? `${String(latitude)}, ${String(longitude)}`);
}
