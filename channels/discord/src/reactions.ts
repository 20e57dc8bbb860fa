/** The bot's own reaction to a message. Discord lets one add any number, so the one before is taken back. */
import { type AccountMemory, type MessageId, SwitchboardError, type Target } from "@switchboard/domain";
import type { DiscordApi } from "./api.ts";
import { requireId } from "./ids.ts";
import { channelOf } from "./target.ts";

const KEPT_MS = 30 * 24 * 3_600_000;
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
  const before = await memory.get(key);
  const path = (name: string) =>
    `/channels/${channelOf(target)}/messages/${message}/reactions/${encodeURIComponent(name)}/@me`;
  if (emoji !== undefined) {
    await api.call({ method: "PUT", path: path(emoji), what: "a reaction", signal });
  }
  if (before !== undefined && before !== emoji) {
    try {
      await api.call({ method: "DELETE", path: path(before), what: "a reaction", signal });
    } catch (thrown) {
      if (!(thrown instanceof SwitchboardError) || !GONE.has(thrown.details?.code)) throw thrown;
    }
  }
  // Last: until then the one before is what has to be taken back.
  if (emoji === undefined) await memory.remove(key);
  else await memory.set(key, emoji, { ttlMs: KEPT_MS });
}
