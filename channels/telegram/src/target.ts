/** Addresses as people type them. */
import { type ConversationId, SwitchboardError, type Target, type ThreadId } from "@switchboard/domain";

/**
 * `<chat id>`, `<chat id>:<topic id>` or `@name` of a public group or channel.
 * @throws REQ_001.
 */
export function parseTarget(text: string): Target {
  const [, chat, thread, name] = /^(?:(-?[1-9]\d{0,15})(?::(\d{1,16}))?|(@[a-z]\w{3,31}))$/i.exec(text.trim()) ?? [];
  if (name !== undefined) return { conversation: name as ConversationId, kind: "channel" };
  if (chat === undefined) {
    throw new SwitchboardError(
      "REQ_001",
      `"${text.slice(0, 64)}" is no Telegram address. Write a chat id (123456), a group with topic (-100123:7), or @name.`,
    );
  }
  // Groups and channels have negative numbers; which of them it is makes no difference to a send.
  const kind = chat.startsWith("-") ? "group" : "direct";
  return { conversation: chat as ConversationId, kind, ...(thread !== undefined && { thread: thread as ThreadId }) };
}
