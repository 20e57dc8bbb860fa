/** Cleans what people send before anything else sees it (MSG-5). */
import { SwitchboardError } from "./errors.ts";

/** Longest text of one inbound message, in UTF-16 units. */
export const MAX_INBOUND_TEXT = 65_536;

/** Everything below space but tab and line feed, DEL, and the C1 block. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Removes NUL and control characters, keeps tab and line feed, turns CR LF into LF and mends lone surrogates.
 * @throws MSG_003 when the text is longer than `maxLength` UTF-16 units.
 */
export function sanitiseText(text: string, maxLength: number = MAX_INBOUND_TEXT): string {
  if (text.length > maxLength) {
    throw new SwitchboardError("MSG_003", `The message has ${text.length} characters; at most ${maxLength} are taken.`);
  }
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replace(controls, "").toWellFormed();
}

/** They turn the reading direction, or stand for nothing one sees: `U+202E` makes `exe.pdf` of `fdp.exe`. */
const turning = /[\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
/** More marks on one letter than any language writes; they would run over the lines around. */
const stacked = /(\p{M}{4})\p{M}+/gu;

/**
 * Text from elsewhere as one line that cannot look like another: every white space is a space, what controls terminals
 * or turns the reading direction is gone, and no letter carries more than four marks.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\r\v\f\u0085\u2028\u2029]/g, " ")
    .replace(controls, "")
    .replace(turning, "")
    .replace(stacked, "$1")
    .replace(/\s+/g, " ")
    .toWellFormed()
    .trim();
}

/** A name or title as `oneLine` makes it, at most 256 UTF-16 units, cut at a whole character. */
export function sanitiseName(text: string): string {
  const clean = oneLine(text);
  return clean.length <= 256
    ? clean
    : clean
        .slice(0, 256)
        .toWellFormed()
        .replace(/\ufffd$/, "");
}
