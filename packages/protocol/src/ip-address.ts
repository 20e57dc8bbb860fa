/** IP addresses as numbers, so that one address in two spellings is one address. Only canonical IPv4 is read. */

export type IpAddress =
  | { readonly version: 4; readonly octets: readonly [number, number, number, number] }
  /** Eight groups of 16 bits. `zone` is what follows `%`. */
  | { readonly version: 6; readonly groups: readonly number[]; readonly zone?: string };

/**
 * Reads an address without brackets. An IPv4 address within IPv6 (`::ffff:10.0.0.1`, `::ffff:a00:1`) comes out as
 * version 4: the system connects to exactly that. No other way of carrying one (6to4, NAT64, `::10.0.0.1`) does.
 * `undefined` for anything else, short and octal IPv4 included: a URL's parser turns those into four decimals.
 */
export function readIpAddress(text: string): IpAddress | undefined {
  const octets = readV4(text);
  if (octets) return { version: 4, octets };
  const [, plain = "", zone] = /^([0-9a-f:.]+)(?:%([^%\s/]+))?$/i.exec(text) ?? [];
  const groups = readV6(plain);
  if (!groups) return undefined;
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (!mapped) return { version: 6, groups, ...(zone !== undefined && { zone }) };
  const [high = 0, low = 0] = groups.slice(6);
  return { version: 4, octets: [high >> 8, high & 0xff, low >> 8, low & 0xff] };
}

function readV4(text: string): readonly [number, number, number, number] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const parts = match.slice(1);
  // A leading zero makes some readers think of octal.
  if (parts.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith("0")))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
  return [a, b, c, d];
}

function readV6(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => groupsOf(half, index === halves.length - 1));
  if (!head) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  if (!tail || head.length + tail.length > 7) return undefined;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** Only the last group may be four decimals. */
function groupsOf(half: string, isLast: boolean): readonly number[] | undefined {
  if (half === "") return [];
  const groups: number[] = [];
  const parts = half.split(":");
  for (const [index, part] of parts.entries()) {
    const v4 = isLast && index === parts.length - 1 ? readV4(part) : undefined;
    if (v4) groups.push(v4[0] * 256 + v4[1], v4[2] * 256 + v4[3]);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
