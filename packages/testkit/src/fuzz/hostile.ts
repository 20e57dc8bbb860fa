/** What nobody should send: values, spoilt copies of good ones, and texts that are nearly JSON. */
import type { Random } from "../long-run/random.ts";

const NUMBERS = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, Number.MAX_SAFE_INTEGER, 5e-324];
const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "length", "then", ""];

/** Texts that a schema, a store or a page might stumble over. */
export function hostileText(random: Random): string {
  return random.pick([
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\u202e\u2066",
    "../../etc/passwd",
    "%00%2e%2e%2f",
    "' OR 1=1 --",
    "<script>",
    "*",
    "operator.admin",
    "default",
    "main",
    "agent:main:main",
    ...NAMES,
    "x".repeat(random.whole(1, 3_000)),
    "😀".repeat(random.whole(1, 300)),
  ]);
}

export function hostileValue(random: Random, depth = 0): unknown {
  const kind = random.whole(0, depth > 3 ? 4 : 7);
  if (kind === 0) return random.pick([null, true, false]);
  if (kind === 1) return random.pick(NUMBERS);
  if (kind <= 3) return hostileText(random);
  if (kind === 4) return random.pick<unknown>([[], {}, [[]], [null], { "": null }]);
  if (kind === 5) return Array.from({ length: random.whole(1, 40) }, () => hostileValue(random, depth + 1));
  return hostileObject(random, depth);
}

function hostileObject(random: Random, depth: number): object {
  const made: object = {};
  for (let n = random.whole(1, 4); n > 0; n--)
    put(made, hostileText(random).slice(0, 40), hostileValue(random, depth + 1));
  return made;
}

/** Own properties only, `__proto__` included. */
function put(object: object, name: string, value: unknown): void {
  if (Array.isArray(object) && name === "length") return;
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A copy with one to three places changed, taken out or put in. */
export function spoilt(value: unknown, random: Random): unknown {
  let copy: unknown = structuredClone(value);
  for (let n = random.whole(1, 3); n > 0; n--) copy = spoiltOnce(copy, random);
  return copy;
}

function spoiltOnce(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.chance(0.15)) return hostileValue(random);
  const names = Object.keys(value);
  const name = names.length === 0 || random.chance(0.15) ? random.pick(NAMES) : random.pick(names);
  if (random.chance(0.1) && !Array.isArray(value)) {
    Reflect.deleteProperty(value, name);
    return value;
  }
  const present = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  put(value, name, random.chance(0.5) ? spoiltOnce(present, random) : hostileValue(random));
  return value;
}

/** Bytes of a text frame: rubbish, broken characters, depth, numbers no double can hold, JSON cut off. */
export function junk(random: Random): Buffer {
  const deep = random.whole(10, 20_000);
  return random.pick([
    () => randomBytes(random, random.whole(0, 400)),
    () => Buffer.from([0xff, 0xfe, 0xc0, 0xaf, 0xed, 0xa0, 0x80]),
    () => Buffer.from(`{"type":"req","id":"1","method":"health","params":"\xff`, "latin1"),
    () => Buffer.from("[".repeat(deep)),
    () => Buffer.from(`${'{"a":'.repeat(deep)}1${"}".repeat(deep)}`),
    () =>
      Buffer.from(`{"type":"req","id":"d","method":"health","params":{"a":${"[".repeat(deep)}${"]".repeat(deep)}}}`),
    () => Buffer.from(`{"type":"req","id":"n","method":"health","params":{"probe":1${"0".repeat(deep)}}}`),
    () =>
      Buffer.from(
        random.pick(["", "null", "1e999", "-0", '"\\ud800"', "true", "[]", "{}", "NaN", "{a:1}", "\ufeff{}"]),
      ),
    () => Buffer.from(JSON.stringify(hostileValue(random)) ?? ""),
    () => Buffer.from((JSON.stringify(hostileValue(random)) ?? "{").slice(0, -1)),
    () =>
      Buffer.from(
        `{"__proto__":{"ok":true,"scopes":["operator.admin"]},"constructor":{"prototype":{"scopes":["operator.admin"]}},"type":"req","id":"p","method":"${random.pick(["health", "config.get", "connect", "__proto__", "constructor"])}","params":{"__proto__":{"probe":true}}}`,
      ),
  ])();
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.whole(0, 255)));
}

/** An address somewhere else; seldom the same one twice. */
export function somewhere(random: Random): string {
  const part = () => random.whole(1, 254);
  if (random.chance(0.2))
    return `2001:db8::${random.whole(1, 0xffff).toString(16)}:${random.whole(1, 0xffff).toString(16)}`;
  return random.chance(0.3) ? `192.168.${part()}.${part()}` : `203.${part()}.${part()}.${part()}`;
}
