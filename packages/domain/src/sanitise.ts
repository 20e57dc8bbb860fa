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

/** A name or title on one line, at most 256 UTF-16 units, cut at a whole character. */
export function sanitiseName(text: string): string {
  const clean = text.replaceAll("\n", " ").replace(controls, "").toWellFormed().trim();
  return clean.length <= 256
    ? clean
    : clean
        .slice(0, 256)
        .toWellFormed()
        .replace(/\ufffd$/, "");
}
