/** Addresses: as somebody types them, and as calls of the API name them. */
import { SwitchboardError, type Target } from "@switchboard/domain";
import { conversationId, requireId, threadId } from "./ids.ts";

/** The channel that a call about the target names: the thread, where there is one. @throws REQ_001. */
export function channelOf({ conversation, thread }: Pick<Target, "conversation" | "thread">): string {
  const id = thread ?? conversation;
  return requireId(id, "channel");
}

/**
 * `<channel id>`, `<channel id>:<thread id>` or a mention of a channel, `<#id>`.
 * @throws REQ_001.
 */
export function parseTarget(text: string): Target {
  const [, mention, channel, thread] =
    /^(?:<#([1-9]\d{0,19})>|([1-9]\d{0,19})(?::([1-9]\d{0,19}))?)$/.exec(text.trim()) ?? [];
  const id = mention ?? channel;
  if (id === undefined) {
    throw new SwitchboardError(
      "REQ_001",
      `"${text.slice(0, 64)}" is no Discord address. Write a channel id (1234567890), or channel and thread (123:456).`,
    );
  }
  return { conversation: conversationId(id), kind: "group", ...(thread !== undefined && { thread: threadId(thread) }) };
}
