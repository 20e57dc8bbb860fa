/** Files on their way to and from Discord, as streams. */
import { checkSize, type Form, mediaStream, multipart } from "@switchboard/channel-kit/http";
import {
  type AccountContext,
  type Json,
  type MediaStream,
  type OutboundMedia,
  SwitchboardError,
} from "@switchboard/domain";
import type { APIMessage } from "discord-api-types/v10";
import type { DiscordApi } from "./api.ts";
import type { DiscordConfig } from "./config.ts";
import type { Payload } from "./payload.ts";

/**
 * A body of `payload_json` and `files[n]`: https://discord.com/developers/docs/reference#uploading-files. Opens all files
 * before anything is sent. Rejects as `openAttachment` does.
 */
export async function openForm(
  json: object,
  files: NonNullable<Payload["files"]>,
  context: Pick<AccountContext, "openAttachment">,
  signal: AbortSignal,
): Promise<Form> {
  const opened: OutboundMedia[] = [];
  try {
    for (const file of files) opened.push(await context.openAttachment(file, signal));
  } catch (thrown) {
    for (const { stream } of opened) void stream.cancel().catch(() => {});
    throw thrown;
  }
  const attachments = opened.map(({ fileName }, index) => ({ id: String(index), filename: fileName }));
  const payload = { name: "payload_json", type: "application/json", value: JSON.stringify({ ...json, attachments }) };
  return multipart(
    [payload],
    opened.map((file, index) => ({ name: `files[${index}]`, file })),
  );
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
  return mediaStream(response, { maxBytes: most });
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

function readRef(ref: Json): Ref {
  const found = ref as Ref | null;
  if (typeof found === "object" && (typeof found?.url === "string" || typeof found?.sticker === "string")) return found;
  throw new SwitchboardError("REQ_002", "This is no attachment of this channel.");
}
