/** This machine's addresses in its networks. */
import { networkInterfaces } from "node:os";

/** IPv4 first, without loopback and without IPv6 link-local addresses, which mean nothing without a zone. */
export function ownAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? []);
  const usable = all.filter(({ internal, scopeid }) => !internal && !scopeid);
  const of = (family: string) => usable.filter((each) => each.family === family).map(({ address }) => address);
  return [...new Set([...of("IPv4"), ...of("IPv6")])];
}
