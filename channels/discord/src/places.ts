/**
 * Which channel is what. A message names its channel and nothing else, so a thread's parent must be known from before:
 * from the server's own list, from the account's memory, or by asking Discord once.
 */
import { type AccountContext, toErrorRecord } from "@switchboard/domain";
import type { DiscordApi } from "./api.ts";
import { isSnowflake } from "./ids.ts";

/** The fields of a channel that matter here, as Discord names them. */
export interface Place {
  readonly type: number;
  readonly parent_id?: string;
  readonly name?: string;
}

/** https://discord.com/developers/docs/resources/channel#channel-object-channel-types */
const ANNOUNCEMENT = 5;
const THREADS: ReadonlySet<number> = new Set([10, 11, 12]);

export function isThread({ type }: Place): boolean {
  return THREADS.has(type);
}

export function isAnnouncement({ type }: Place): boolean {
  return type === ANNOUNCEMENT;
}

const MOST = 10_000;
const KEPT_MS = 90 * 24 * 3_600_000;

interface WithPlaces {
  readonly id?: unknown;
  readonly guild_id?: unknown;
  readonly channel_id?: unknown;
  readonly type?: unknown;
  readonly channel?: unknown;
  readonly channels?: unknown;
  readonly threads?: unknown;
}

export class Places {
  readonly #api: DiscordApi;
  readonly #context: Pick<AccountContext, "memory" | "log" | "signal">;
  readonly #known = new Map<string, Place>();

  constructor(api: DiscordApi, context: Pick<AccountContext, "memory" | "log" | "signal">) {
    this.#api = api;
    this.#context = context;
  }

  /** Learns what a dispatch tells in passing. */
  learn(type: string, data: unknown): void {
    const event = (typeof data === "object" && data !== null ? data : {}) as WithPlaces;
    if (/^(CHANNEL|THREAD)_(CREATE|UPDATE)$/.test(type)) this.#note(event);
    for (const list of [event.channels, event.threads]) {
      if (Array.isArray(list) && (type === "GUILD_CREATE" || type === "THREAD_LIST_SYNC"))
        list.forEach(this.#note, this);
    }
    if (event.channel !== undefined) this.#note(event.channel);
  }

  /** Where a dispatch of a server happened; `undefined` for direct messages and where nobody can tell. */
  async of(data: unknown): Promise<Place | undefined> {
    const event = (typeof data === "object" && data !== null ? data : {}) as WithPlaces;
    const { channel_id: channel, guild_id: guild } = event;
    if (!isSnowflake(channel) || !isSnowflake(guild)) return undefined;
    return this.#known.get(channel) ?? (await this.#remembered(channel)) ?? (await this.#asked(channel));
  }

  #note(channel: unknown): void {
    const { id, name, parent_id, type } = (typeof channel === "object" && channel !== null ? channel : {}) as {
      readonly [Name in "id" | "name" | "parent_id" | "type"]?: unknown;
    };
    if (!isSnowflake(id) || typeof type !== "number") return;
    const place: Place = {
      type,
      ...(isSnowflake(parent_id) && { parent_id }),
      ...(typeof name === "string" && { name }),
    };
    const before = this.#known.get(id);
    this.#known.set(id, place);
    if (this.#known.size > MOST)
      for (const oldest of [...this.#known.keys()].slice(0, MOST / 10)) this.#known.delete(oldest);
    if (JSON.stringify(before) === JSON.stringify(place)) return;
    // Best effort: what is forgotten is asked for.
    this.#context.memory.set(`place/${id}`, JSON.stringify(place), { ttlMs: KEPT_MS }).catch(() => {});
  }

  async #remembered(id: string): Promise<Place | undefined> {
    const text = await this.#context.memory.get(`place/${id}`);
    if (text === undefined) return undefined;
    const place = JSON.parse(text) as Place;
    this.#known.set(id, place);
    return place;
  }

  async #asked(id: string): Promise<Place | undefined> {
    const { log, signal } = this.#context;
    try {
      const brief = AbortSignal.any([signal, AbortSignal.timeout(3_000)]);
      this.#note(await this.#api.call({ method: "GET", path: `/channels/${id}`, what: "a channel", signal: brief }));
    } catch (thrown) {
      log.debug({ error: toErrorRecord(thrown) }, "a channel could not be looked up");
    }
    return this.#known.get(id);
  }
}
