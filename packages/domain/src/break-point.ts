/** Where a text may be broken so that people do not stumble. */
import { graphemes } from "./graphemes.ts";

/** How far back a good place is looked for: no piece gets shorter than three fifths because of it. */
const REACH = 0.4;

/**
 * The best place to break `text` at or before `most` UTF-16 units: after a line end, else after a sentence, else after
 * a space (code: a line end only), else between whole characters (grapheme clusters). At least 1.
 */
export function breakPoint(text: string, most: number, prefer: "words" | "lines"): number {
  if (most >= text.length) return text.length;
  const least = Math.max(1, Math.floor(most * (1 - REACH)));
  const line = text.lastIndexOf("\n", most - 1) + 1;
  if (line >= least) return line;
  if (prefer === "words") {
    const sentence = lastSentenceEnd(text, least, most);
    if (sentence > 0) return sentence;
    const space = text.lastIndexOf(" ", most - 1) + 1;
    if (space >= least) return space;
  }
  return wholeCharacters(text, most);
}

function lastSentenceEnd(text: string, least: number, most: number): number {
  for (let at = most; at >= least; at--) {
    if (text[at - 1] === " " && ".!?…".includes(text[at - 2] ?? " ")) return at;
  }
  return 0;
}

/** The last boundary between grapheme clusters at or before `most`; a cluster longer than that is broken between code points. */
function wholeCharacters(text: string, most: number): number {
  const from = Math.max(0, most - 64);
  const start = isLowSurrogate(text, from) ? from + 1 : from;
  let at = 0;
  for (const { index } of graphemes(text.slice(start, most + 64))) {
    if (start + index > most) break;
    at = start + index;
  }
  if (at > start) return at;
  const codePoint = isLowSurrogate(text, most) ? most - 1 : most;
  return codePoint > 0 ? codePoint : most + 1;
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
