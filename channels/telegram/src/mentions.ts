/** Who a message is addressed to. */
import type { Mentions, PeerId, ReplyTo, SelfIdentity } from "@switchboard/domain";
import { sanitiseText } from "@switchboard/domain";
import type { Message, MessageEntity } from "grammy/types";
import { messageId, peerId } from "./ids.ts";
import { isSelf, messageSender } from "./people.ts";

/** Telegram has no such mention; people write it all the same. */
const everyone = /(?<![\w@])@(everyone|all|here|channel)(?!\w)/i;

export function mentionsOf(message: Message, self: SelfIdentity | undefined): Mentions | undefined {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const users: PeerId[] = [];
  let addressed = replyOf(message, self)?.isSelf ?? false;
  for (const entity of entities) {
    if (entity.type === "text_mention") {
      if (isSelf(entity.user.id, self)) addressed = true;
      else users.push(peerId(entity.user.id));
    } else if (entity.type === "mention" || entity.type === "bot_command") {
      if (self?.username && addressee(text, entity) === self.username.toLowerCase()) addressed = true;
    }
  }
  const all = message.chat.type !== "private" && everyone.test(text);
  if (!addressed && !all && users.length === 0) return undefined;
  return { ...(users.length > 0 && { users }), ...(all && { everyone: true }), ...(addressed && { self: true }) };
}

/** Whether the message is a command for another bot of the group. */
export function isForAnotherBot(message: Message, self: SelfIdentity | undefined): boolean {
  const [first] = message.entities ?? [];
  if (first?.type !== "bot_command" || first.offset !== 0 || message.text === undefined) return false;
  const name = addressee(message.text, first);
  return name !== undefined && self?.username !== undefined && name !== self.username.toLowerCase();
}

/** The name behind the `@` of `@name` or `/command@name`, in lower case. */
function addressee(text: string, { offset, length }: MessageEntity): string | undefined {
  const word = text.slice(offset, offset + length);
  const at = word.indexOf("@");
  return at < 0 ? undefined : word.slice(at + 1).toLowerCase();
}

export function replyOf(message: Message, self: SelfIdentity | undefined): ReplyTo | undefined {
  const { external_reply, quote } = message;
  const original = message.reply_to_message as Message | undefined;
  if (original) {
    // Every message of a topic "replies" to the service message that opened it.
    if (original.forum_topic_created && original.message_id === message.message_thread_id) return undefined;
    const sender = messageSender(original, self);
    const text = quote?.text ?? original.text ?? original.caption;
    return {
      messageId: messageId(original.message_id),
      ...(sender && { sender: sender.id }),
      ...(sender?.isSelf && { isSelf: true }),
      ...(text !== undefined && { text: sanitiseText(text) }),
    };
  }
  if (!external_reply) return undefined;
  // A message of another chat: this id only tells it apart, it cannot be replied to here.
  const id = `${external_reply.chat?.id ?? "elsewhere"}/${external_reply.message_id ?? 0}` as ReplyTo["messageId"];
  return { messageId: id, ...(quote && { text: sanitiseText(quote.text) }) };
}
