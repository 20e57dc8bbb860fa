/** Reads what `csvLine` writes (RFC 4180). */

/** The apostrophe before what a spreadsheet would compute. */
const GUARDED = /^'(?=[=+\-@\t\r])/;

export function readCsv(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) break;
    const [, quoted, plain = "", end] = found;
    line.push((quoted?.replaceAll('""', '"') ?? plain).replace(GUARDED, ""));
    if (end === ",") continue;
    lines.push(line);
    line = [];
  }
  return lines;
}
