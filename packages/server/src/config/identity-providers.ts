/** What the schema cannot say about the places where people sign in. */
import { SwitchboardError } from "@switchboard/domain";
import { type IdentityProvider, kindOfHost } from "@switchboard/protocol";

/** @throws CFG_001 for two of one id, and for an issuer that others could pretend to be. */
export function checkProviders(providers: readonly IdentityProvider[]): void {
  const ids = new Set<string>();
  for (const { id, issuer } of providers) {
    if (ids.has(id)) throw new SwitchboardError("CFG_001", `Two identity.providers have the id ${id}.`);
    ids.add(id);
    if (isSafeIssuer(issuer)) continue;
    throw new SwitchboardError("CFG_001", `identity.providers: the issuer of ${id} is not one.`, {
      action: "Give the address with https that the provider calls its issuer, without a query.",
    });
  }
}

function isSafeIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { hash, hostname, password, protocol, search, username } = new URL(issuer);
  if (hash !== "" || search !== "" || username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isThisMachine(hostname));
}

/** Whose line nobody else reads or changes. */
export function isThisMachine(hostname: string): boolean {
  return kindOfHost(hostname) === "loopback";
}
