/**
 * The servers that the bot is in, as far as a shard knows. Discord lists them with every new session, and each again after
 * an outage of its own, in the same words with which it tells that the bot was invited; a session that goes on lists
 * nothing. So they are kept in the account's memory: whatever is not among them was joined.
 */
import type { AccountMemory } from "@switchboard/domain";
import type { Dispatch } from "./shard-connection.ts";

export class Guilds {
  readonly #memory: AccountMemory;
  readonly #key: string;
  #ids: Set<string> | undefined;
  #changed = false;

  constructor(memory: AccountMemory, key: string) {
    this.#memory = memory;
    this.#key = key;
  }

  get ids(): ReadonlySet<string> {
    return this.#ids ?? new Set();
  }

  async load(): Promise<void> {
    const kept = await this.#memory.get(this.#key);
    if (kept !== undefined) this.#ids = new Set(JSON.parse(kept) as string[]);
  }

  /** A session begins with these. The first one of all: the bot was in them before anybody listened. */
  begin(ids: readonly string[]): void {
    const known = this.#ids;
    this.#ids = new Set(known ? ids.filter((id) => known.has(id)) : ids);
    this.#changed = true;
  }

  /** The dispatch is stored: what was joined is known from now on, and what was left is not. */
  async stored({ d, t }: Dispatch): Promise<void> {
    const { id, unavailable } = (d ?? {}) as { readonly id?: unknown; readonly unavailable?: unknown };
    if (typeof id === "string" && unavailable !== true) {
      if (t === "GUILD_CREATE" && !this.ids.has(id)) this.#change((ids) => ids.add(id));
      if (t === "GUILD_DELETE" && this.ids.has(id)) this.#change((ids) => ids.delete(id));
    }
    await this.keep();
  }

  async keep(): Promise<void> {
    if (!this.#changed) return;
    await this.#memory.set(this.#key, JSON.stringify([...this.ids]));
    this.#changed = false;
  }

  #change(by: (ids: Set<string>) => unknown): void {
    this.#ids ??= new Set();
    by(this.#ids);
    this.#changed = true;
  }
}
