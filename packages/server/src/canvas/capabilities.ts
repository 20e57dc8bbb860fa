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
  readonly hash: Buffer;
  readonly capability: Capability;
  /** When its owner's line broke. */
  goneAt?: number;
}

export class Capabilities {
  readonly #now: () => number;
  /** By the hash's hex digits, the oldest first. */
  readonly #entries = new Map<string, Entry>();

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
    const entry: Entry = { hash, capability: { ...about, expiresAt, usedFrom: new Set() } };
    this.#entries.set(hash.toString("hex"), entry);
    const gone = () => {
      entry.goneAt = this.#now();
    };
    if (about.caller.signal.aborted) gone();
    else about.caller.signal.addEventListener("abort", gone, { once: true });
    return { token, expiresAt };
  }

  /** What the token is good for at this moment, if anything. */
  find(token: string, surface: string): Capability | undefined {
    const hash = hashOf(token);
    const key = hash.toString("hex");
    const entry = this.#entries.get(key);
    if (!entry || !timingSafeEqual(entry.hash, hash) || entry.capability.surface !== surface) return undefined;
    if (this.#isAlive(entry) && mayRead(entry.capability.caller)) return entry.capability;
    this.#entries.delete(key);
    return undefined;
  }

  #isAlive({ capability, goneAt }: Entry): boolean {
    const now = this.#now();
    return now < capability.expiresAt && (goneAt === undefined || now < goneAt + CAPABILITY_GRACE_MS);
  }

  #makeRoom({ info }: SurfaceCaller): void {
    const own: string[] = [];
    for (const [key, entry] of this.#entries) {
      if (!this.#isAlive(entry)) this.#entries.delete(key);
      else if (entry.capability.caller.info.id === info.id) own.push(key);
    }
    for (const key of own.slice(0, Math.max(0, own.length - MOST_PER_CONNECTION + 1))) this.#entries.delete(key);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= MOST && oldest !== undefined) this.#entries.delete(oldest);
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
