/** Hosts that are not on the public Internet, by their name alone: nothing is looked up. */

export type HostKind = "loopback" | "private" | "public";

const LOCAL_SUFFIXES = [".local", ".internal", ".home.arpa", ".ts.net"];

/**
 * What kind of host a name or address is. `private` takes in RFC 1918, link-local, carrier-grade NAT (Tailscale), IPv6
 * unique local addresses, local domains, and names without a dot as containers have them.
 */
export function kindOfHost(host: string): HostKind {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
  if (name === "localhost" || name.endsWith(".localhost")) return "loopback";
  const v4 = octets(name.startsWith("::ffff:") ? name.slice(7) : name);
  if (v4) return kindOfV4(v4);
  if (name.includes(":")) return kindOfV6(name);
  if (name === "" || /^[\d.]+$/.test(name)) return "public";
  return !name.includes(".") || LOCAL_SUFFIXES.some((suffix) => name.endsWith(suffix)) ? "private" : "public";
}

function octets(text: string): readonly [number, number] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return [Number(parts[0]), Number(parts[1])];
}

function kindOfV4([a, b]: readonly [number, number]): HostKind {
  if (a === 127) return "loopback";
  const inside =
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127);
  return inside ? "private" : "public";
}

function kindOfV6(name: string): HostKind {
  if (name === "::1") return "loopback";
  return /^f[cd][0-9a-f]{2}:/.test(name) || /^fe[89ab][0-9a-f]:/.test(name) ? "private" : "public";
}
