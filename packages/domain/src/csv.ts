/** Tables as CSV (RFC 4180), for spreadsheets that would take some texts for formulas. */

export type CsvCell = string | number | undefined;

/** What a spreadsheet computes instead of showing. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line with its end. A text that a spreadsheet would compute begins with an apostrophe, which it does not show. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

function cellOf(cell: CsvCell): string {
  if (cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
