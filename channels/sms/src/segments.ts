/**
 * How many messages a phone network makes of a text. GSM 03.38: 160 septets alone, 153 in each of several, characters of
 * the extension table take two; UCS-2: 70 units alone, 67 in each of several. No character is torn between two.
 * Sources: 3GPP TS 23.038; https://www.twilio.com/docs/glossary/what-sms-character-limit
 */

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION = new Set("\f^{}\\[~]|€");

export interface Segments {
  readonly encoding: "GSM-7" | "UCS-2";
  readonly count: number;
}

/** At least one, also for an empty text. */
export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const isGsm = characters.every((character) => BASIC.has(character) || EXTENSION.has(character));
  return isGsm
    ? { encoding: "GSM-7", count: pack(characters, (character) => (EXTENSION.has(character) ? 2 : 1), 160, 153) }
    : { encoding: "UCS-2", count: pack(characters, ({ length }) => length, 70, 67) };
}

function pack(characters: readonly string[], size: (character: string) => number, alone: number, each: number): number {
  const total = characters.reduce((sum, character) => sum + size(character), 0);
  if (total <= alone) return 1;
  let count = 1;
  let used = 0;
  for (const character of characters) {
    const units = size(character);
    if (used + units > each) {
      count += 1;
      used = 0;
    }
    used += units;
  }
  return count;
}
