/** Rendered parts as calls of the Web API. */
import {
  type AccountContext,
  type MessageId,
  type SendAttempt,
  type SendReceipt,
  SwitchboardError,
  type Target,
  toSwitchboardError,
} from "@switchboard/domain";
import { answerThrough } from "./answer.ts";
import type { SlackApi } from "./api.ts";
import { bodyOf, listOf, wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";
import { wordOf as refusalOf } from "./errors.ts";
import { sendFiles } from "./files.ts";
import { channelOf, fileOf, isStamp, isUser, messageId, stampOf, threadOf } from "./ids.ts";
import { escaped } from "./mrkdwn.ts";
import type { MessagePayload, Payload } from "./payload.ts";
import type { SentThreads } from "./sent-threads.ts";

export interface Sender {
  readonly api: SlackApi;
  readonly context: Pick<AccountContext<SlackConfig>, "config" | "log" | "openAttachment">;
  readonly threads: SentThreads;
}

/** What a message carries so that it is found again when Slack's answer to sending it was lost. */
const METADATA = "switchboard_delivery";

/** Sends one part. Rejects as `SlackApi.call` does, with `delivered` saying whether Slack may have it. */
export async function sendPayload(
  sender: Sender,
  target: Target,
  payload: Payload,
  { deliveryId, signal }: Pick<SendAttempt, "deliveryId" | "signal">,
): Promise<SendReceipt> {
  const { api, context } = sender;
  const channel = channelOf(target.conversation);
  const thread = target.thread === undefined ? undefined : threadOf(target.thread);
  if (payload.type !== "message") {
    const messageIds = await sendFiles(api, context, payload, { channel, thread }, signal);
    await remember(sender, channel, thread);
    return { messageIds };
  }
  try {
    return await (isPrivate(target)
      ? sendPrivately(sender, target, payload, { channel, thread }, signal)
      : post(sender, payload, { channel, thread, deliveryId }, signal));
  } catch (thrown) {
    // Commands are given also where the bot is not; there it can only answer through the command.
    if (target.callback === undefined || !isShutOut(thrown)) throw thrown;
    await answerThrough(
      api,
      target.callback,
      {
        response_type: target.private ? "ephemeral" : "in_channel",
        replace_original: false,
        ...messageParameters(payload, context.config),
      },
      { kind: "send", signal, timeoutMs: context.config.requestTimeoutMs },
    );
    return { messageIds: [] };
  }
}

/** In a direct chat everything is private. */
function isPrivate({ kind, peer, private: wanted }: Target): boolean {
  return wanted === true && kind !== "direct" && isUser(peer);
}

function isShutOut(thrown: unknown): boolean {
  const word = refusalOf(thrown) ?? "";
  return ["not_in_channel", "channel_not_found", "user_not_in_channel", "restricted_action"].includes(word);
}

async function post(
  sender: Sender,
  payload: MessagePayload,
  place: { readonly channel: string; readonly thread: string | undefined; readonly deliveryId: string },
  signal: AbortSignal,
): Promise<SendReceipt> {
  const { channel, deliveryId, thread } = place;
  const answer = await sender.api.call(
    "chat.postMessage",
    {
      channel,
      ...messageParameters(payload, sender.context.config),
      ...(thread !== undefined && { thread_ts: thread }),
      metadata: { event_type: METADATA, event_payload: { delivery: deliveryId } },
    },
    { signal, kind: "send" },
  );
  const ts = wordOf(answer.ts);
  if (!isStamp(ts)) {
    throw new SwitchboardError("MSG_002", "Slack did not say what became of the message.", { delivered: "unknown" });
  }
  // What hangs on a message of the bot's is meant for it, too.
  await remember(sender, wordOf(answer.channel) ?? channel, thread ?? ts);
  return { messageIds: [messageId(ts)] };
}

/**
 * A message that only one person sees. In a thread Slack shows it only when somebody has answered there already; where
 * that is not certain it stands in the channel. It can be neither changed nor removed.
 */
async function sendPrivately(
  { api, context, threads }: Sender,
  { peer }: Target,
  payload: MessagePayload,
  { channel, thread }: { readonly channel: string; readonly thread: string | undefined },
  signal: AbortSignal,
): Promise<SendReceipt> {
  const { blocks, text } = messageParameters(payload, context.config);
  const isActive = thread !== undefined && (await threads.has(channel, thread));
  const answer = await api.call(
    "chat.postEphemeral",
    { channel, user: peer, text, blocks, ...(isActive && { thread_ts: thread }) },
    { signal, kind: "send" },
  );
  const ts = wordOf(answer.message_ts);
  return { messageIds: isStamp(ts) ? [messageId(ts)] : [] };
}

function messageParameters({ blocks, text }: MessagePayload, { linkPreviews }: SlackConfig) {
  return { text: escaped(text), blocks, unfurl_links: linkPreviews, unfurl_media: linkPreviews };
}

/** Only what people say later depends on it: a send that went well stays one. */
async function remember({ context, threads }: Sender, channel: string, thread: string | undefined): Promise<void> {
  if (thread === undefined || channel.startsWith("D")) return;
  await threads.remember(channel, thread).catch((thrown: unknown) => {
    context.log.warn({ code: toSwitchboardError(thrown).code }, "a thread could not be remembered");
  });
}

/** Changes a message into the part; one that only one person sees through the press that is being answered. */
export async function editMessage(
  { api, context }: Pick<Sender, "api" | "context">,
  target: Target,
  message: MessageId,
  payload: Payload,
  signal: AbortSignal,
): Promise<void> {
  if (payload.type !== "message") throw new SwitchboardError("MSG_008", "A message cannot be changed into files.");
  const { blocks, text } = payload;
  const changed = { text: escaped(text), blocks };
  const channel = channelOf(target.conversation);
  try {
    await api.call("chat.update", { channel, ts: stampOf(message), ...changed }, { signal });
  } catch (thrown) {
    if (target.callback === undefined || refusalOf(thrown) !== "message_not_found") throw thrown;
    const { requestTimeoutMs: timeoutMs } = context.config;
    await answerThrough(
      api,
      target.callback,
      { replace_original: true, ...changed },
      { kind: "other", signal, timeoutMs },
    );
  }
}

export async function deleteMessage(
  api: SlackApi,
  target: Target,
  message: MessageId,
  signal: AbortSignal,
): Promise<void> {
  const file = fileOf(message);
  const gone = ["message_not_found", "file_not_found", "file_deleted"];
  try {
    if (file !== undefined) await api.call("files.delete", { file }, { signal });
    else await api.call("chat.delete", { channel: channelOf(target.conversation), ts: stampOf(message) }, { signal });
  } catch (thrown) {
    if (!gone.includes(refusalOf(thrown) ?? "")) throw thrown;
  }
}

/** How far the clocks of Slack and the gateway may differ. */
const SKEW_SECONDS = 60;

/** Looks for a message by what it carries. `undefined`: the bot may not read there, or there is nothing to know it by. */
export async function findSent(
  api: SlackApi,
  target: Target,
  payload: Payload,
  attempt: { readonly deliveryId: string; readonly startedAt: number },
  signal: AbortSignal,
): Promise<{ readonly arrived: SendReceipt | false } | undefined> {
  if (payload.type !== "message" || isPrivate(target) || isUser(target.conversation)) return undefined;
  const oldest = String(Math.floor(attempt.startedAt / 1000) - SKEW_SECONDS);
  const where = { channel: channelOf(target.conversation), oldest, limit: 200, include_all_metadata: true };
  try {
    const answer =
      target.thread === undefined
        ? await api.call("conversations.history", where, { signal })
        : await api.call("conversations.replies", { ...where, ts: threadOf(target.thread) }, { signal });
    const found = listOf(answer.messages).find(({ metadata }) => {
      const { event_payload: carried, event_type: type } = bodyOf(metadata);
      return type === METADATA && bodyOf(carried).delivery === attempt.deliveryId;
    });
    if (isStamp(found?.ts)) return { arrived: { messageIds: [messageId(found.ts)] } };
    return answer.has_more === true ? undefined : { arrived: false };
  } catch (thrown) {
    if (refusalOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}
