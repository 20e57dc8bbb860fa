/** Names of files in a document: what means the same on every file system and in every address, or nothing. */

const MOST_FOLDERS = 8;
/** Letters and digits of any script. No `%`, no backslash, no colon, no control character, no leading dot. */
const SEGMENT = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._()+@,-]{0,99}$/u;
/** Names that are devices on Windows, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|conin|conout|com[\d¹²³]|lpt[\d¹²³])[ .]*(\.|$)/iu;

/**
 * A file's path in its one spelling, e.g. `images/logo.png`; `undefined` for what is none: absolute, empty or dotted
 * parts, a device's name, anything that another reader could take for a way out of the document.
 */
export function filePath(given: string): string | undefined {
  const path = given.normalize("NFC");
  const segments = path.split("/");
  return segments.length <= MOST_FOLDERS && segments.every(isPlain) ? path : undefined;
}

/** Whether a tenant's or a document's id may be the name of a folder as it is. */
export function isFolderName(id: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,63}$/.test(id) && !DEVICE.test(id);
}

function isPlain(segment: string): boolean {
  return SEGMENT.test(segment) && !/[. ]$/.test(segment) && !DEVICE.test(segment);
}
