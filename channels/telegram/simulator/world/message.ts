/** A message as the platform keeps it, beside what the Bot API shows of it. */
import type { InlineKeyboardMarkup, Message, MessageEntity } from "@grammyjs/types";
import type { Chat } from "./chats.ts";

export interface StoredMessage {
  readonly chat: Chat;
  /** As the Bot API shows it now. Replaced, never changed. */
  wire: Message;
  readonly fromBot: boolean;
  /** Something happened to the chat, rather than somebody having said something. */
  readonly service: boolean;
  /** The message that its author answered; topics make Telegram show one where there is none. */
  readonly replyTo?: number;
  /** How often it was edited. */
  edits: number;
  deleted: boolean;
  /** Emoji by user id, the bot's too. */
  readonly reactions: Map<number, string[]>;
  /** Labels of the reply keyboard that came with it. */
  readonly keyboard?: readonly (readonly string[])[];
}

/** The text or caption with its entities. */
export function textOf(message: Message): { readonly text: string; readonly entities: readonly MessageEntity[] } {
  if (message.text !== undefined) return { text: message.text, entities: message.entities ?? [] };
  return { text: message.caption ?? "", entities: message.caption_entities ?? [] };
}

export function inlineRows(message: Message): InlineKeyboardMarkup["inline_keyboard"] {
  return message.reply_markup?.inline_keyboard ?? [];
}

/** Whether a message only tells of something that happened. */
export function isService(message: Message): boolean {
  return serviceFields.some((field) => field in message);
}

const serviceFields = [
  "new_chat_members",
  "left_chat_member",
  "new_chat_title",
  "group_chat_created",
  "supergroup_chat_created",
  "channel_chat_created",
  "migrate_to_chat_id",
  "migrate_from_chat_id",
  "pinned_message",
  "forum_topic_created",
  "forum_topic_edited",
  "forum_topic_closed",
  "forum_topic_reopened",
] as const satisfies readonly (keyof Message)[];
