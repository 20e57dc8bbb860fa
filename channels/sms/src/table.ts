/** Tables: a phone shows no columns, so every row becomes an item of `Column: value` lines. */
import type { List, ListItem, PhrasingContent, Table, TableRow } from "mdast";

export function tableAsList(table: Table): List {
  const [head, ...rows] = table.children;
  const children = rows.length > 0 ? rows.map((row) => record(head, row)) : head ? [record(undefined, head)] : [];
  return { type: "list", ordered: false, spread: false, children };
}

function record(head: TableRow | undefined, row: TableRow): ListItem {
  const lines: PhrasingContent[] = [];
  for (const [index, { children }] of row.children.entries()) {
    if (children.length === 0) continue;
    if (lines.length > 0) lines.push({ type: "break" });
    const name = head?.children[index]?.children ?? [];
    if (name.length > 0) lines.push(...name, { type: "text", value: ": " });
    lines.push(...children);
  }
  return { type: "listItem", spread: false, children: [{ type: "paragraph", children: lines }] };
}
