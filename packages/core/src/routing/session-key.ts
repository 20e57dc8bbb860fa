/** The one place that builds and reads session keys. */
import type { AccountId, ChannelId, Conversation, ConversationKind, SessionKey, ThreadId } from "@switchboard/domain";

export interface SessionAddress {
  readonly agent: string;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly conversation: Pick<Conversation, "id" | "kind" | "threadKind">;
  readonly thread?: ThreadId | undefined;
}

/** `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]` */
export function sessionKey({ agent, channel, account, conversation, thread }: SessionAddress): SessionKey {
  const base = `agent:${agent}:${channel}:${account}:${conversation.kind}:${conversation.id}`;
  return (thread === undefined ? base : `${base}:${conversation.threadKind ?? "thread"}:${thread}`) as SessionKey;
}

/** The agent a session key names; `undefined` when it is no session key. */
export function agentOfSession(key: string): string | undefined {
  const [prefix, agent, ...rest] = key.split(":");
  return prefix === "agent" && agent && rest.length > 0 ? agent : undefined;
}

/** Whether a session key names a direct chat, a group or a channel. */
export function kindOfSession(key: string): ConversationKind | undefined {
  const kind = key.split(":")[4];
  return kind === "direct" || kind === "group" || kind === "channel" ? kind : undefined;
}

/** The channel a session key names. */
export function channelOfSession(key: string): string | undefined {
  return key.split(":")[2];
}
