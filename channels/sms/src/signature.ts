/**
 * Twilio's signature: HMAC-SHA1 with the Auth Token over the address as it was configured, then every parameter of the
 * form by name. https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
import { createHash, createHmac } from "node:crypto";
import { parse, stringify } from "node:querystring";
import { isSame } from "@switchboard/channel-kit/webhook";

export interface SignedCall {
  /** As the caller wrote it, as far as that is known. */
  readonly url: string;
  /** The form's, with repeated names; empty where the query alone is signed. */
  readonly params: readonly (readonly [name: string, value: string])[];
}

export function signatureOf({ url, params }: SignedCall, authToken: string): string {
  const byName = new Map<string, Set<string>>();
  for (const [name, value] of params) byName.set(name, (byName.get(name) ?? new Set()).add(value));
  let text = url;
  for (const name of [...byName.keys()].sort()) {
    for (const value of [...(byName.get(name) ?? [])].sort()) text += name + value;
  }
  return createHmac("sha1", authToken).update(text, "utf8").digest("base64");
}

/**
 * Whether the call was signed with this token, under any spelling of its address that may have been signed: with and
 * without the usual port, the host in capitals or not, the query escaped one way or the other.
 */
export function isSigned(call: SignedCall, signature: string, authToken: string): boolean {
  let matches = false;
  for (const url of spellings(call.url)) {
    if (isSame(signature, signatureOf({ ...call, url }, authToken))) matches = true;
  }
  return matches;
}

/** Whether the body is the one whose SHA-256 the signed query names: how calls without a form are covered. */
export function hasSignedBody(url: string, body: Uint8Array): boolean {
  const [, named = ""] = /[?&]bodySHA256=([0-9a-fA-F]{64})(?:&|$)/.exec(url) ?? [];
  return isSame(named.toLowerCase(), createHash("sha256").update(body).digest("hex"));
}

function spellings(url: string): Set<string> {
  const normal = URL.canParse(url) ? new URL(url).toString() : url;
  const found = new Set<string>();
  for (const each of [url, normal]) {
    for (const port of [false, true]) {
      const spelt = withPort(each, port);
      found.add(spelt);
      if (each === normal) found.add(reescaped(spelt));
    }
  }
  return found;
}

/** The address with the port spelt out, which is the scheme's own when there is none, or without any. */
function withPort(url: string, port: boolean): string {
  const [all, scheme, user = "", host, own] =
    /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(:\d*)?/i.exec(url) ?? [];
  if (all === undefined || scheme === undefined) return url;
  const usual = scheme.toLowerCase() === "https://" ? ":443" : ":80";
  return `${scheme}${user}${host}${port ? (own ?? usual) : ""}${url.slice(all.length)}`;
}

/** The query as older senders escape it. */
function reescaped(url: string): string {
  const at = url.indexOf("?");
  return at < 0 || at === url.length - 1 ? url : `${url.slice(0, at)}?${stringify(parse(url.slice(at + 1)))}`;
}
