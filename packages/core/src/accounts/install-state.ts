/**
 * What goes with a person to the platform and comes back: who asked for an account, signed, so that nobody else's code
 * is taken for theirs (RFC 6749 §10.12). It is good once and for ten minutes.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { type AccountRef, parseJsonObject, SwitchboardError } from "@switchboard/domain";
import type { Vault } from "../ports/index.ts";

export const INSTALL_TTL_MS = 600_000;
const CHANNEL = /^[a-z][a-z0-9-]{0,63}$/;
const STATE = /^([A-Za-z0-9_-]{1,1000})\.([A-Za-z0-9_-]{43})$/;

export interface InstallState {
  /** The account from which the app is known. */
  readonly from: AccountRef;
  /** Under which it is remembered until it was used. */
  readonly nonce: string;
  /** Unix milliseconds. */
  readonly until: number;
}

export function newNonce(): string {
  return randomBytes(24).toString("base64url");
}

export function writeState(vault: Vault, { from, nonce, until }: InstallState): string {
  const { account, channel, tenant } = from;
  const body = Buffer.from(JSON.stringify({ tenant, channel, account, nonce, until })).toString("base64url");
  return `${body}.${signature(vault, from, body)}`;
}

/** @throws SEC_002 for whatever is wrong with it: nobody learns what. */
export function readState(vault: Vault, channel: string, text: string, now: number): InstallState {
  const [, body = "", given = ""] = STATE.exec(text) ?? [];
  const said = parseJsonObject(Buffer.from(body, "base64url").toString());
  if (said && [said.tenant, said.account, said.nonce].every((each) => typeof each === "string")) {
    const from = { tenant: said.tenant, channel, account: said.account } as AccountRef;
    // Compared as written: another spelling of the same bytes is another state.
    const [actual, expected] = [Buffer.from(given), Buffer.from(signature(vault, from, body))];
    const isSigned = actual.length === expected.length && timingSafeEqual(actual, expected);
    if (isSigned && said.channel === channel && typeof said.until === "number" && now < said.until) {
      return { from, nonce: String(said.nonce), until: said.until };
    }
  }
  throw staleState(channel);
}

/** Somebody may copy the command: `channel` is what stood in the address, and in the command only if it is a name. */
export function staleState(channel: string): SwitchboardError {
  const name = CHANNEL.test(channel) ? channel : "<channel>";
  return new SwitchboardError("SEC_002", "This address was not made here, was used already, or is too old.", {
    action: `Ask for a new one: switchboard channels install ${name}`,
  });
}

function signature(vault: Vault, from: AccountRef, body: string): string {
  return createHmac("sha256", vault.derive(from, "install")).update(body).digest("base64url");
}
