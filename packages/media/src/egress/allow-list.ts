/** What an operator allows besides the public Internet: hosts, addresses and ranges (`egress.allow`). */
import { SwitchboardError } from "@switchboard/domain/errors";
import type ipaddr from "ipaddr.js";
import { type Address, reachOf, readAddress } from "./address.ts";

export interface AllowList {
  /**
   * Whether a connection to `address` is allowed for a request to `host`. A host that is named may be anywhere but
   * where names are never trusted to point; such addresses must be allowed themselves.
   */
  permits(address: Address, host: string): boolean;
}

const HOST = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/;

/** @param entries as `files.example.lan`, `*.example.lan`, `192.168.1.7`, `10.0.0.0/8`, `fd12::/16`. @throws CFG_001. */
export function allowList(entries: readonly string[]): AllowList {
  const hosts = new Set<string>();
  const suffixes: string[] = [];
  const ranges: [Address, number][] = [];
  for (const entry of entries) {
    const text = plainHost(entry.trim());
    const range = readRange(text);
    if (range) ranges.push(range);
    else if (!HOST.test(text) || /^[\d.]+$/.test(text)) throw unreadable(entry);
    else if (text.startsWith("*.")) suffixes.push(text.slice(1));
    else hosts.add(text);
  }
  return {
    permits(address, host) {
      const reach = reachOf(address);
      if (reach === "public") return true;
      if (ranges.some(([base, bits]) => base.kind() === address.kind() && contains(base, bits, address))) return true;
      if (reach === "never") return false;
      const name = plainHost(host);
      return hosts.has(name) || suffixes.some((suffix) => name.endsWith(suffix));
    },
  };
}

/** In lower case, without the dot that ends a complete name. */
export function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

function readRange(text: string): [Address, number] | undefined {
  const [base = "", bits, ...more] = text.split("/");
  const address = readAddress(base);
  if (!address) {
    if (bits !== undefined) throw unreadable(text);
    return undefined;
  }
  const most = address.kind() === "ipv4" ? 32 : 128;
  if (bits === undefined) return [address, most];
  if (more.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) throw unreadable(text);
  return [address, Number(bits)];
}

function contains(base: Address, bits: number, address: Address): boolean {
  return base.kind() === "ipv4"
    ? (address as ipaddr.IPv4).match(base as ipaddr.IPv4, bits)
    : (address as ipaddr.IPv6).match(base as ipaddr.IPv6, bits);
}

function unreadable(entry: string): SwitchboardError {
  return new SwitchboardError(
    "CFG_001",
    `egress.allow: ${JSON.stringify(entry)} is neither a host, nor an address, nor a range like 10.0.0.0/8.`,
  );
}
