/** The words of a rich message (Bot API 10.1), block by block; its pictures and formulas are left to `raw`. */

/** Where words are found, in reading order, and what parts the members of a list there. */
const fields: Readonly<Record<string, string>> = {
  label: "",
  summary: "",
  text: "",
  expression: "",
  items: "\n",
  cells: "\n",
  blocks: "\n",
  caption: "",
  credit: "",
};

export function richMessageText(message: { readonly blocks: readonly unknown[] }): string {
  return words(message.blocks, "\n\n");
}

function words(value: unknown, separator: string): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    return value
      .map((each) => words(each, Array.isArray(each) ? " | " : separator))
      .filter(Boolean)
      .join(separator);
  }
  if (typeof value !== "object" || value === null) return "";
  const record = value as Readonly<Record<string, unknown>>;
  return Object.entries(fields)
    .map(([field, between]) => words(record[field], between))
    .filter(Boolean)
    .join(" ");
}
