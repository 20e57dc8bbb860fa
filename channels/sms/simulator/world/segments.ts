/**
 * How a network cuts a text, counted in its own way: the septets or UCS-2 units are laid out one by one, and a new
 * segment begins where the next character would not fit whole (3GPP TS 23.038, 23.040).
 */

const SINGLE = /^[\n\r !-#%-?A-Z_a-z¡£-¥§¿Ä-ÇÉÑÖØÜßà-ìñò-öøùüΓΔΘΛΞΠΣΦΨΩ$@]$/u;
const ESCAPED = /^[\f[-^{-~€]$/u;
/** In the ranges above, and not in the alphabet. */
const STRANGERS = new Set("áâãçêëóôõ");

export interface Counted {
  readonly segments: number;
  readonly encoding: "GSM-7" | "UCS-2";
}

export function countSegments(text: string): Counted {
  const sizes: number[] = [];
  for (const character of text) {
    const size = septets(character);
    if (size === 0)
      return {
        segments: laidOut(
          [...text].map(({ length }) => length),
          70,
          67,
        ),
        encoding: "UCS-2",
      };
    sizes.push(size);
  }
  return { segments: laidOut(sizes, 160, 153), encoding: "GSM-7" };
}

function septets(character: string): number {
  if (STRANGERS.has(character)) return 0;
  if (SINGLE.test(character)) return 1;
  return ESCAPED.test(character) ? 2 : 0;
}

function laidOut(sizes: readonly number[], alone: number, each: number): number {
  if (sizes.reduce((sum, size) => sum + size, 0) <= alone) return 1;
  let segments = 1;
  let room = each;
  for (const size of sizes) {
    if (size > room) {
      segments += 1;
      room = each;
    }
    room -= size;
  }
  return segments;
}

/** What `SmartEncoded` exchanges: https://www.twilio.com/docs/messaging/services/smart-encoding-char-list */
const PLAIN: Readonly<Record<string, string>> = {
  "\u00ab": '"',
  "\u00bb": '"',
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u02bc": "'",
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2015": "-",
  "\u2026": "...",
  "\u00a0": " ",
  "\u2002": " ",
  "\u2003": " ",
  "\u2009": " ",
  "\u202f": " ",
};

export function smartEncoded(text: string): string {
  const plain = [...text].map((character) => PLAIN[character] ?? character).join("");
  // Where something else needs UCS-2 anyway, nothing is gained and the text stays as it is.
  return countSegments(plain).encoding === "GSM-7" ? plain : text;
}
