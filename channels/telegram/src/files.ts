/** Files on their way to and from Telegram, as streams. */
import { checkSize, headerName, mediaStream, uploadBytes } from "@switchboard/channel-kit/http";
import { type AccountContext, type Json, type MediaStream, SwitchboardError } from "@switchboard/domain";
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
  const { stream } = file;
  const bytes = uploadBytes(stream as unknown as AsyncIterable<Uint8Array>);
  // The client writes the name into a header as it is.
  return {
    media: new InputFile(bytes, `"${headerName(file.fileName)}"`),
    release: () => {
      // The client does not end what it has begun to read when a call breaks off; what nobody began is not locked.
      void bytes.return(undefined).catch(() => {});
      if (!stream.locked) void stream.cancel().catch(() => {});
    },
  };
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
  return { ...mediaStream(response, { maxBytes, size }), fileName: path.split("/").at(-1) ?? path };
}

function readRef(ref: Json): { readonly fileId: string; readonly size?: number } {
  if (typeof ref === "object" && ref !== null && "fileId" in ref && typeof ref.fileId === "string") {
    return { fileId: ref.fileId, ...(typeof ref.size === "number" && { size: ref.size }) };
  }
  throw new SwitchboardError("REQ_002", "This is no attachment of this channel.");
}
