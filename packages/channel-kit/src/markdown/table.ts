/** Tables for platforms that have none: a narrow one is drawn in monospace, a wide one becomes a list of records. */
import stringWidth from "fast-string-width";
import { markdownTable } from "markdown-table";
import type { List, ListItem, PhrasingContent, Table, TableRow } from "mdast";

/** Characters that a phone shows without wrapping, more or less. */
const PHONE = 48;

/** The table aligned for a monospaced font. */
export function drawTable(table: Table): string {
  const rows = table.children.map((row) => row.children.map((cell) => plain(cell.children)));
  return markdownTable(rows, {
    align: table.align ?? [],
    stringLength: stringWidth,
    delimiterStart: false,
    delimiterEnd: false,
  });
}

/** Whether it fits when it is drawn. `width`: characters in monospace, default as many as a phone has. */
export function isNarrow(table: Table, width = PHONE): boolean {
  const columns: number[] = [];
  for (const row of table.children) {
    row.children.forEach((cell, index) => {
      columns[index] = Math.max(columns[index] ?? 3, stringWidth(plain(cell.children)));
    });
    if (columns.reduce((sum, column) => sum + column + 3, 0) > width) return false;
  }
  return true;
}

/** One item a row: `Column: value` lines, the first value in bold. */
export function tableAsList(table: Table): List {
  const [head, ...rows] = table.children;
  const children = rows.length > 0 ? rows.map((row) => record(head, row)) : head ? [record(undefined, head)] : [];
  return { type: "list", ordered: false, spread: false, children };
}

function record(head: TableRow | undefined, row: TableRow): ListItem {
  const lines: PhrasingContent[] = [];
  row.children.forEach((cell, index) => {
    if (cell.children.length === 0) return;
    const name = plain(head?.children[index]?.children ?? []);
    const label = `${lines.length === 0 ? "" : "\n"}${name === "" ? "" : `${name}: `}`;
    if (label !== "") lines.push({ type: "text", value: label });
    lines.push(...(index === 0 ? [{ type: "strong", children: cell.children } as const] : cell.children));
  });
  return { type: "listItem", spread: false, children: [{ type: "paragraph", children: lines }] };
}

function plain(nodes: readonly PhrasingContent[]): string {
  return nodes
    .map((node): string => {
      if (node.type === "break") return " ";
      if (node.type === "html") return /^<br\s*\/?>$/i.test(node.value) ? " " : node.value;
      if ("value" in node) return node.value.replaceAll("\n", " ");
      if ("children" in node) return plain(node.children);
      return "alt" in node ? (node.alt ?? "") : "";
    })
    .join("");
}
