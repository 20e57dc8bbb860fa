/** How deep JSON is, told from its bytes. */

/**
 * Arrays and objects inside each other that are taken from outside. Brackets within brackets cost 30 times their bytes
 * as objects, and whoever walks the value later would overflow the stack.
 */
export const MAX_JSON_DEPTH = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SHORT = 64;

/** Looks at UTF-8 bytes before they are parsed; they need not be JSON. */
export function isDeeperThan(bytes: Uint8Array, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > most) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      case QUOTE:
        at = endOfString(bytes, at);
    }
  }
  return false;
}

/** The position of the closing quote; the end of the bytes when there is none. Only long strings are worth a search. */
function endOfString(bytes: Uint8Array, start: number): number {
  const near = Math.min(start + SHORT, bytes.length);
  for (let at = start + 1; at < near; at += 1) {
    if (bytes[at] === QUOTE) return at;
    if (bytes[at] === BACKSLASH) at += 1;
  }
  let end = bytes.indexOf(QUOTE, near);
  while (end >= 0 && isEscaped(bytes, start, end)) end = bytes.indexOf(QUOTE, end + 1);
  return end < 0 ? bytes.length : end;
}

function isEscaped(bytes: Uint8Array, start: number, quote: number): boolean {
  let first = quote;
  while (first - 1 > start && bytes[first - 1] === BACKSLASH) first -= 1;
  return (quote - first) % 2 === 1;
}
