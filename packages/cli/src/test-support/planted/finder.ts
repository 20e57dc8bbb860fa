/**
 * Looks for secrets in whatever a program wrote: as they are, backwards, as base64 at every offset, as hex, and in an
 * address or in JSON. A piece of twelve characters is a find.
 */

export interface Secret {
  readonly name: string;
  readonly value: string;
}

export interface Find {
  readonly secret: string;
  readonly form: string;
  readonly place: string;
  /** What stands before it; never the secret. */
  readonly before: string;
}

/** Characters of the secret itself; encoded ones are longer. */
const PIECE = 12;
/** So much of the text before a find is shown. */
const SHOWN = 80;

interface Wanted {
  readonly secret: string;
  readonly form: string;
}

export type Finder = (place: string, text: string) => Find[];

/** `text` of the finder: bytes as latin1, so that every file can be looked into. */
export function finderOf(secrets: readonly Secret[]): Finder {
  /** By length: every piece of every form. */
  const pieces = new Map<number, Map<string, Wanted>>();
  for (const { name, value } of secrets) {
    if (value.length < PIECE) throw new Error(`${name} is too short to be found`);
    for (const { form, length, text } of formsOf(value)) {
      const known = pieces.get(length) ?? new Map<string, Wanted>();
      pieces.set(length, known);
      for (let at = 0; at + length <= text.length; at += 1)
        known.set(text.slice(at, at + length), { secret: name, form });
    }
  }
  /** The first four characters of any piece: most places of a text are left with one look. */
  const beginnings = new Set([...pieces.values()].flatMap((known) => [...known.keys()].map((each) => codeAt(each, 0))));
  return (place, text) => {
    const finds = new Map<string, Find>();
    for (let at = 0; at + PIECE <= text.length; at += 1) {
      if (!beginnings.has(codeAt(text, at))) continue;
      for (const [length, known] of pieces) {
        const found = known.get(text.slice(at, at + length));
        const id = `${found?.secret} ${found?.form}`;
        if (!found || finds.has(id)) continue;
        finds.set(id, { ...found, place, before: JSON.stringify(text.slice(Math.max(0, at - SHOWN), at)) });
      }
    }
    return [...finds.values()];
  };
}

function codeAt(text: string, at: number): number {
  return (
    text.charCodeAt(at) |
    (text.charCodeAt(at + 1) << 8) |
    (text.charCodeAt(at + 2) << 16) |
    (text.charCodeAt(at + 3) << 24)
  );
}

/** `length`: of a piece in this form. */
function formsOf(value: string): { readonly form: string; readonly text: string; readonly length: number }[] {
  const bytes = Buffer.from(value, "utf8");
  const hex = bytes.toString("hex");
  // What a key of 256 bits says in hex is also bytes.
  const raw = /^[0-9a-f]{64}$/.test(value) ? [Buffer.from(value, "hex")] : [];
  const base64 = [bytes, ...raw].flatMap((each) => [0, 1, 2].map((offset) => shiftedBase64(each, offset)));
  return [
    { form: "as it is", text: value, length: PIECE },
    { form: "backwards", text: [...value].reverse().join(""), length: PIECE },
    { form: "in an address", text: encodeURIComponent(value), length: PIECE },
    { form: "in JSON", text: JSON.stringify(value).slice(1, -1), length: PIECE },
    ...raw.map((each) => ({ form: "as bytes", text: each.toString("latin1"), length: PIECE })),
    ...base64.map((text) => ({ form: "as base64", text, length: (PIECE / 3) * 4 })),
    ...base64.map((text) => ({ form: "as base64", text: inAddress(text), length: (PIECE / 3) * 4 })),
    { form: "as hex", text: hex, length: PIECE * 2 },
    { form: "as hex", text: hex.toUpperCase(), length: PIECE * 2 },
  ];
}

/** Without the characters at both ends, which hold bits of what stands beside it. */
function shiftedBase64(bytes: Buffer, offset: number): string {
  const whole = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  return whole.slice(offset === 0 ? 0 : 4, -1);
}

function inAddress(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}
