/** Shows a model the files that came with a message: pictures as pictures, texts as text, the rest in words. */
import type { AgentAttachment } from "@switchboard/core/ports";
import { type AttachmentRules, SwitchboardError } from "@switchboard/domain";
import { bytes, describeFile } from "../describe-file.ts";

export interface AttachmentLimits {
  /** Whether pictures may be shown. */
  readonly images: boolean;
  /** A bigger picture is described instead. */
  readonly imageBytes: number;
  /** Of a longer text only the beginning is shown. */
  readonly textBytes: number;
}

/** What a file became for the model. */
export type ShownFile =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly mediaType: string; readonly data: Uint8Array; readonly description: string };

/** Never rejects for the file's sake: what cannot be fetched is described as such. Rejects when `signal` aborts. */
export async function showFile(
  attachment: AgentAttachment,
  limits: AttachmentLimits,
  signal: AbortSignal,
): Promise<ShownFile> {
  const description = describeFile(attachment);
  const inWords = (why?: string): ShownFile => ({
    type: "text",
    text: `[Attached: ${description}${why === undefined ? "" : `; ${why}`}]`,
  });
  try {
    if (mayBePicture(attachment)) {
      if (!limits.images) return inWords("you cannot see it");
      const rules: AttachmentRules = { types: PICTURES, maxBytes: limits.imageBytes, maxSide: LONGEST_SIDE };
      const { content, whole } = await read(attachment, limits.imageBytes, signal, rules);
      if (!whole) return inWords("too large to show you");
      const mediaType = pictureType(content);
      return mediaType ? { type: "image", mediaType, data: content, description } : inWords("you cannot see it");
    }
    if (mayBeText(attachment)) {
      const { content, whole } = await read(attachment, limits.textBytes, signal);
      const text = decoded(content, whole);
      if (text === undefined) return inWords();
      const part = whole ? "" : `; only its first ${bytes(content.length)} are shown`;
      return { type: "text", text: `[Attached: ${description}${part}]\n${fenced(text)}` };
    }
    return inWords();
  } catch (thrown) {
    signal.throwIfAborted();
    const code = thrown instanceof SwitchboardError ? thrown.code : undefined;
    if (code === "MSG_003") return inWords("too large to show you");
    return inWords(code === "MSG_008" ? "you cannot see it" : "it could not be fetched");
  }
}

/** The first `most` bytes of the file, and whether that is all of it. */
async function read(
  attachment: AgentAttachment,
  most: number,
  signal: AbortSignal,
  picture?: AttachmentRules,
): Promise<{ content: Uint8Array; whole: boolean }> {
  const { stream } = await attachment.read(signal, picture);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return { content: Buffer.concat(chunks), whole: true };
      chunks.push(value);
      size += value.byteLength;
      if (size > most) return { content: Buffer.concat(chunks).subarray(0, most), whole: false };
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** What every provider takes. */
const PICTURES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
/** In pixels. Providers make larger ones smaller themselves, at the price of time and tokens. */
const LONGEST_SIDE = 1568;

function mayBePicture({ kind, mimeType }: AgentAttachment): boolean {
  if (mimeType === undefined || mimeType === "application/octet-stream") return kind === "image" || kind === "sticker";
  return /^image\/(?!svg\+xml)/i.test(mimeType);
}

/** The bytes decide, not what the sender claims: providers refuse the whole request for a wrong type. */
function pictureType(content: Uint8Array): string | undefined {
  const start = Buffer.from(content.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "image/gif";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "image/webp";
  return undefined;
}

const TEXT_TYPES =
  /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|toml|javascript|typescript|x-sh|sql|x-ndjson|csv)\b|application\/[\w.-]+\+(?:json|xml))/i;

const TEXT_NAMES =
  /\.(?:txt|md|markdown|csv|tsv|json|jsonl|ndjson|xml|ya?ml|toml|ini|cfg|conf|env|log|html?|css|[cm]?[jt]sx?|py|rb|go|rs|java|kt|swift|c|h|cc|cpp|hpp|cs|php|sh|bash|sql|diff|patch|tex|srt|vtt|ics)$/i;

function mayBeText({ kind, mimeType, fileName }: AgentAttachment): boolean {
  if (kind !== "document") return false;
  return TEXT_TYPES.test(mimeType ?? "") || TEXT_NAMES.test(fileName ?? "");
}

/** UTF-8 text; `undefined` for anything else. A cut in the middle of a character is mended. */
function decoded(content: Uint8Array, whole: boolean): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content, { stream: !whole });
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A code block that the text inside cannot close. */
function fenced(text: string): string {
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}\n${text}\n${fence}`;
}
