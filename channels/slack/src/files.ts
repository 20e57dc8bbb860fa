/** Files on their way to and from Slack, as streams. */
import {
  checkSize,
  fetchText,
  mediaStream,
  openStream,
  TransportError,
  unanswered,
} from "@switchboard/channel-kit/http";
import {
  type AccountContext,
  type Json,
  type MediaStream,
  type MessageId,
  SwitchboardError,
} from "@switchboard/domain";
import { checkAddress } from "./addresses.ts";
import type { SlackApi } from "./api.ts";
import { bodyOf, isBody, wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";
import { fileMessage } from "./ids.ts";
import { escaped } from "./mrkdwn.ts";
import type { FileItem, FilesPayload, SnippetPayload } from "./payload.ts";

type Context = Pick<AccountContext<SlackConfig>, "config" | "openAttachment">;

/**
 * Uploads files and shows them as one message. Slack shows it in its own time and does not tell the message's id, so the
 * files' ids stand for it. Rejects as `openAttachment` and `SlackApi.call` do.
 */
export async function sendFiles(
  api: SlackApi,
  context: Context,
  payload: FilesPayload | SnippetPayload,
  place: { readonly channel: string; readonly thread?: string | undefined },
  signal: AbortSignal,
): Promise<MessageId[]> {
  const { comment } = payload;
  const files: { id: string; title: string }[] = [];
  if (payload.type === "snippet") files.push(await uploadSnippet(api, context.config, payload, signal));
  else for (const item of payload.items) files.push(await upload(api, context, item, signal));
  await api.call(
    "files.completeUploadExternal",
    {
      files,
      channel_id: place.channel,
      ...(place.thread !== undefined && { thread_ts: place.thread }),
      ...(comment !== undefined && { initial_comment: escaped(comment) }),
    },
    { signal, kind: "send" },
  );
  return files.map(({ id }) => fileMessage(id));
}

async function upload(
  api: SlackApi,
  { config, openAttachment }: Context,
  { fileName, kind, mimeType, source }: FileItem,
  signal: AbortSignal,
): Promise<{ id: string; title: string }> {
  const file = await openAttachment(
    { kind, source, ...(fileName !== undefined && { fileName }), ...(mimeType !== undefined && { mimeType }) },
    signal,
  );
  try {
    const body = file.stream as globalThis.ReadableStream<Uint8Array>;
    return await bring(api, config, { ...file, body }, signal);
  } catch (thrown) {
    await file.stream.cancel().catch(() => {});
    throw thrown;
  }
}

/** Text as a file that Slack shows folded and with its colours. */
function uploadSnippet(
  api: SlackApi,
  config: SlackConfig,
  { fileName, syntax, text }: SnippetPayload,
  signal: AbortSignal,
): Promise<{ id: string; title: string }> {
  const size = Buffer.byteLength(text);
  return bring(api, config, { fileName, mimeType: "text/plain; charset=utf-8", size, body: text, syntax }, signal);
}

interface Brought {
  readonly fileName: string;
  readonly mimeType: string;
  readonly size: number;
  readonly body: string | globalThis.ReadableStream<Uint8Array>;
  readonly syntax?: string;
}

/** Nothing is shown before the upload is completed: whatever goes wrong here, nobody saw it. */
async function bring(
  api: SlackApi,
  config: SlackConfig,
  { body, fileName, mimeType, size, syntax }: Brought,
  signal: AbortSignal,
): Promise<{ id: string; title: string }> {
  const ticket = await api.call(
    "files.getUploadURLExternal",
    { filename: fileName, length: size, ...(syntax !== undefined && { snippet_type: syntax }) },
    { signal },
  );
  const url = wordOf(ticket.upload_url);
  const id = wordOf(ticket.file_id);
  if (url === undefined || id === undefined) {
    throw new SwitchboardError("CONN_001", "Slack gave no address for the file.", { scope: "account" });
  }
  checkAddress(url, api.baseUrl, "upload");
  const headers = { "content-type": mimeType, "content-length": String(size) };
  const { uploadTimeoutMs: timeoutMs } = config;
  const { status } = await fetchText({ url, method: "POST", headers, body, signal, timeoutMs }).catch(
    (thrown: unknown) => {
      throw thrown instanceof TransportError
        ? unanswered({ platform: "Slack", what: "upload", kind: "other" }, thrown)
        : thrown;
    },
  );
  if (status !== 200) throw new SwitchboardError("MSG_002", `Slack did not take the file: HTTP ${status}.`);
  return { id, title: fileName };
}

interface FileRef {
  readonly fileId: string;
  readonly url?: string;
  readonly size?: number;
}

/** Fetches a file that somebody sent. @throws MSG_003 when it is larger than allowed, REQ_002 when it is gone. */
export async function download(
  api: SlackApi,
  ref: Json,
  { maxDownloadBytes: most, requestTimeoutMs: timeoutMs }: SlackConfig,
  signal: AbortSignal,
): Promise<MediaStream> {
  const file = await completed(api, readRef(ref), signal);
  if (file.size !== undefined) checkSize(file.size, most);
  const url = file.url ?? "";
  checkAddress(url, api.baseUrl, "file");
  const headers = { authorization: `Bearer ${api.botToken}` };
  const response = await openStream({ url, method: "GET", headers, signal, timeoutMs }).catch((thrown: unknown) => {
    throw thrown instanceof TransportError
      ? unanswered({ platform: "Slack", what: "file", kind: "other" }, thrown)
      : thrown;
  });
  const mimeType = response.headers["content-type"];
  // Without the right to read files Slack shows the page on which people sign in.
  const isPage = mimeType?.startsWith("text/html") === true && !/\.html?$/i.test(new URL(url).pathname);
  if (response.statusCode !== 200 || isPage) {
    response.destroy();
    throw new SwitchboardError(
      "REQ_002",
      isPage || response.statusCode === 302
        ? "Slack does not let the bot read this file; it needs the scope files:read."
        : `Slack does not have this file any more (HTTP ${response.statusCode}).`,
    );
  }
  return mediaStream(response, { maxBytes: most, size: file.size });
}

/** Files of other organisations are sent without an address. */
async function completed(api: SlackApi, ref: FileRef, signal: AbortSignal): Promise<FileRef> {
  if (ref.url !== undefined) return ref;
  const answer = await api.call("files.info", { file: ref.fileId }, { signal });
  const file = bodyOf(answer.file);
  const url = wordOf(file.url_private_download) ?? wordOf(file.url_private);
  if (url === undefined) throw new SwitchboardError("REQ_002", "Slack does not offer this file for download.");
  return { ...ref, url, ...(typeof file.size === "number" && { size: file.size }) };
}

function readRef(ref: Json): FileRef {
  if (isBody(ref) && typeof ref.fileId === "string") {
    return {
      fileId: ref.fileId,
      ...(typeof ref.url === "string" && { url: ref.url }),
      ...(typeof ref.size === "number" && { size: ref.size }),
    };
  }
  throw new SwitchboardError("REQ_002", "This is no attachment of this channel.");
}
