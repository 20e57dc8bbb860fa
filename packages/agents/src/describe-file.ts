/** Says in words what a file is, for models that cannot see it and for people. */
import type { AttachmentKind } from "@switchboard/domain";

export interface FileFacts {
  readonly kind: AttachmentKind;
  readonly mimeType?: string;
  readonly fileName?: string;
  /** Bytes. */
  readonly size?: number;
}

const ARTICLES: Readonly<Record<AttachmentKind, string>> = {
  image: "an image",
  video: "a video",
  audio: "an audio file",
  voice: "a voice message",
  document: "a document",
  sticker: "a sticker",
};

/** For example `an image "photo.jpg" (image/jpeg, 34 kB)`. */
export function describeFile({ kind, fileName, mimeType, size }: FileFacts): string {
  const name = fileName === undefined ? "" : ` "${oneLine(fileName)}"`;
  const facts = [...(mimeType === undefined ? [] : [oneLine(mimeType)]), ...(size === undefined ? [] : [bytes(size)])];
  return ARTICLES[kind] + name + (facts.length === 0 ? "" : ` (${facts.join(", ")})`);
}

/** Bytes as a person reads them. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} bytes`;
  if (size < 1_000_000) return `${Math.round(size / 1000)} kB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}

/** File names come from strangers: no line breaks, no quotes that end ours, no endless text. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\s"]+/g, " ")
    .trim()
    .slice(0, 120)
    .toWellFormed();
}
