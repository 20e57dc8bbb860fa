/** Where an update belongs: channel, thread, and what it is. Shared by splitting and reading, so that they agree. */
import { type Body, bodyOf, eventOf, noteOf, textOf, wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";
import { isChannel, isStamp, isUser, kindOf } from "./ids.ts";

/** Subtypes of messages in which somebody says something. */
const spoken: ReadonlySet<string | undefined> = new Set([
  undefined,
  "bot_message",
  "file_share",
  "me_message",
  "thread_broadcast",
  "reminder_add",
  "document_mention",
  "assistant_app_thread",
]);

/** A message that was said, as opposed to what happened to one. */
export function isSaid(event: Body): boolean {
  if (event.type === "app_mention") return true;
  return event.type === "message" && spoken.has(textOf(event.subtype));
}

/** What is said in a channel begins a thread, unless it is set otherwise. */
export type ThreadSettings = Pick<SlackConfig, "threads">;

export interface Place {
  readonly channel: string;
  readonly thread?: string;
}

/** The message that an event is about: the one inside for changes. */
export function messageIn(event: Body): Body {
  if (event.subtype === "message_changed" || event.subtype === "message_replied") return bodyOf(event.message);
  if (event.subtype === "message_deleted") return bodyOf(event.previous_message);
  return event;
}

/** Where an update belongs, if it says so. */
export function placeOf(body: Body, settings: ThreadSettings): Place | undefined {
  const event = eventOf(body);
  if (event.type === "message" || event.type === "app_mention") return messagePlace(event, body, settings);
  const container = bodyOf(body.container);
  const assistant = bodyOf(event.assistant_thread);
  const channel = [
    event.channel,
    bodyOf(event.channel).id,
    bodyOf(event.item).channel,
    event.channel_id,
    bodyOf(body.channel).id,
    container.channel_id,
    body.channel_id,
    assistant.channel_id,
  ].find(isChannel);
  if (channel === undefined) return undefined;
  const thread = [bodyOf(body.message).thread_ts, container.thread_ts, assistant.thread_ts].find(isStamp);
  return { channel, ...(thread !== undefined && { thread }) };
}

function messagePlace(event: Body, body: Body, settings: ThreadSettings): Place | undefined {
  if (!isChannel(event.channel)) return undefined;
  const message = messageIn(event);
  const thread = isStamp(message.thread_ts) ? message.thread_ts : ownThread(event, message, body, settings);
  return { channel: event.channel, ...(thread !== undefined && { thread }) };
}

/** What is said in a channel begins a thread of its own: the answers hang on it. In direct messages nobody expects that. */
function ownThread(event: Body, message: Body, body: Body, { threads }: ThreadSettings): string | undefined {
  if (threads === "asked" || noteOf(body).isGroupDirect || event.channel_type === "mpim") return undefined;
  if (kindOf(String(event.channel), event.channel_type) === "direct") return undefined;
  return isStamp(message.ts) ? message.ts : undefined;
}

/** Who did it. */
export function actorOf(body: Body): string | undefined {
  const event = eventOf(body);
  const message = event.type === "message" ? messageIn(event) : event;
  const user = [message.user, event.user, bodyOf(body.user).id, body.user_id].find(isUser);
  return user ?? wordOf(bodyOf(event.assistant_thread).user_id);
}
