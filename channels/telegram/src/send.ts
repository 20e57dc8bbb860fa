/** Rendered parts as calls of the Bot API. */
import {
  type AccountContext,
  type ConversationId,
  type MessageId,
  type SendReceipt,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import type { InlineKeyboardMarkup, LinkPreviewOptions, Message, MessageEntity } from "grammy/types";
import type { Method, Payloads, TelegramApi } from "./api.ts";
import type { TelegramConfig } from "./config.ts";
import { openUpload, type Upload } from "./files.ts";
import { chatParameters, messageId, messageNumber, requireMessageNumber, threadParameters } from "./ids.ts";
import type { Formatted, Keyboard, MediaItem, MediaPayload, Payload } from "./payload.ts";

type Context = Pick<AccountContext<TelegramConfig>, "config" | "openAttachment">;

/**
 * Sends one part; into a group that has moved, to where it lives now.
 * Rejects as `TelegramApi.call` does, with `delivered` saying whether Telegram may have it.
 */
export async function sendPayload(
  api: TelegramApi,
  context: Context,
  target: Target,
  payload: Payload,
  signal: AbortSignal,
): Promise<SendReceipt> {
  try {
    return { messageIds: await sendTo(api, context, target, payload, signal) };
  } catch (thrown) {
    const successor = successorOf(thrown);
    if (successor === undefined) throw thrown;
    // Topics and message numbers of the old group mean nothing in the new one.
    const moved: Target = { conversation: successor, kind: target.kind };
    return { messageIds: await sendTo(api, context, moved, payload, signal), successor };
  }
}

/** Where a group lives now that Telegram says was upgraded. */
function successorOf(thrown: unknown): ConversationId | undefined {
  const successor = thrown instanceof SwitchboardError ? thrown.details?.successor : undefined;
  return typeof successor === "string" ? (successor as ConversationId) : undefined;
}

async function sendTo(
  api: TelegramApi,
  context: Context,
  target: Target,
  payload: Payload,
  signal: AbortSignal,
): Promise<MessageId[]> {
  const address = addressOf(target, payload);
  if (payload.type === "media") {
    const sent = await sendMedia(api, context, address, payload, signal);
    return sent.map(({ message_id }) => messageId(message_id));
  }
  const body = { ...address, ...textParameters(payload), ...previewParameters(context.config) };
  const { message_id } = await api.call("send", "sendMessage", body, signal);
  return [messageId(message_id)];
}

function addressOf({ conversation, thread, replyTo }: Target, { keyboard, follows }: Payload) {
  const reply = follows || replyTo === undefined ? undefined : messageNumber(replyTo);
  return {
    ...chatParameters(conversation),
    ...threadParameters(thread),
    ...(reply !== undefined && { reply_parameters: { message_id: reply, allow_sending_without_reply: true } }),
    ...(keyboard && { reply_markup: markup(keyboard) }),
  };
}

function textParameters({ text, entities }: Formatted) {
  return { text, ...(entities && { entities: [...entities] }) };
}

function previewParameters({ linkPreviews }: TelegramConfig): { link_preview_options?: LinkPreviewOptions } {
  return linkPreviews ? {} : { link_preview_options: { is_disabled: true } };
}

function captionParameters(caption: Formatted | undefined): { caption?: string; caption_entities?: MessageEntity[] } {
  if (!caption) return {};
  return { caption: caption.text, ...(caption.entities && { caption_entities: [...caption.entities] }) };
}

function markup(keyboard: Keyboard): InlineKeyboardMarkup {
  return { inline_keyboard: keyboard.map((row) => [...row]) };
}

const methods = {
  photo: "sendPhoto",
  video: "sendVideo",
  animation: "sendAnimation",
  audio: "sendAudio",
  voice: "sendVoice",
  document: "sendDocument",
  sticker: "sendSticker",
} as const satisfies Record<MediaItem["kind"], Method>;

async function sendMedia(
  api: TelegramApi,
  context: Context,
  address: ReturnType<typeof addressOf>,
  { items }: MediaPayload,
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const uploads: Upload[] = [];
  try {
    for (const item of items) uploads.push(await openUpload(item, context, signal));
    const [first] = items;
    if (items.length > 1) {
      const media = items.map((item, index) => ({
        type: item.kind,
        media: uploads[index]?.media,
        ...captionParameters(item.caption),
      }));
      const body = { ...address, media } as unknown as Payloads["sendMediaGroup"];
      return await api.call("send", "sendMediaGroup", body, signal);
    }
    const body = { ...address, [first.kind]: uploads[0]?.media, ...captionParameters(first.caption) };
    return [await api.call("send", methods[first.kind], body as unknown as Payloads["sendPhoto"], signal)];
  } finally {
    for (const upload of uploads) upload.release();
  }
}

/** Changes a message into the part. A message that reads like that already is fine. */
export async function editMessage(
  api: TelegramApi,
  { config }: Context,
  target: Target,
  message: MessageId,
  payload: Payload,
  signal: AbortSignal,
): Promise<void> {
  const place = {
    ...chatParameters(target.conversation),
    message_id: requireMessageNumber(message),
    ...(payload.keyboard && { reply_markup: markup(payload.keyboard) }),
  };
  await ignoring(/message is not modified/i, () =>
    payload.type === "text"
      ? api.call(
          "other",
          "editMessageText",
          { ...place, ...textParameters(payload), ...previewParameters(config) },
          signal,
        )
      : api.call("other", "editMessageCaption", { ...place, ...captionParameters(payload.items[0].caption) }, signal),
  );
}

export async function deleteMessage(
  api: TelegramApi,
  target: Target,
  message: MessageId,
  signal: AbortSignal,
): Promise<void> {
  const { chat_id } = chatParameters(target.conversation);
  const body = { chat_id, message_id: requireMessageNumber(message) };
  await ignoring(/message to delete not found/i, () => api.call("other", "deleteMessage", body, signal));
}

/** Shows "typing" for five seconds. */
export async function showTyping(api: TelegramApi, target: Target, signal: AbortSignal): Promise<void> {
  const thread = threadParameters(target.thread);
  const body = {
    ...chatParameters(target.conversation),
    ...("message_thread_id" in thread && thread),
    action: "typing" as const,
  };
  await api.call("other", "sendChatAction", body, signal);
}

const NOTE_LENGTH = 200;

/** Ends the waiting state of a pressed button. Telegram takes an answer for some seconds only; later it does not matter. */
export async function answerPress(
  api: TelegramApi,
  callback: string,
  note: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const text = note?.slice(0, NOTE_LENGTH).toWellFormed();
  const body = { callback_query_id: callback, ...(text && { text }) };
  await ignoring(/query is too old|query ID is invalid/i, () => api.call("other", "answerCallbackQuery", body, signal));
}

async function ignoring(refusal: RegExp, perform: () => Promise<unknown>): Promise<void> {
  try {
    await perform();
  } catch (thrown) {
    if (!(thrown instanceof SwitchboardError) || !refusal.test(thrown.message)) throw thrown;
  }
}
