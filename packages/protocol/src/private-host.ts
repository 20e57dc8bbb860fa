/** Hosts that are not on the public Internet, by their name alone: nothing is looked up. */
import { type IpAddress, readIpAddress } from "./ip-address.ts";

export type HostKind = "loopback" | "private" | "public";

/** Where an address belongs. `shared` is 100.64/10: carrier-grade NAT, and Tailscale. */
export type AddressRange = "loopback" | "private" | "link-local" | "shared" | "public";

const LOCAL_SUFFIXES = [".local", ".internal", ".home.arpa", ".ts.net"];

/**
 * What kind of host a name or address is. `private` takes in RFC 1918, link-local, carrier-grade NAT (Tailscale), IPv6
 * unique local addresses, local domains, and names without a dot as containers have them.
 */
export function kindOfHost(host: string): HostKind {
  const name = plainHost(host);
  if (name === "localhost" || name.endsWith(".localhost")) return "loopback";
  const address = readIpAddress(name);
  if (address) {
    const range = rangeOf(address);
    return range === "loopback" || range === "public" ? range : "private";
  }
  if (name === "" || name.includes(":") || /^[\d.]+$/.test(name)) return "public";
  return !name.includes(".") || LOCAL_SUFFIXES.some((suffix) => name.endsWith(suffix)) ? "private" : "public";
}

/** In lower case, without an address's brackets and without the dot that ends a complete name. */
export function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}

export function rangeOf(address: IpAddress): AddressRange {
  return address.version === 4 ? rangeOfV4(address.octets) : rangeOfV6(address.groups);
}

function rangeOfV4([a, b]: readonly [number, number, number, number]): AddressRange {
  if (a === 127) return "loopback";
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)) return "private";
  if (a === 169 && b === 254) return "link-local";
  return a === 100 && b >= 64 && b <= 127 ? "shared" : "public";
}

function rangeOfV6(groups: readonly number[]): AddressRange {
  const [first = 0] = groups;
  if (groups.every((group, index) => group === (index === 7 ? 1 : 0))) return "loopback";
  if ((first & 0xfe00) === 0xfc00) return "private";
  return (first & 0xffc0) === 0xfe80 ? "link-local" : "public";
}
