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

/** Longest file name, in UTF-16 units: with four bytes each it still fits every file system. */
const MAX_FILE_NAME = 120;
/** Names that Windows takes for devices, whatever follows the dot. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * A file name from elsewhere as one that is safe everywhere: no folders, nothing that control characters or a turned
 * reading direction could hide, no leading dot, at most 120 UTF-16 units with the ending kept. `undefined` when nothing
 * is left.
 */
export function sanitiseFileName(name: string): string | undefined {
  // A name that is much too long is not worth looking at in full.
  const last = name.slice(-4096).replace(controls, "").split(/[\\/]/).at(-1) ?? "";
  const clean = oneLine(last)
    .replace(/[<>:"|?*]/g, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "")
    .replace(devices, "_$&");
  if (clean === "") return undefined;
  if (clean.length <= MAX_FILE_NAME) return clean;
  const ending = /\.[^.\s]{1,16}$/.exec(clean)?.[0] ?? "";
  const stem = clean.slice(0, MAX_FILE_NAME - ending.length);
  return stem.replace(/[\ud800-\udbff]$/, "").trimEnd() + ending;
}
