/** Which addresses are on the public Internet. Everything that is not known to be is not. */
import ipaddr from "ipaddr.js";

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * `public`; `local` for what an operator may have of their own: private, loopback, carrier-grade NAT, unique local;
 * `never` for what no name can be trusted to point at: link-local with the clouds' metadata, multicast, unspecified,
 * reserved, and ways to carry an address within another that are no longer in use.
 */
export type Reach = "public" | "local" | "never";

const LOCAL = new Set<string>(["private", "loopback", "carrierGradeNat", "uniqueLocal"]);

/** Metadata and control services of clouds that stand at addresses of otherwise usable ranges. */
const SERVICES = new Set(["168.63.129.16", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254"]);

/** `undefined` for what is no address. Brackets and zones are read; short, octal and hexadecimal IPv4 are not. */
export function readAddress(text: string): Address | undefined {
  const plain = text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return ipaddr.IPv4.parse(plain);
  return plain.includes(":") && ipaddr.IPv6.isValid(plain) ? innermost(ipaddr.IPv6.parse(plain)) : undefined;
}

export function reachOf(address: Address): Reach {
  if (SERVICES.has(address.toString())) return "never";
  const range: string = address.range();
  if (LOCAL.has(range)) return "local";
  if (range !== "unicast") return "never";
  return address.kind() === "ipv4" || isGlobal(address as ipaddr.IPv6) ? "public" : "never";
}

/** The IPv4 address that an IPv6 one means by the system (mapped) or by a translator on the way (NAT64); else itself. */
function innermost(address: ipaddr.IPv6): Address {
  const { parts } = address;
  const mapped = parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff;
  const translated = parts[0] === 0x64 && parts[1] === 0xff9b && parts.slice(2, 6).every((part) => part === 0);
  if (!mapped && !translated) return address;
  const [high = 0, low = 0] = parts.slice(6);
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}

/** 2000::/3 is all that was ever given out. */
function isGlobal({ parts: [first = 0] }: ipaddr.IPv6): boolean {
  return first >> 13 === 1;
}
