/** Files on their way to and from WhatsApp, as streams. */
import { randomUUID } from "node:crypto";
import { ReadableStream } from "node:stream/web";
import { fields, text } from "@switchboard/channel-kit/json";
import {
  type AccountContext,
  type Json,
  type MediaStream,
  SwitchboardError,
  toSwitchboardError,
} from "@switchboard/domain";
import type { GraphApi } from "./api.ts";
import { mediaKind } from "./attachments.ts";
import type { WhatsAppConfig } from "./config.ts";
import type { MediaPayload } from "./payload.ts";

export interface Uploaded {
  readonly id: string;
  readonly fileName: string;
  readonly mimeType: string;
}

/** Uploads an attachment; the id is good for 30 days. Rejects as `openAttachment` and `GraphApi.call` do. */
export async function upload(
  api: GraphApi,
  context: Pick<AccountContext, "openAttachment">,
  phoneNumberId: string,
  payload: MediaPayload,
  signal: AbortSignal,
): Promise<Uploaded> {
  const { fileName: name, kind, mimeType: type, source } = payload;
  const attachment = {
    kind,
    source,
    ...(name !== undefined && { fileName: name }),
    ...(type !== undefined && { mimeType: type }),
  };
  const { fileName, mimeType, size, stream } = await context.openAttachment(attachment, signal);
  const reader = stream.getReader();
  const boundary = `switchboard-${randomUUID()}`;
  const field = (part: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${part}"\r\n\r\n${value}\r\n`;
  const head = Buffer.from(
    `${field("messaging_product", "whatsapp")}${field("type", mimeType)}--${boundary}\r\n` +
      `content-disposition: form-data; name="file"; filename="${quoted(fileName)}"\r\ncontent-type: ${mimeType}\r\n\r\n`,
  );
  const foot = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield head;
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
    } catch (thrown) {
      throw new SwitchboardError("MSG_002", `The file could not be read: ${toSwitchboardError(thrown).message}`);
    }
    yield foot;
  }
  try {
    const { id } = await api.call({
      method: "POST",
      path: `${phoneNumberId}/media`,
      form: {
        type: `multipart/form-data; boundary=${boundary}`,
        length: head.length + size + foot.length,
        stream: ReadableStream.from(bytes()) as NonNullable<Parameters<GraphApi["call"]>[0]["form"]>["stream"],
      },
      signal,
    });
    if (typeof id !== "string") throw new SwitchboardError("MSG_002", "WhatsApp took the file and gave it no id.");
    return { id, fileName, mimeType };
  } finally {
    reader.cancel().catch(() => {});
  }
}

export const mediaField = (payload: MediaPayload) => (payload.asDocument ? "document" : mediaKind(payload.kind));

function quoted(name: string): string {
  return name
    .replaceAll('"', "%22")
    .replace(/[\r\n]/g, " ")
    .toWellFormed();
}

/** Fetches a file that somebody sent. @throws MSG_003 when it is larger than may be, REQ_002 when it is gone. */
export async function download(
  api: GraphApi,
  ref: Json,
  { maxDownloadBytes, mediaHosts }: Pick<WhatsAppConfig, "maxDownloadBytes" | "mediaHosts">,
  signal: AbortSignal,
): Promise<MediaStream> {
  const media = text(fields(ref).media);
  if (media === undefined || !/^[\w-]{1,100}$/.test(media)) {
    throw new SwitchboardError("REQ_002", "This is no attachment of this channel.");
  }
  const { file_size: told, mime_type: mimeType, url } = await api.call({ method: "GET", path: media, signal });
  const size = Number(told ?? Number.NaN);
  if (Number.isFinite(size)) checkSize(size, maxDownloadBytes);
  const response = await api.download(checkedAddress(url, api.origin, mediaHosts), signal);
  const length = Number(response.headers["content-length"] ?? size);
  const type = text(mimeType);
  return {
    stream: ReadableStream.from(limited(response, maxDownloadBytes)) as MediaStream["stream"],
    ...(type !== undefined && { mimeType: type }),
    ...(Number.isFinite(length) && { size: length }),
  };
}

/** The token goes with the call, so it goes nowhere but to Meta. @throws SEC_007. */
function checkedAddress(url: unknown, origin: string, hosts: readonly string[]): string {
  const address = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (address && (address.origin === origin || (address.protocol === "https:" && hosts.includes(address.host)))) {
    return address.href;
  }
  throw new SwitchboardError("SEC_007", `The file lies on a host that is not expected: ${address?.host ?? "none"}.`, {
    action: "If it is one of Meta's, add it to the account's setting mediaHosts.",
  });
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

function checkSize(size: number, maxBytes: number): void {
  if (size <= maxBytes) return;
  throw new SwitchboardError("MSG_003", `The file has ${size} bytes or more; at most ${maxBytes} are fetched.`);
}
