/** The bot's own reaction to a message. Discord lets one add any number, so the one before is taken back. */
import { oneReaction } from "@switchboard/channel-kit/connection";
import { type AccountMemory, type MessageId, SwitchboardError, type Target } from "@switchboard/domain";
import type { DiscordApi } from "./api.ts";
import { requireId } from "./ids.ts";
import { channelOf } from "./target.ts";

/** "Unknown Message" and "Unknown Emoji": there is nothing to take back. */
const GONE: ReadonlySet<unknown> = new Set([10008, 10014]);

export async function react(
  { api, memory }: { readonly api: DiscordApi; readonly memory: AccountMemory },
  target: Target,
  message: MessageId,
  emoji: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const key = `reaction/${requireId(message, "message")}`;
  const path = (name: string) =>
    `/channels/${channelOf(target)}/messages/${message}/reactions/${encodeURIComponent(name)}/@me`;
  const add = (name: string) => api.call({ method: "PUT", path: path(name), what: "a reaction", signal });
  const remove = async (name: string) => {
    try {
      await api.call({ method: "DELETE", path: path(name), what: "a reaction", signal });
    } catch (thrown) {
      if (!(thrown instanceof SwitchboardError) || !GONE.has(thrown.details?.code)) throw thrown;
    }
  };
  await oneReaction({ memory, key, add, remove }, emoji);
}
