/** Threads in which the bot wrote, kept over restarts: what people say there is meant for it, mention or not. */
import { Newest } from "@switchboard/channel-kit/connection";
import type { AccountMemory } from "@switchboard/domain";
import { laneOf } from "./ids.ts";

const DAY_MS = 86_400_000;
/** Threads known without a look into the store. */
const RECENT = 5_000;

export class SentThreads {
  readonly #memory: AccountMemory;
  readonly #ttlMs: number;
  /** When each was last written down, in Unix milliseconds. */
  readonly #recent = new Newest<string, number>(RECENT);

  constructor(memory: AccountMemory, days: number) {
    this.#memory = memory;
    this.#ttlMs = (days + 1) * DAY_MS;
  }

  /** The bot wrote there now. Written down once a day: what is there longer lives a day longer than it must. */
  async remember(channel: string, thread: string): Promise<void> {
    const place = laneOf(channel, thread);
    const now = Date.now();
    if (now - (this.#recent.get(place) ?? 0) < DAY_MS) return;
    await this.#memory.set(`thread:${place}`, "1", { ttlMs: this.#ttlMs });
    this.#recent.set(place, now);
  }

  async has(channel: string, thread: string): Promise<boolean> {
    const place = laneOf(channel, thread);
    const at = this.#recent.get(place);
    if (at !== undefined && Date.now() - at < this.#ttlMs) return true;
    return (await this.#memory.get(`thread:${place}`)) !== undefined;
  }
}
