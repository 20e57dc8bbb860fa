/**
 * What goes with a person to the platform and comes back: who asked for an account, signed, so that nobody else's code
 * is taken for theirs (RFC 6749 §10.12). It is good once and for ten minutes.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { type AccountRef, parseJsonObject, SwitchboardError } from "@switchboard/domain";

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

/** `key`: what states of that account are signed with. */
export function writeState(key: string, { from, nonce, until }: InstallState): string {
  const { account, channel, tenant } = from;
  const body = Buffer.from(JSON.stringify({ tenant, channel, account, nonce, until })).toString("base64url");
  return `${body}.${signature(key, body)}`;
}

/**
 * `keyOf` an account: as `writeState` got it; `undefined` where there is no such account, since anybody may have written
 * the text. @throws SEC_002 for whatever is wrong with it: nobody learns what.
 */
export async function readState(
  keyOf: (from: AccountRef) => Promise<string | undefined>,
  channel: string,
  text: string,
  now: number,
): Promise<InstallState> {
  const [, body = "", given = ""] = STATE.exec(text) ?? [];
  const said = parseJsonObject(Buffer.from(body, "base64url").toString());
  if (said && [said.tenant, said.account, said.nonce].every((each) => typeof each === "string")) {
    const from = { tenant: said.tenant, channel, account: said.account } as AccountRef;
    const key = await keyOf(from);
    // Compared as written: another spelling of the same bytes is another state.
    const [actual, expected] = [Buffer.from(given), Buffer.from(key === undefined ? "" : signature(key, body))];
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

function signature(key: string, body: string): string {
  return createHmac("sha256", key).update(body).digest("base64url");
}
