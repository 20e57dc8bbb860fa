/** Names of people and channels: Slack sends ids only. Looked up once a day, and never waited for long. */
import type { AccountMemory } from "@switchboard/domain";
import type { SlackApi } from "./api.ts";
import { type Body, bodyOf, type Note, wordOf } from "./body.ts";
import { isUser } from "./ids.ts";

const DAY_MS = 86_400_000;
/** What cannot be had, e.g. for want of a scope, is not asked for again so soon. */
const AGAIN_MS = 600_000;
/** A message is not held up longer by the name of who wrote it. */
const PATIENCE_MS = 1_500;
const KEPT = 5_000;

type Person = NonNullable<Note["sender"]>;
type Room = Pick<Note, "title" | "isGroupDirect">;

interface Entry {
  readonly value: unknown;
  readonly until: number;
}

export class Directory {
  readonly #api: SlackApi;
  readonly #memory: AccountMemory;
  readonly #known = new Map<string, Entry>();
  readonly #asking = new Map<string, Promise<unknown>>();

  constructor(api: SlackApi, memory: AccountMemory) {
    this.#api = api;
    this.#memory = memory;
  }

  person(id: string, signal: AbortSignal): Promise<Person | undefined> {
    if (!isUser(id)) return Promise.resolve(undefined);
    return this.#find(`user:${id}`, () => this.#ask("users.info", { user: id }, signal, readPerson));
  }

  room(id: string, signal: AbortSignal): Promise<Room | undefined> {
    if (id.startsWith("D")) return Promise.resolve(undefined);
    return this.#find(`channel:${id}`, () => this.#ask("conversations.info", { channel: id }, signal, readRoom));
  }

  async #find<T>(key: string, ask: () => Promise<T>): Promise<T | undefined> {
    const known = this.#known.get(key);
    if (known && known.until > Date.now()) return known.value as T | undefined;
    let asking = this.#asking.get(key) as Promise<T | undefined> | undefined;
    if (!asking) {
      asking = this.#look(key, ask).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    return asking;
  }

  async #look<T>(key: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const kept = await this.#memory.get(key);
      const value = kept === undefined ? await ask() : (JSON.parse(kept) as T);
      if (kept === undefined) await this.#memory.set(key, JSON.stringify(value), { ttlMs: DAY_MS });
      this.#keep(key, value, DAY_MS);
      return value;
    } catch {
      this.#keep(key, undefined, AGAIN_MS);
      return undefined;
    }
  }

  #keep(key: string, value: unknown, ms: number): void {
    this.#known.set(key, { value, until: Date.now() + ms });
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
  }

  async #ask<T>(method: string, args: Body, signal: AbortSignal, read: (answer: Body) => T): Promise<T> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    return read(await this.#api.call(method, args, { signal: patience }));
  }
}

function readPerson(answer: Body): Person {
  const user = bodyOf(answer.user);
  const profile = bodyOf(user.profile);
  const username = wordOf(user.name);
  const displayName = wordOf(profile.display_name) ?? wordOf(profile.real_name) ?? wordOf(user.real_name) ?? username;
  return {
    ...(username !== undefined && { username }),
    ...(displayName !== undefined && { displayName }),
    ...(user.is_bot === true && { isBot: true }),
  };
}

function readRoom(answer: Body): Room {
  const channel = bodyOf(answer.channel);
  const title = wordOf(channel.name);
  return { ...(title !== undefined && { title }), ...(channel.is_mpim === true && { isGroupDirect: true }) };
}
