/**
 * Brings a document down to the nodes that a renderer and the splitter know: references are resolved, pictures become
 * links, footnotes paragraphs, tables that cannot be shown lists. A document that has none of these comes back as it is.
 */
import type { Definition, Image, Node, Nodes, Parent, PhrasingContent, Root, RootContent, Table } from "mdast";
import { isNarrow, tableAsList } from "./table.ts";

/** Whether a table can be shown as one; the others become lists. */
export type ShowsTable = (table: Table) => boolean;

const rewritten = new Set([
  "image",
  "imageReference",
  "linkReference",
  "definition",
  "footnoteReference",
  "footnoteDefinition",
  "table",
]);

/** `showsTable`: default those that a phone shows in monospace without wrapping. */
export function simplify(root: Root, showsTable: ShowsTable = (table) => isNarrow(table)): Root {
  if (!contains(root, rewritten)) return root;
  const definitions = new Map<string, Definition>();
  collect(root, definitions);
  return { ...root, children: rewriteAll(root.children, { definitions, showsTable }) as RootContent[] };
}

interface Rules {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly showsTable: ShowsTable;
}

function contains(node: Node, types: ReadonlySet<string>): boolean {
  if (types.has(node.type)) return true;
  return "children" in node && (node as Parent).children.some((child) => contains(child, types));
}

function collect(node: Nodes, into: Map<string, Definition>): void {
  if (node.type === "definition") into.set(node.identifier, node);
  if ("children" in node) for (const child of node.children) collect(child, into);
}

function rewriteAll(nodes: readonly Nodes[], rules: Rules): Nodes[] {
  return nodes.flatMap((node) => rewrite(node, rules));
}

function rewrite(node: Nodes, rules: Rules): Nodes[] {
  const { definitions, showsTable } = rules;
  switch (node.type) {
    case "definition":
      return [];
    case "image":
      return [picture(node, node.url)];
    case "imageReference":
      return [picture(node, definitions.get(node.identifier)?.url)];
    case "linkReference": {
      const url = definitions.get(node.identifier)?.url;
      const children = rewriteAll(node.children, rules) as PhrasingContent[];
      return url === undefined ? children : [{ type: "link", url, children } as Nodes];
    }
    case "footnoteReference":
      return [{ type: "text", value: `[${node.label ?? node.identifier}]` }];
    case "footnoteDefinition":
      return labelled(`[${node.label ?? node.identifier}] `, rewriteAll(node.children, rules));
    case "table": {
      const table = { ...node, children: rewriteAll(node.children, rules) } as Table;
      return showsTable(table) ? [table] : rewrite(tableAsList(table), rules);
    }
    default:
      return "children" in node ? [{ ...node, children: rewriteAll(node.children, rules) } as Nodes] : [node];
  }
}

function picture({ alt }: Pick<Image, "alt">, url: string | undefined): PhrasingContent {
  const text: PhrasingContent = { type: "text", value: `🖼 ${alt || url || ""}` };
  return url === undefined ? text : { type: "link", url, children: [text] };
}

function labelled(label: string, blocks: Nodes[]): Nodes[] {
  const [first, ...others] = blocks;
  const mark: PhrasingContent = { type: "text", value: label };
  return first?.type === "paragraph"
    ? [{ ...first, children: [mark, ...first.children] }, ...others]
    : [{ type: "paragraph", children: [mark] }, ...blocks];
}
