/** Files on their way to and from Telegram, as streams. */
import { ReadableStream } from "node:stream/web";
import {
  type AccountContext,
  type Json,
  type MediaStream,
  SwitchboardError,
  toSwitchboardError,
} from "@switchboard/domain";
import { InputFile } from "grammy/web";
import type { TelegramApi } from "./api.ts";
import { labels, type MediaItem } from "./payload.ts";

/** What Telegram is told to take, and how to let go of it when the call is over. */
export interface Upload {
  readonly media: InputFile | string;
  release(): void;
}

/** An address is fetched by Telegram itself; a blob is opened by the gateway. Rejects as `openAttachment` does. */
export async function openUpload(
  item: MediaItem,
  context: Pick<AccountContext, "openAttachment">,
  signal: AbortSignal,
): Promise<Upload> {
  const { fileName, kind, mimeType, source } = item;
  if ("url" in source) return { media: source.url, release: () => {} };
  const attachment = { kind: labels[kind], source, ...(fileName !== undefined && { fileName }) };
  const file = await context.openAttachment({ ...attachment, ...(mimeType !== undefined && { mimeType }) }, signal);
  const reader = file.stream.getReader();
  async function* bytes() {
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
    } catch (thrown) {
      // A body that breaks off is no message: Telegram cannot have taken it.
      throw new SwitchboardError("MSG_002", `The file could not be read: ${toSwitchboardError(thrown).message}`);
    }
  }
  return {
    media: new InputFile(bytes(), quoted(file.fileName)),
    release: () => void reader.cancel().catch(() => {}),
  };
}

/** The client writes the name into a header as it is. */
function quoted(name: string): string {
  return `"${name
    .replaceAll('"', "%22")
    .replace(/[\r\n]/g, " ")
    .toWellFormed()}"`;
}

/** Fetches a file that somebody sent. @throws MSG_003 when it is larger than `maxBytes`, REQ_002 when it is gone. */
export async function download(
  api: TelegramApi,
  ref: Json,
  maxBytes: number,
  signal: AbortSignal,
): Promise<MediaStream> {
  const { fileId, size: told } = readRef(ref);
  if (told !== undefined) checkSize(told, maxBytes);
  const { file_path: path, file_size: size } = await api.call("other", "getFile", { file_id: fileId }, signal);
  if (size !== undefined) checkSize(size, maxBytes);
  if (path === undefined) throw new SwitchboardError("REQ_002", "Telegram does not offer this file for download.");
  const response = await api.download(path, signal);
  const length = Number(response.headers["content-length"] ?? size);
  const mimeType = response.headers["content-type"];
  return {
    stream: ReadableStream.from(limited(response, maxBytes)) as MediaStream["stream"],
    // Telegram's file server calls everything this.
    ...(mimeType !== undefined && mimeType !== "application/octet-stream" && { mimeType }),
    fileName: path.split("/").at(-1) ?? path,
    ...(Number.isFinite(length) && { size: length }),
  };
}

/** The bytes, with every trouble in our own words. Leaving early lets go of the connection. */
async function* limited(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  try {
    for await (const piece of source) {
      passed += piece.byteLength;
      checkSize(passed, maxBytes);
      yield piece;
    }
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) throw thrown;
    throw new SwitchboardError("CONN_001", `The file broke off: ${(thrown as Error).message}`);
  }
}

function readRef(ref: Json): { readonly fileId: string; readonly size?: number } {
  if (typeof ref === "object" && ref !== null && "fileId" in ref && typeof ref.fileId === "string") {
    return { fileId: ref.fileId, ...(typeof ref.size === "number" && { size: ref.size }) };
  }
  throw new SwitchboardError("REQ_002", "This is no attachment of this channel.");
}

function checkSize(size: number, maxBytes: number): void {
  if (size <= maxBytes) return;
  throw new SwitchboardError("MSG_003", `The file has ${size} bytes or more; at most ${maxBytes} are fetched.`);
}
