/** The bot's own reaction to a message: one at a time, though Slack would take several. */
import { oneReaction } from "@switchboard/channel-kit/connection";
import { type AccountMemory, type MessageId, SwitchboardError, type Target } from "@switchboard/domain";
import type { SlackApi } from "./api.ts";
import { nameOfEmoji } from "./emoji.ts";
import { wordOf } from "./errors.ts";
import { channelOf, stampOf } from "./ids.ts";

export interface Reactor {
  readonly api: SlackApi;
  readonly memory: AccountMemory;
}

/** Sets the reaction, in place of the one before; no emoji takes it back. @throws MSG_008 for what Slack has no name for. */
export async function react(
  { api, memory }: Reactor,
  target: Target,
  message: MessageId,
  emoji: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const item = { channel: channelOf(target.conversation), timestamp: stampOf(message) };
  const key = `reaction:${item.channel}:${item.timestamp}`;
  const name = emoji === undefined ? undefined : nameFor(emoji);
  const add = (word: string) =>
    tolerant("already_reacted", () => api.call("reactions.add", { ...item, name: word }, { signal }));
  const remove = (word: string) =>
    tolerant("no_reaction", () => api.call("reactions.remove", { ...item, name: word }, { signal }));
  await oneReaction({ memory, key, add, remove }, name);
}

/** Slack's name, with the tone of the skin; names with or without colons are taken as they are. */
function nameFor(emoji: string): string {
  const typed = /^:?([a-z0-9_+'-]{1,100}(?:::skin-tone-[2-6])?):?$/.exec(emoji.trim())?.[1];
  const name = typed ?? nameOfEmoji(emoji.trim());
  if (typed === undefined && name === emoji.trim()) {
    throw new SwitchboardError(
      "MSG_008",
      `Slack's name for "${emoji.slice(0, 16)}" is not known here; write it as :name:.`,
    );
  }
  return name;
}

async function tolerant(word: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (thrown) {
    if (wordOf(thrown) !== word) throw thrown;
  }
}
