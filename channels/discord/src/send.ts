/** Rendered parts as calls of Discord's API. */
import { createHash } from "node:crypto";
import {
  type AccountContext,
  type MessageId,
  type SendAttempt,
  type SendReceipt,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import { AllowedMentionsTypes, type APIMessage, MessageFlags } from "discord-api-types/v10";
import type { Call, DiscordApi } from "./api.ts";
import type { DiscordConfig } from "./config.ts";
import { openForm } from "./files.ts";
import { isSnowflake, messageId, requireId } from "./ids.ts";
import type { Interactions, Pending } from "./interactions.ts";
import type { OwnMessages } from "./own-messages.ts";
import type { Payload } from "./payload.ts";
import { channelOf } from "./target.ts";

export interface Sender {
  readonly api: DiscordApi;
  readonly context: Pick<AccountContext<DiscordConfig>, "config" | "openAttachment">;
  readonly interactions: Interactions;
  readonly application: string;
}

/** At most 25 characters: https://discord.com/developers/docs/resources/message#create-message */
export function nonceOf(deliveryId: string): string {
  return createHash("sha256").update(deliveryId).digest("base64url").slice(0, 25);
}

/** Sends one part. Rejects as `DiscordApi.call` does, with `delivered` saying whether Discord may have it. */
export async function sendPayload(
  sender: Sender,
  target: Target,
  payload: Payload,
  attempt: Pick<SendAttempt, "deliveryId" | "signal">,
): Promise<SendReceipt> {
  const channel = channelOf(target);
  const { callback } = target;
  const pending = await sender.interactions.pending(callback);
  if (pending && callback !== undefined && (pending.kind === "command" || target.private)) {
    const way = { callback, pending, isPrivate: target.private === true };
    const receipt = await unlessOver(sender.interactions, callback, answer(sender, way, payload, attempt.signal));
    if (receipt) return receipt;
  }
  const json = {
    ...bodyOf(payload, sender.context.config),
    nonce: nonceOf(attempt.deliveryId),
    enforce_nonce: true,
    ...(target.replyTo !== undefined &&
      !payload.follows &&
      isSnowflake(target.replyTo) && {
        message_reference: { message_id: target.replyTo, fail_if_not_exists: false },
      }),
  };
  const path = `/channels/${channel}/messages`;
  const call: Call = { method: "POST", path, what: "a message", kind: "send", signal: attempt.signal };
  return receipt(await post(sender, call, json, payload));
}

/** Says something to whoever caused an interaction, and to nobody else; nothing when its time is over. */
export async function whisper(sender: Sender, callback: string, text: string, signal: AbortSignal): Promise<void> {
  const pending = await sender.interactions.pending(callback);
  if (!pending) return;
  const payload: Payload = { type: "message", content: text };
  await unlessOver(
    sender.interactions,
    callback,
    answer(sender, { callback, pending, isPrivate: true }, payload, signal),
  );
}

/** Unknown webhook, unknown interaction, invalid token, and a first answer that is gone. */
const OVER: ReadonlySet<unknown> = new Set([10015, 10062, 50027, 10008]);

/** `undefined` when Discord no longer takes anything through the interaction; then it is forgotten. */
async function unlessOver(
  interactions: Interactions,
  callback: string,
  answering: Promise<SendReceipt>,
): Promise<SendReceipt | undefined> {
  try {
    return await answering;
  } catch (thrown) {
    if (!(thrown instanceof SwitchboardError) || !OVER.has(thrown.details?.code)) throw thrown;
    await interactions.forget(callback);
    return undefined;
  }
}

interface Way {
  readonly callback: string;
  readonly pending: Pending;
  readonly isPrivate: boolean;
}

/** Through an interaction: fills in the command's own answer first, then follows up. */
async function answer(
  sender: Sender,
  { callback, isPrivate, pending }: Way,
  payload: Payload,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const isFirst = pending.kind === "command" && !pending.answered;
  const hides = isPrivate && !pending.private;
  // Whether everybody sees the first answer was said when it was put off; it cannot be hidden any more, only taken away.
  if (isFirst && hides) await takeAway(sender, pending, signal);
  const fills = isFirst && !hides;
  const body = bodyOf(payload, sender.context.config);
  const hidden = isPrivate || pending.private ? MessageFlags.Ephemeral : 0;
  const json = fills ? body : { ...body, flags: (body.flags ?? 0) | hidden };
  const path = `${webhook(sender, pending)}${fills ? "/messages/@original" : "?wait=true"}`;
  const call: Call = { method: fills ? "PATCH" : "POST", path, what: "an answer", kind: "send", signal };
  const sent = receipt(await post(sender, call, json, payload));
  await sender.interactions.answered(callback, pending);
  return sent;
}

async function takeAway(sender: Sender, pending: Pending, signal: AbortSignal): Promise<void> {
  const path = `${webhook(sender, pending)}/messages/@original`;
  await sender.api.call({ method: "DELETE", path, what: "a deletion", signal });
}

function webhook({ application }: Sender, { token }: Pending): string {
  return `/webhooks/${application}/${encodeURIComponent(token)}`;
}

async function post({ api, context }: Sender, call: Call, json: object, { files }: Payload): Promise<APIMessage> {
  if (!files || files.length === 0) return api.call<APIMessage>({ ...call, json });
  const form = await openForm(json, files, context, call.signal ?? new AbortController().signal);
  try {
    return await api.call<APIMessage>({ ...call, form });
  } finally {
    form.release();
  }
}

function receipt({ id }: APIMessage): SendReceipt {
  if (isSnowflake(id)) return { messageIds: [messageId(id)] };
  throw new SwitchboardError("MSG_002", "Discord did not say which message it made.", { delivered: "unknown" });
}

/** What an agent writes pings nobody but people whom it names. */
function bodyOf({ components, content }: Payload, { linkPreviews }: DiscordConfig) {
  return {
    content,
    ...(components && { components }),
    allowed_mentions: { parse: [AllowedMentionsTypes.User], replied_user: false },
    ...(!linkPreviews && { flags: MessageFlags.SuppressEmbeds as number }),
  };
}

/** Changes a message into the part. */
export async function editMessage(
  { api, context, interactions, ...sender }: Sender,
  target: Target,
  message: MessageId,
  payload: Payload,
  signal: AbortSignal,
): Promise<void> {
  const { flags: _, ...body } = bodyOf(payload, context.config);
  const pending = target.private ? await interactions.pending(target.callback) : undefined;
  const root = pending ? webhook({ api, context, interactions, ...sender }, pending) : `/channels/${channelOf(target)}`;
  const json = { ...body, components: payload.components ?? [] };
  await api.call({
    method: "PATCH",
    path: `${root}/messages/${requireId(message, "message")}`,
    what: "an edit",
    json,
    signal,
  });
}

export async function deleteMessage(
  { api }: Sender,
  target: Target,
  message: MessageId,
  signal: AbortSignal,
): Promise<void> {
  const path = `/channels/${channelOf(target)}/messages/${requireId(message, "message")}`;
  try {
    await api.call({ method: "DELETE", path, what: "a deletion", signal });
  } catch (thrown) {
    // Gone already.
    if (!(thrown instanceof SwitchboardError) || thrown.details?.code !== 10008) throw thrown;
  }
}

/** Discord's clock and ours may differ by so much. */
const CLOCKS_MS = 10_000;
const EPOCH = 1_420_070_400_000;
const NEWEST = 100;

/**
 * Whether a delivery arrived. Discord tells the nonce only in its answer and over the gateway, which is what `known` has
 * heard; in the list of messages it is not. A message with the same text may be the one or an older one: nobody can tell.
 * An empty list says nothing: Discord gives that, too, to a bot that may not read the history.
 * Sending it again is harmless for some minutes, for Discord answers a known nonce with the message that it has.
 */
export async function findSent(
  { api }: Sender,
  { known, self }: { readonly known: OwnMessages; readonly self: string },
  target: Target,
  payload: Payload,
  { deliveryId, startedAt }: { readonly deliveryId: string; readonly startedAt: number },
  signal: AbortSignal,
): Promise<{ readonly arrived: SendReceipt | false } | undefined> {
  const heard = () => {
    const id = known.find(nonceOf(deliveryId));
    return id === undefined ? undefined : { arrived: { messageIds: [id] } };
  };
  const already = heard();
  if (already) return already;
  const after = BigInt(Math.max(1, startedAt - CLOCKS_MS - EPOCH)) << 22n;
  const path = `/channels/${channelOf(target)}/messages?after=${after}&limit=${NEWEST}`;
  const found = await api.call<readonly APIMessage[]>({ method: "GET", path, what: "the newest messages", signal });
  const alike = found.some(({ author, content }) => author?.id === self && content === payload.content);
  const isWhole = found.length > 0 && found.length < NEWEST;
  return heard() ?? (isWhole && !alike ? { arrived: false } : undefined);
}
