/**
 * Setup codes (DEV-6): what a new device is given, as a text or a QR code. It says where the gateway is and holds a
 * token for one pairing, which lives for minutes. There is no field for anything that lives longer (GHSA-7h7g-x2px-94hj):
 * neither writing nor reading lets one through.
 */
import { SwitchboardError } from "@switchboard/domain";
import { fromBase64url, toBase64url } from "./base64url.ts";
import { setupUrl } from "./cleartext.ts";
import { readFingerprint } from "./tls-fingerprint.ts";

export const SETUP_ACCESS = ["full", "limited", "node"] as const;
export type SetupAccess = (typeof SETUP_ACCESS)[number];

/** The most addresses a code may list. */
export const MOST_SETUP_URLS = 8;

export interface SetupCode {
  /** `ws(s)://host[:port][/path]`. */
  readonly url: string;
  /** All addresses to try, in this order, when there are several; 2 to `MOST_SETUP_URLS`. */
  readonly urls?: readonly string[];
  /** base64url, up to 512 characters. Good for one pairing, until `expiresAtMs`. */
  readonly bootstrapToken: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  /** SHA-256 of the gateway's own certificate, 64 lower-case hex digits; then every address begins with `wss://`. */
  readonly tlsFingerprint?: string;
  /** What the device will be able to do; default `full`. */
  readonly access?: SetupAccess;
  /** `access` is less than what was asked for, because an address is not encrypted. */
  readonly accessDowngraded?: boolean;
}

const PREFIX = /^oc-pair:\/\//i;
/** Longer than any code with eight long addresses. */
const MOST_CHARACTERS = 8_192;

/** base64url without padding of the JSON. @throws REQ_001 for what `decodeSetupCode` would not read. */
export function encodeSetupCode(code: SetupCode): string {
  return toBase64url(new TextEncoder().encode(JSON.stringify(checked({ ...code }))));
}

/**
 * Reads a code as a person pasted it: with the prefix `oc-pair://`, white space around it, or padding. Fields that it
 * does not know are left out. `now` is in Unix milliseconds.
 * @throws REQ_001 that says what is wrong and repeats nothing of the code; `details.reason` is `expired` or `malformed`.
 */
export function decodeSetupCode(text: string, now: number): SetupCode {
  const bare = text.trim().replace(PREFIX, "");
  if (bare === "") throw malformed("it is empty");
  if (bare.length > MOST_CHARACTERS) throw malformed("it is too long");
  const bytes = fromBase64url(bare);
  if (!bytes) throw malformed("it holds characters that no code has, or a part is missing");
  const code = checked(parsed(bytes));
  if (code.expiresAtMs <= now) {
    throw new SwitchboardError("REQ_001", "The setup code has expired.", {
      action: "Ask for a new one; codes live for a few minutes.",
      details: { reason: "expired" },
    });
  }
  return code;
}

/** Every address of a code, in the order to try them. */
export function urlsOfSetupCode({ url, urls = [] }: Pick<SetupCode, "url" | "urls">): [string, ...string[]] {
  const [first = url, ...rest] = new Set(urls.includes(url) ? urls : [url, ...urls]);
  return [first, ...rest];
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // The parser's message would show a part of the text.
  }
  throw malformed("it does not hold what a code holds");
}

/** The fields of a code, each of them checked, and no others. */
function checked(given: Readonly<Record<string, unknown>>): SetupCode {
  const field = (name: keyof SetupCode) => (Object.hasOwn(given, name) ? given[name] : undefined);
  const [bootstrapToken, expiresAtMs, access] = [field("bootstrapToken"), field("expiresAtMs"), field("access")];
  const accessDowngraded = field("accessDowngraded");
  if (typeof bootstrapToken !== "string" || !/^[A-Za-z0-9_-]{1,512}$/.test(bootstrapToken)) {
    throw malformed("its token is missing or no token");
  }
  if (typeof expiresAtMs !== "number" || !Number.isSafeInteger(expiresAtMs) || expiresAtMs < 1) {
    throw malformed("the time of its end is missing or no time");
  }
  if (access !== undefined && !isAccess(access)) throw malformed("its access is none that exists");
  if (accessDowngraded !== undefined && typeof accessDowngraded !== "boolean") {
    throw malformed("accessDowngraded is neither true nor false");
  }
  const url = setupUrl(text(field("url"), "its address"));
  const urls = checkedUrls(field("urls"));
  const pin = field("tlsFingerprint");
  const tlsFingerprint = pin === undefined ? undefined : readFingerprint(text(pin, "its fingerprint"));
  if (tlsFingerprint !== undefined && [url, ...(urls ?? [])].some((each) => !each.startsWith("wss:"))) {
    throw malformed("it names a certificate, but an address without encryption");
  }
  return {
    url,
    ...(urls && { urls }),
    bootstrapToken,
    expiresAtMs,
    ...(tlsFingerprint !== undefined && { tlsFingerprint }),
    ...(access !== undefined && { access }),
    ...(accessDowngraded !== undefined && { accessDowngraded }),
  };
}

function checkedUrls(urls: unknown): string[] | undefined {
  if (urls === undefined) return undefined;
  if (!Array.isArray(urls) || urls.length < 2 || urls.length > MOST_SETUP_URLS) {
    throw malformed(`its addresses are not a list of 2 to ${MOST_SETUP_URLS}`);
  }
  return urls.map((each) => setupUrl(text(each, "an address")));
}

function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw malformed(`${what} is missing or no text`);
  return value;
}

function isAccess(value: unknown): value is SetupAccess {
  return (SETUP_ACCESS as readonly unknown[]).includes(value);
}

function malformed(why: string): SwitchboardError {
  return new SwitchboardError("REQ_001", `This is no setup code: ${why}.`, {
    action: "Copy the whole code, or ask for a new one.",
    details: { reason: "malformed" },
  });
}
