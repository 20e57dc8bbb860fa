/** The proxies whose forwarding headers are believed: addresses or CIDR ranges of the configuration. */
import { BlockList, isIP } from "node:net";
import { SwitchboardError } from "@switchboard/domain";

const lists = new WeakMap<readonly string[], BlockList>();

/** Whether a peer address is one of the named proxies. What is no address is none. @throws CFG_001. */
export function isTrustedProxy(address: string | undefined, proxies: readonly string[]): boolean {
  if (address === undefined || proxies.length === 0) return false;
  const plain = address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
  const family = isIP(plain);
  return family !== 0 && listOf(proxies).check(plain, family === 6 ? "ipv6" : "ipv4");
}

/** @throws CFG_001 naming the first that is neither an address nor a range. */
export function checkTrustedProxies(proxies: readonly string[]): void {
  listOf(proxies);
}

function listOf(proxies: readonly string[]): BlockList {
  const known = lists.get(proxies);
  if (known) return known;
  const list = new BlockList();
  for (const proxy of proxies) add(list, proxy);
  lists.set(proxies, list);
  return list;
}

function add(list: BlockList, proxy: string): void {
  const [, host = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(proxy) ?? [];
  const version = isIP(host);
  if (version === 0 || Number(prefix ?? 0) > (version === 6 ? 128 : 32)) {
    throw new SwitchboardError(
      "CFG_001",
      `gateway.trustedProxies: "${proxy}" is no address like 10.0.0.1 and no range like 10.0.0.0/8.`,
    );
  }
  const family = version === 6 ? "ipv6" : "ipv4";
  if (prefix === undefined) list.addAddress(host, family);
  else list.addSubnet(host, Number(prefix), family);
}
