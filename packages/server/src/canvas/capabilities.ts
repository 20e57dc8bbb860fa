/**
 * Addresses that show something for a while: a token in the address is the right to read it, as long as whoever got it
 * may read. In memory only, and only as a hash: after a restart there are new ones.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { holds } from "@switchboard/protocol";
import type { SurfaceCaller } from "../ws/index.ts";

const TOKEN_BYTES = 18;
/** Base64url of that many bytes. */
export const TOKEN_PATTERN = "[A-Za-z0-9_-]{24}";
export const CAPABILITY_TTL_MS = 600_000;
/** How long an address goes on when the line of its owner is gone: a phone that changes networks comes back. */
export const CAPABILITY_GRACE_MS = 60_000;
/** A connection's oldest address ends when it asks for more. */
const MOST_PER_CONNECTION = 16;
const MOST = 10_000;

export interface Capability {
  readonly surface: string;
  /** The only document it is good for. */
  readonly document?: string | undefined;
  /** Whose it is. */
  readonly caller: SurfaceCaller;
  /** The gateway's address that it was issued with, e.g. `http://127.0.0.1:18789`. */
  readonly root: string;
  readonly expiresAt: number;
  /** Callers' addresses it was used from. */
  readonly usedFrom: Set<string>;
}

interface Entry {
  readonly key: string;
  readonly hash: Buffer;
  readonly capability: Capability;
  /** When its owner's line broke. */
  goneAt?: number;
}

export class Capabilities {
  readonly #now: () => number;
  /** By the hash's hex digits, the oldest first. Every handshake comes by here: nothing walks through all of them. */
  readonly #entries = new Map<string, Entry>();
  /** Those whose owner's line broke, in that order. */
  readonly #gone = new Set<Entry>();
  /** Those of a connection, the oldest first. */
  readonly #own = new Map<string, Set<Entry>>();

  /** `now`: Unix milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The token is told this once. */
  issue(about: Pick<Capability, "surface" | "document" | "caller" | "root">): {
    readonly token: string;
    readonly expiresAt: number;
  } {
    this.#makeRoom(about.caller);
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const hash = hashOf(token);
    const expiresAt = this.#now() + CAPABILITY_TTL_MS;
    const key = hash.toString("hex");
    const entry: Entry = { key, hash, capability: { ...about, expiresAt, usedFrom: new Set() } };
    this.#entries.set(key, entry);
    const { id } = about.caller.info;
    const own = this.#own.get(id) ?? new Set();
    this.#own.set(id, own.add(entry));
    const gone = () => {
      entry.goneAt = this.#now();
      if (this.#entries.has(key)) this.#gone.add(entry);
    };
    if (about.caller.signal.aborted) gone();
    else about.caller.signal.addEventListener("abort", gone, { once: true });
    return { token, expiresAt };
  }

  /** What the token is good for at this moment, if anything. */
  find(token: string, surface: string): Capability | undefined {
    const hash = hashOf(token);
    const entry = this.#entries.get(hash.toString("hex"));
    if (!entry || !timingSafeEqual(entry.hash, hash) || entry.capability.surface !== surface) return undefined;
    if (this.#isAlive(entry) && mayRead(entry.capability.caller)) return entry.capability;
    this.#forget(entry);
    return undefined;
  }

  #isAlive({ capability, goneAt }: Entry): boolean {
    const now = this.#now();
    return now < capability.expiresAt && (goneAt === undefined || now < goneAt + CAPABILITY_GRACE_MS);
  }

  #makeRoom({ info }: SurfaceCaller): void {
    this.#forgetDead(this.#gone);
    this.#forgetDead(this.#entries.values());
    const own = this.#own.get(info.id);
    if (own && own.size >= MOST_PER_CONNECTION) this.#forgetFirst(own);
    if (this.#entries.size >= MOST) this.#forgetFirst(this.#entries.values());
  }

  /** Both orders are those in which they end: the first that is alive ends the search. */
  #forgetDead(entries: Iterable<Entry>): void {
    for (const entry of entries) {
      if (this.#isAlive(entry)) return;
      this.#forget(entry);
    }
  }

  #forgetFirst(entries: Iterable<Entry>): void {
    const [first] = entries;
    if (first) this.#forget(first);
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#gone.delete(entry);
    const { id } = entry.capability.caller.info;
    const own = this.#own.get(id);
    own?.delete(entry);
    if (own?.size === 0) this.#own.delete(id);
  }
}

/** Looked up each time: what was taken away a moment ago counts now. */
export function mayRead(caller: SurfaceCaller): boolean {
  const now = caller.authority();
  if (!now) return false;
  const { info } = caller;
  return info.role === "node" ? info.caps.has("canvas") : holds(now.scopes, "operator.read");
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
