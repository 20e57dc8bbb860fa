/** Which addresses a setup code gives a device (DEV-6, DEV-7). */
import { SwitchboardError } from "@switchboard/domain";
import { isLoopback, mayUseCleartext, setupUrl } from "./cleartext.ts";
import { readIpAddress } from "./ip-address.ts";
import { plainHost, rangeOf } from "./private-host.ts";
import { MOST_SETUP_URLS } from "./setup-code.ts";

/** How a gateway can be reached. */
export interface Reachability {
  /** `gateway.publicUrl`. */
  readonly publicUrl?: string | undefined;
  /** What it listens on, e.g. `127.0.0.1`, `0.0.0.0`, `192.168.1.5`. */
  readonly host: string;
  readonly port: number;
  /** It encrypts by itself. */
  readonly tls: boolean;
  /** This machine's addresses in its networks, the likeliest first. */
  readonly addresses: readonly string[];
  /** The name under which Tailscale serves it, with a certificate. */
  readonly tailscaleName?: string | undefined;
  /** The device runs on this machine, e.g. in an emulator: addresses that mean nothing elsewhere are wanted. */
  readonly onThisMachine?: boolean;
}

export type SetupUrlSource = "publicUrl" | "tailscale" | "bind" | "lan" | "loopback";

export interface SetupUrls {
  /** In the order to try them, at most `MOST_SETUP_URLS`. */
  readonly urls: readonly [string, ...string[]];
  readonly source: SetupUrlSource;
  /** The gateway's own certificate answers at each of them, so that its fingerprint belongs into the code. */
  readonly pinnable: boolean;
  /** Each begins with `wss://`. */
  readonly encrypted: boolean;
}

/** How an Android emulator calls the machine it runs on. */
const EMULATOR_HOST = "10.0.2.2";

/**
 * The first way that can be used: for a device on this machine loopback; else the public address, Tailscale, the
 * address listened on, the addresses in the local networks. Ways are not mixed: who blocks the encrypted one must not
 * gain that the device tries another.
 * @throws REQ_001 when there is none, telling what to set.
 */
export function setupUrls(way: Reachability): SetupUrls {
  if (way.onThisMachine) return chosen("loopback", direct(way, ["127.0.0.1", EMULATOR_HOST]), way.tls);
  const { publicUrl, tailscaleName } = way;
  if (publicUrl !== undefined && !isLoopback(hostOf(publicUrl))) return publicWay(way, publicUrl);
  if (tailscaleName !== undefined) return chosen("tailscale", [setupUrl(`wss://${plainHost(tailscaleName)}`)], false);
  if (isLoopback(way.host)) throw unreachable("it listens on this machine only", LISTEN_MORE);
  const everywhere = isUnspecified(way.host);
  const found = (everywhere ? way.addresses : [way.host]).filter(reachableFromElsewhere);
  if (found.length === 0) throw unreachable("this machine has no address in a network", NAME_IT);
  const usable = way.tls ? found : found.filter((host) => mayUseCleartext(host));
  if (usable.length === 0) throw unreachable("its addresses may only be reached with encryption", ENCRYPT);
  return chosen(everywhere ? "lan" : "bind", direct(way, usable), way.tls);
}

const LISTEN_MORE = "Set gateway.host to 0.0.0.0 with gateway.tls.enabled, or gateway.publicUrl to its address.";
const NAME_IT = "Set gateway.publicUrl to the address under which devices find it.";
const ENCRYPT = "Set gateway.tls.enabled to true, or gateway.publicUrl to an address that begins with https://.";

function publicWay(way: Reachability, publicUrl: string): SetupUrls {
  const url = setupUrl(publicUrl.replace(/^http(s?):/i, "ws$1:").replace(/\/+$/, ""));
  const { hostname, port } = new URL(url);
  const isOwn =
    Number(port || 443) === way.port && [way.host, ...way.addresses].map(plainHost).includes(plainHost(hostname));
  return chosen("publicUrl", [url], way.tls && isOwn && url.startsWith("wss:"));
}

function direct({ port, tls }: Reachability, hosts: readonly string[]): string[] {
  return hosts.map((host) => {
    const name = plainHost(host);
    return setupUrl(`${tls ? "wss" : "ws"}://${name.includes(":") ? `[${name}]` : name}:${port}`);
  });
}

function chosen(source: SetupUrlSource, all: readonly string[], pinnable: boolean): SetupUrls {
  const [first, ...rest] = [...new Set(all)].slice(0, MOST_SETUP_URLS);
  if (first === undefined) throw unreachable("it has no address", NAME_IT);
  const urls: SetupUrls["urls"] = [first, ...rest];
  return { urls, source, pinnable, encrypted: urls.every((url) => url.startsWith("wss:")) };
}

/** IPv6 link-local addresses need a zone, which means something on this machine only and fits into no URL. */
function reachableFromElsewhere(host: string): boolean {
  const address = readIpAddress(plainHost(host));
  if (!address) return host !== "" && !isLoopback(host);
  if (address.version === 6 && (address.zone !== undefined || rangeOf(address) === "link-local")) return false;
  return rangeOf(address) !== "loopback" && !isUnspecified(host);
}

function isUnspecified(host: string): boolean {
  const address = readIpAddress(plainHost(host));
  if (!address) return false;
  return (address.version === 6 ? address.groups : address.octets).every((part) => part === 0);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}

function unreachable(why: string, action: string): SwitchboardError {
  return new SwitchboardError("REQ_001", `No other device can reach this gateway: ${why}.`, { action });
}
