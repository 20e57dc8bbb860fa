/** Transcript entries as chat clients draw them. */
import type { NewTranscriptEntry, TranscriptEntry } from "@switchboard/core";
import type { Json } from "@switchboard/domain";
import type { ChatMessage, MessagePart } from "@switchboard/protocol";

type ControlRows = Extract<MessagePart, { type: "controls" }>["controls"];

/** `maxChars` shortens long texts; the reader sees that by the dots at the end. */
export function messageOf(entry: TranscriptEntry | NewTranscriptEntry, run?: string, maxChars?: number): ChatMessage {
  const parts: MessagePart[] = [];
  if (entry.thinking) parts.push({ type: "thinking", thinking: entry.thinking });
  if (entry.text !== "" || parts.length === 0) parts.push({ type: "text", text: shortened(entry.text, maxChars) });
  for (const { kind, mimeType, fileName, size, blob, ref } of entry.attachments ?? []) {
    const place = blob ?? blobOf(ref);
    parts.push({
      type: kind,
      ...(mimeType !== undefined && { mimeType }),
      ...(fileName !== undefined && { fileName }),
      ...(size !== undefined && { sizeBytes: size }),
      ...(place !== undefined && { blob: place }),
      ...(urlOf(ref) !== undefined && { url: urlOf(ref) }),
    } as MessagePart);
  }
  const controls = (entry.extra as { controls?: ControlRows } | undefined)?.controls;
  if (controls) parts.push({ type: "controls", controls });
  return {
    role: roleOf(entry),
    content: parts,
    timestamp: entry.at,
    ...(entry.sender !== undefined && { sender: entry.sender }),
    ...(run !== undefined && { runId: run }),
    ...(entry.partial && { partial: true }),
    ...("seq" in entry && {
      __openclaw: {
        id: `${entry.sessionId}:${entry.seq}`,
        seq: entry.seq,
        ...(entry.role === "notice" && { kind: "notice" }),
      },
    }),
  };
}

/** A notice is one side of an exchange between a person and the gateway: with a sender it is the person's. */
function roleOf(entry: NewTranscriptEntry): ChatMessage["role"] {
  if (entry.role !== "notice") return entry.role;
  return entry.sender === undefined ? "assistant" : "user";
}

function shortened(text: string, most: number | undefined): string {
  if (most === undefined || text.length <= most) return text;
  return `${text.slice(0, most).toWellFormed()} …`;
}

function blobOf(ref: Json | undefined): string | undefined {
  const blob = (ref as { blob?: unknown } | undefined)?.blob;
  return typeof blob === "string" ? blob : undefined;
}

function urlOf(ref: Json | undefined): string | undefined {
  const url = (ref as { url?: unknown } | undefined)?.url;
  return typeof url === "string" ? url : undefined;
}
