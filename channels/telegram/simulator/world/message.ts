/** What the Bot API shows of a message. */
import type { InlineKeyboardMarkup, Message, MessageEntity } from "@grammyjs/types";

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
