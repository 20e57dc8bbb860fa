/** What proves that a later answer is a turn's own. The store keeps its hash, so every process knows it. */
import { createHash, createHmac } from "node:crypto";
import type { TenantId, TurnId } from "@switchboard/domain";

export interface ReplyTokens {
  /** The same one every time, also after a restart: an agent that knows the turn already may use it. */
  of(tenant: TenantId, turn: TurnId): { readonly token: string; readonly hash: string };
}

export interface ReadToken {
  readonly tenant: TenantId;
  readonly turn: TurnId;
  readonly hash: string;
}

const LONGEST = 1_024;

export function replyTokens(key: Buffer): ReplyTokens {
  return {
    of(tenant, turn) {
      const place = Buffer.from(JSON.stringify([tenant, turn])).toString("base64url");
      const token = `${place}.${createHmac("sha256", key).update(place).digest("base64url")}`;
      return { token, hash: hashOf(token) };
    },
  };
}

/** What a token says of itself; whether it is good, its hash decides. `undefined`: it is none. */
export function readToken(token: string): ReadToken | undefined {
  if (token.length > LONGEST) return undefined;
  const [, place] = /^([\w-]+)\.[\w-]{43}$/.exec(token) ?? [];
  if (place === undefined) return undefined;
  try {
    const [tenant, turn, ...rest] = JSON.parse(Buffer.from(place, "base64url").toString()) as unknown[];
    if (typeof tenant !== "string" || typeof turn !== "string" || rest.length > 0) return undefined;
    return { tenant: tenant as TenantId, turn: turn as TurnId, hash: hashOf(token) };
  } catch {
    return undefined;
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
