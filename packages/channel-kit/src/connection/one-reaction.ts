/** One reaction to a message at a time, on platforms that would take several of the account's own. */
import type { AccountMemory } from "@switchboard/domain";

/** How long a reaction is remembered, to be taken back or exchanged. */
const KEPT_MS = 30 * 86_400_000;

export interface OwnReaction {
  readonly memory: Pick<AccountMemory, "get" | "set" | "remove">;
  /** Under which the reaction to this message is remembered. */
  readonly key: string;
  /** Must resolve when the reaction is there already. */
  add(name: string): Promise<unknown>;
  /** Must resolve when there is nothing to take back any more. */
  remove(name: string): Promise<unknown>;
}

/** Sets the reaction, in place of the one before; no name takes it back. What failed can be done once more. */
export async function oneReaction({ add, key, memory, remove }: OwnReaction, name: string | undefined): Promise<void> {
  const before = await memory.get(key);
  if (name !== undefined) await add(name);
  if (before !== undefined && before !== name) await remove(before);
  // Last: until then the one before is what has to be taken back.
  if (name === undefined) await memory.remove(key);
  else await memory.set(key, name, { ttlMs: KEPT_MS });
}
