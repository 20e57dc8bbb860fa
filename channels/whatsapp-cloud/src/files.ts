/** Files on their way to and from WhatsApp, as streams. */
import { checkSize, mediaStream, multipart } from "@switchboard/channel-kit/http";
import { fields, text } from "@switchboard/channel-kit/json";
import { type AccountContext, type Json, type MediaStream, SwitchboardError } from "@switchboard/domain";
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
  const file = await context.openAttachment(attachment, signal);
  const { fileName, mimeType } = file;
  const form = multipart(
    [
      { name: "messaging_product", value: "whatsapp" },
      { name: "type", value: mimeType },
    ],
    [{ name: "file", file }],
  );
  try {
    const { id } = await api.call({ method: "POST", path: `${phoneNumberId}/media`, form, signal });
    if (typeof id !== "string") throw new SwitchboardError("MSG_002", "WhatsApp took the file and gave it no id.");
    return { id, fileName, mimeType };
  } finally {
    form.release();
  }
}

export const mediaField = (payload: MediaPayload) => (payload.asDocument ? "document" : mediaKind(payload.kind));

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
  const type = text(mimeType);
  const { stream, ...file } = mediaStream(response, { maxBytes: maxDownloadBytes, size });
  return { stream, ...(file.size !== undefined && { size: file.size }), ...(type !== undefined && { mimeType: type }) };
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
