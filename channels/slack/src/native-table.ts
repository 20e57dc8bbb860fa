/** Slack's own table block. */
import type { TableBlock } from "@slack/types";
import { isNarrow } from "@switchboard/channel-kit/markdown";
import type { Table, TableRow } from "mdast";
import { clean, inlineElements, plain } from "./inline.ts";
import { TABLE_COLUMNS, TABLE_ROWS, TABLE_TEXT } from "./limits.ts";

/** Whether Slack takes it as one block. */
export function fitsTable(table: Table): boolean {
  const columns = Math.max(0, ...table.children.map(({ children }) => children.length));
  return (
    table.children.length <= TABLE_ROWS && columns > 0 && columns <= TABLE_COLUMNS && tableLength(table) <= TABLE_TEXT
  );
}

/** As blocks of its own, split between its rows, or drawn in monospace. */
export function showsTable(table: Table): boolean {
  const [head, ...rows] = table.children;
  if (head === undefined) return false;
  return rows.every((row) => fitsTable({ ...table, children: [head, row] })) || isNarrow(table);
}

/** Text in all cells. */
export function tableLength(table: Table): number {
  let length = 0;
  for (const row of table.children) for (const cell of row.children) length += plain(cell.children).length + 1;
  return length;
}

export function tableBlock(table: Table): TableBlock {
  const columns = Math.max(0, ...table.children.map(({ children }) => children.length));
  return {
    type: "table",
    rows: table.children.map((row) => cells(row, columns)),
    column_settings: Array.from({ length: columns }, (_, index) => ({
      align: table.align?.[index] ?? "left",
      is_wrapped: true,
    })),
  };
}

/** Every row has as many cells, and no cell is empty: Slack refuses both. */
function cells(row: TableRow, columns: number): TableBlock["rows"][number] {
  return Array.from({ length: columns }, (_, index) => {
    const elements = inlineElements(row.children[index]?.children ?? []);
    const isPlain = elements.every(({ type, ...others }) => type === "text" && !("style" in others));
    if (!isPlain) return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
    const text = clean(plain(row.children[index]?.children ?? []));
    return { type: "raw_text", text: text === "" ? " " : text };
  });
}
