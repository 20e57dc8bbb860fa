/** The credential as it is kept among what an account has sealed. */
import { createHash } from "node:crypto";
import { parseJsonObject } from "@switchboard/domain";

export interface Kept {
  /** Which refresh token of the configuration it descends from, as a hash: another one there begins anew. */
  readonly origin: string;
  /** Empty until the first renewal. */
  readonly access: string;
  readonly refresh: string;
  /** When `access` ends, in Unix milliseconds. */
  readonly until: number;
}

/** As it is stored, and what that says. */
export interface Held extends Kept {
  readonly text: string;
}

export function held(kept: Kept): Held {
  const { access, origin, refresh, until } = kept;
  return { access, origin, refresh, until, text: JSON.stringify({ origin, access, refresh, until }) };
}

/** `undefined` for what is none. */
export function readHeld(text: string | undefined): Held | undefined {
  const kept = text === undefined ? undefined : parseJsonObject(text);
  if (text === undefined || !kept || typeof kept.until !== "number") return undefined;
  const { access, origin, refresh, until } = kept;
  return typeof origin === "string" && typeof access === "string" && typeof refresh === "string"
    ? { origin, access, refresh, until, text }
    : undefined;
}

export function originOf(refreshToken: string): string {
  return createHash("sha256").update(refreshToken).digest("base64url").slice(0, 16);
}
