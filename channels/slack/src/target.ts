/** Addresses as people type them. */
import { type ConversationId, SwitchboardError, type Target, type ThreadId } from "@switchboard/domain";
import { kindOf } from "./ids.ts";

/**
 * `<channel id>`, `<channel id>:<thread>`, or a person's id for the direct chat with them.
 * @throws REQ_001.
 */
export function parseTarget(text: string): Target {
  const [, channel, thread] = /^([CDGUW][A-Z0-9]{5,30})(?::(\d{1,12}\.\d{1,9}))?$/.exec(text.trim()) ?? [];
  if (channel === undefined) {
    throw new SwitchboardError(
      "REQ_001",
      `"${text.slice(0, 64)}" is no Slack address. Write a channel's id (C0123ABCD), one with a thread (C0123ABCD:1712345678.000100), or a person's id (U0123ABCD).`,
    );
  }
  const kind = /^[UW]/.test(channel) ? "direct" : kindOf(channel);
  return { conversation: channel as ConversationId, kind, ...(thread !== undefined && { thread: thread as ThreadId }) };
}
