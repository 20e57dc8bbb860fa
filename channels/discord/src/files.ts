/** Files on their way to and from Discord, as streams. */
import { randomUUID } from "node:crypto";
import { ReadableStream } from "node:stream/web";
import {
  type AccountContext,
  type Json,
  type MediaStream,
  type OutboundMedia,
  SwitchboardError,
  toSwitchboardError,
} from "@switchboard/domain";
import type { APIMessage } from "discord-api-types/v10";
import type { Call, DiscordApi } from "./api.ts";
import type { DiscordConfig } from "./config.ts";
import type { Payload } from "./payload.ts";

/** A body of `payload_json` and `files[n]`: https://discord.com/developers/docs/reference#uploading-files */
export interface Form {
  readonly form: NonNullable<Call["form"]>;
  /** Lets go of what was not read. */
  release(): void;
}

/** Opens all files before anything is sent. Rejects as `openAttachment` does. */
export async function openForm(
  json: object,
  files: NonNullable<Payload["files"]>,
  context: Pick<AccountContext, "openAttachment">,
  signal: AbortSignal,
): Promise<Form> {
  const opened: OutboundMedia[] = [];
  const readers = () => opened.map(({ stream }) => stream).filter(({ locked }) => !locked);
  const release = () => {
    for (const stream of readers()) void stream.cancel().catch(() => {});
  };
  try {
    for (const file of files) opened.push(await context.openAttachment(file, signal));
  } catch (thrown) {
    release();
    throw thrown;
  }
  const boundary = `switchboard-${randomUUID()}`;
  const attachments = opened.map(({ fileName }, index) => ({ id: String(index), filename: fileName }));
  const head = part(boundary, 'name="payload_json"', "application/json", JSON.stringify({ ...json, attachments }));
  const heads = opened.map(({ fileName, mimeType }, index) =>
    part(boundary, `name="files[${index}]"; filename="${quoted(fileName)}"`, mimeType, ""),
  );
  const end = `\r\n--${boundary}--\r\n`;
  const texts = [head, ...heads, end].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const size = opened.reduce((sum, file) => sum + file.size, texts);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(head);
    for (const [index, { stream }] of opened.entries()) {
      yield Buffer.from(heads[index] ?? "");
      try {
        yield* stream as unknown as AsyncIterable<Uint8Array>;
      } catch (thrown) {
        // A body that breaks off is no message: Discord cannot have taken it.
        throw new SwitchboardError("MSG_002", `The file could not be read: ${toSwitchboardError(thrown).message}`);
      }
    }
    yield Buffer.from(end);
  }
  const body = ReadableStream.from(bytes()) as unknown as NonNullable<Call["form"]>["body"];
  return { form: { contentType: `multipart/form-data; boundary=${boundary}`, body, size }, release };
}

function part(boundary: string, name: string, type: string, text: string): string {
  return `\r\n--${boundary}\r\ncontent-disposition: form-data; ${name}\r\ncontent-type: ${type}\r\n\r\n${text}`;
}

function quoted(name: string): string {
  return name
    .replaceAll('"', "%22")
    .replace(/[\r\n]/g, " ")
    .toWellFormed();
}

/** Fetches a file that somebody sent. @throws MSG_003 when it is larger than the setting says, REQ_002 when it is gone. */
export async function download(
  api: DiscordApi,
  config: Pick<DiscordConfig, "cdnUrl" | "maxDownloadBytes">,
  ref: Json,
  signal: AbortSignal,
): Promise<MediaStream> {
  const { maxDownloadBytes: most } = config;
  const known = readRef(ref);
  if (known.size !== undefined) checkSize(known.size, most);
  const response = await open(api, config, known, signal);
  const length = Number(response.headers["content-length"]);
  const mimeType = response.headers["content-type"];
  return {
    stream: ReadableStream.from(limited(response, most)) as MediaStream["stream"],
    ...(mimeType !== undefined && mimeType !== "application/octet-stream" && { mimeType }),
    ...(Number.isFinite(length) && { size: length }),
  };
}

interface Ref {
  readonly url?: string;
  readonly sticker?: string;
  readonly id?: string;
  readonly channel?: string;
  readonly message?: string;
  readonly size?: number;
}

/** Addresses of files are good for a day; after that the message tells the present one. */
async function open(api: DiscordApi, config: Pick<DiscordConfig, "cdnUrl">, ref: Ref, signal: AbortSignal) {
  if (ref.sticker !== undefined) {
    return api.download(`${stickerHost(ref.sticker, config)}/stickers/${encodeURIComponent(ref.sticker)}`, signal);
  }
  try {
    return await api.download(own(api, ref.url), signal);
  } catch (thrown) {
    if (!(thrown instanceof SwitchboardError) || thrown.code !== "REQ_002" || ref.message === undefined) throw thrown;
    const path = `/channels/${ref.channel}/messages/${ref.message}`;
    const message = await api.call<APIMessage>({ method: "GET", path, what: "a message", signal });
    const files = [
      ...message.attachments,
      ...(message.message_snapshots ?? []).flatMap((each) => each.message.attachments),
    ];
    return api.download(own(api, files.find(({ id }) => id === ref.id)?.url), signal);
  }
}

/** GIFs are elsewhere: https://discord.com/developers/docs/reference#image-formatting-cdn-endpoints */
function stickerHost(name: string, { cdnUrl }: Pick<DiscordConfig, "cdnUrl">): string {
  const isDiscord = new URL(cdnUrl).host === "cdn.discordapp.com";
  return isDiscord && name.endsWith(".gif") ? "https://media.discordapp.net" : cdnUrl.replace(/\/+$/, "");
}

function own(api: DiscordApi, url: string | undefined): string {
  if (url !== undefined && api.isOwnFile(url)) return url;
  throw new SwitchboardError("REQ_002", "The file is not at Discord, or no longer.");
}

/** The bytes, with every trouble in our own words. Leaving early lets go of the connection. */
async function* limited(source: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  try {
    for await (const piece of source) {
      passed += piece.byteLength;
      checkSize(passed, most);
      yield piece;
    }
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) throw thrown;
    throw new SwitchboardError("CONN_001", `The file broke off: ${(thrown as Error).message}`);
  }
}

function readRef(ref: Json): Ref {
  const found = ref as Ref | null;
  if (typeof found === "object" && (typeof found?.url === "string" || typeof found?.sticker === "string")) return found;
  throw new SwitchboardError("REQ_002", "This is no attachment of this channel.");
}

function checkSize(size: number, most: number): void {
  if (size <= most) return;
  throw new SwitchboardError("MSG_003", `The file has ${size} bytes or more; at most ${most} are fetched.`);
}
