/** A file on its way: what it is by its content, made to fit where it may be. */
import { type AttachmentKind, type AttachmentRules, type OutboundMedia, SwitchboardError } from "@switchboard/domain";
import { fileNameOf, renamed } from "./file-name.ts";
import { limitedStream, tooLarge } from "./limited-stream.ts";
import { fitPicture, isPicture } from "./pictures/fit.ts";
import { sniff } from "./sniff.ts";
import type { Spool, Spooled } from "./spool.ts";
import { takes } from "./takes.ts";

/** A picture may be so large before it is made smaller. */
export const PICTURE_BYTES = 50 * 1024 * 1024;

export interface Incoming {
  readonly stream: ReadableStream<Uint8Array>;
  readonly kind: AttachmentKind;
  /** Exactly, when it is known. */
  readonly size?: number;
  /** What somebody says it is. */
  readonly claimed?: string | undefined;
  /** By preference. */
  readonly names: readonly (string | undefined)[];
}

/** Pictures are changed only where a picture is meant; a document is somebody's very file. */
export function isPictureKind(kind: AttachmentKind): boolean {
  return kind === "image" || kind === "sticker";
}

/** Streams through what is fine as it is. @throws MSG_003, MSG_008, STORE_*, or what the stream throws. */
export async function prepare(
  { claimed, kind, names, size, stream: source }: Incoming,
  rules: AttachmentRules,
  spool: Spool,
  signal: AbortSignal,
): Promise<OutboundMedia> {
  const { extension, mimeType = "application/octet-stream", stream } = await sniff(source, claimed);
  const fileName = fileNameOf(kind, mimeType, names, extension);
  try {
    if (isPictureKind(kind) && isPicture(mimeType)) {
      if (size === undefined || mustBeSeen(mimeType, size, rules)) {
        const whole = await spool.write(stream, Math.max(rules.maxBytes, PICTURE_BYTES), signal);
        const fitted = mustBeSeen(mimeType, whole.size, rules)
          ? await fitPicture(whole, mimeType, rules, spool, signal)
          : { file: whole, mimeType };
        const name = fitted.mimeType === mimeType ? fileName : renamed(fileName, fitted.mimeType);
        return await spooled(fitted.file, fitted.mimeType, name, signal);
      }
    } else if (!takes(rules, mimeType)) {
      throw new SwitchboardError(
        "MSG_008",
        `A file of type ${mimeType} cannot be sent as ${kind} here; it may be ${rules.types?.join(", ")}.`,
      );
    }
    if (size === undefined) {
      return await spooled(await spool.write(stream, rules.maxBytes, signal), mimeType, fileName, signal);
    }
    if (size > rules.maxBytes) throw tooLarge(rules.maxBytes, size);
  } catch (error) {
    await stream.cancel(error).catch(() => {});
    throw error;
  }
  return { stream: whole(stream, size, signal), mimeType, fileName, size };
}

/** Whether it takes a look at the picture to know that it fits. */
function mustBeSeen(mimeType: string, size: number, rules: AttachmentRules): boolean {
  const measured = rules.maxSide !== undefined || rules.maxPixels !== undefined;
  return measured || size > rules.maxBytes || !takes(rules, mimeType);
}

async function spooled(file: Spooled, mimeType: string, fileName: string, signal: AbortSignal): Promise<OutboundMedia> {
  return { stream: await file.stream(signal), mimeType, fileName, size: file.size };
}

/** Longest wait for a piece that others are to deliver; where it comes from has limits of its own. */
const IDLE_MS = 60_000;

function whole(stream: ReadableStream<Uint8Array>, size: number, signal: AbortSignal): ReadableStream<Uint8Array> {
  return limitedStream(stream, {
    maxBytes: size,
    exactly: size,
    idleMs: IDLE_MS,
    signal,
    failure: (message, cause) => new SwitchboardError("MSG_002", `The file broke off: ${message}`, { cause }),
  });
}
