/**
 * What proves that a later answer is a turn's own. Every node makes and reads the same tokens; the store keeps their
 * hash, so that a turn is answered only with the token of its own request.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { TenantId, TurnId } from "@switchboard/domain";

export interface ReplyTokens {
  /** The same one every time, also after a restart: an agent that knows the turn already may use it. @throws SEC_008. */
  of(tenant: TenantId, turn: TurnId): Promise<{ readonly token: string; readonly hash: string }>;
  /** `undefined`: the gateway never made it. Nothing is looked up in the store. @throws SEC_008. */
  read(token: string): Promise<ReadToken | undefined>;
}

export interface ReadToken {
  readonly tenant: TenantId;
  readonly turn: TurnId;
  readonly hash: string;
}

const LONGEST = 1_024;

/** `key`: the same on every node and after every start; asked for when a token is made or read, never before. */
export function replyTokens(key: () => Promise<string>): ReplyTokens {
  const signed = async (place: string) =>
    createHmac("sha256", await key())
      .update(place)
      .digest("base64url");
  return {
    async of(tenant, turn) {
      const place = Buffer.from(JSON.stringify([tenant, turn])).toString("base64url");
      const token = `${place}.${await signed(place)}`;
      return { token, hash: hashOf(token) };
    },
    async read(token) {
      if (token.length > LONGEST) return undefined;
      const [, place, given] = /^([\w-]+)\.([\w-]{43})$/.exec(token) ?? [];
      if (place === undefined || given === undefined) return undefined;
      // Compared as written: another spelling of the same bytes is another token.
      if (!timingSafeEqual(Buffer.from(given), Buffer.from(await signed(place)))) return undefined;
      const [tenant, turn] = JSON.parse(Buffer.from(place, "base64url").toString()) as [TenantId, TurnId];
      return { tenant, turn, hash: hashOf(token) };
    },
  };
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
