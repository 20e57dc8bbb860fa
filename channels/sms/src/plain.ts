/**
 * Markdown (mdast) as a text message shows it: words alone. Links carry their address in parentheses, lists their
 * marks, tables become lists, code stays as it is. Marks are plain ASCII, so that they do not cost a segment.
 */
import type { Blockquote, Definition, List, ListItem, Nodes, PhrasingContent, Root, RootContent } from "mdast";
import { PlainWriter } from "./plain-writer.ts";
import { tableAsList } from "./table.ts";

const RULE = "---";
/** Deeper than this nothing is indented further: on a phone no room would be left. */
const DEEPEST_INDENT = 16;

type Definitions = ReadonlyMap<string, string>;

/** The document as text, exact up to `limit` UTF-16 units; of a longer one at least one more. */
export function plainOf(root: Root, limit?: number): string {
  const writer = new PlainWriter(limit);
  new Plain(writer, definitionsOf(root)).blocks(root.children, "\n\n");
  return writer.value;
}

class Plain {
  readonly #writer: PlainWriter;
  readonly #addresses: Definitions;

  constructor(writer: PlainWriter, addresses: Definitions) {
    this.#writer = writer;
    this.#addresses = addresses;
  }

  blocks(blocks: readonly RootContent[], gap: "\n" | "\n\n"): void {
    for (const block of blocks) {
      if (this.#writer.full) return;
      if (block.type === "definition") continue;
      this.#block(block);
      this.#writer.separate(gap);
    }
  }

  #block(block: RootContent): void {
    switch (block.type) {
      case "paragraph":
      case "heading":
        this.#inline(block.children);
        break;
      case "code":
      case "html":
        this.#writer.text(block.value);
        break;
      case "table":
        this.#list(tableAsList(block));
        break;
      case "blockquote":
        this.#quote(block);
        break;
      case "list":
        this.#list(block);
        break;
      case "thematicBreak":
        this.#writer.text(RULE);
        break;
      case "footnoteDefinition":
        this.#writer.text(`[${block.label ?? block.identifier}] `);
        this.#indented("", () => this.blocks(block.children, "\n"));
        break;
      default:
        if ("children" in block) this.blocks(block.children as RootContent[], "\n");
        else this.#inline([block as PhrasingContent]);
    }
  }

  #quote(quote: Blockquote): void {
    this.#indented("> ", () => this.blocks(quote.children, "\n"));
  }

  #list(list: List): void {
    for (const [index, item] of list.children.entries()) {
      if (this.#writer.full) return;
      if (index > 0) this.#writer.separate("\n");
      this.#writer.text(list.ordered ? `${(list.start ?? 1) + index}. ` : bullet(item));
      this.#indented("  ", () => this.blocks(item.children, "\n"));
    }
  }

  #indented(by: string, write: () => void): void {
    const { prefix } = this.#writer;
    if (prefix.length < DEEPEST_INDENT) this.#writer.prefix = prefix + by;
    write();
    this.#writer.prefix = prefix;
  }

  #inline(nodes: readonly PhrasingContent[]): void {
    for (const node of nodes) {
      if (this.#writer.full) return;
      this.#phrase(node);
    }
  }

  #phrase(node: PhrasingContent): void {
    const writer = this.#writer;
    switch (node.type) {
      case "break":
        writer.text("\n");
        break;
      case "html":
        writer.text(/^<br\s*\/?>$/i.test(node.value) ? "\n" : node.value);
        break;
      case "delete":
        writer.text("~");
        this.#inline(node.children);
        writer.text("~");
        break;
      case "link":
        this.#link(node.children, node.url);
        break;
      case "linkReference":
        this.#link(node.children, this.#addresses.get(node.identifier) ?? "");
        break;
      case "image":
        writer.text(labelled(node.alt, node.url));
        break;
      case "imageReference":
        writer.text(labelled(node.alt, this.#addresses.get(node.identifier)));
        break;
      case "footnoteReference":
        writer.text(`[${node.label ?? node.identifier}]`);
        break;
      default:
        if ("children" in node) this.#inline(node.children as PhrasingContent[]);
        else if ("value" in node) writer.text(node.value);
    }
  }

  #link(children: readonly PhrasingContent[], url: string): void {
    const [only] = children;
    const bare = children.length === 1 && only?.type === "text" ? only.value : undefined;
    this.#inline(children);
    if (url === "" || bare === url || url === `mailto:${bare}` || url === `http://${bare}`) return;
    this.#writer.text(children.length === 0 ? url : ` (${url.replace(/^(mailto|tel):/, "")})`);
  }
}

function bullet({ checked }: ListItem): string {
  if (checked === true) return "[x] ";
  return checked === false ? "[ ] " : "- ";
}

function labelled(alt: string | null | undefined, url: string | undefined): string {
  if (!alt) return url ?? "";
  return url ? `${alt} (${url})` : alt;
}

function definitionsOf(root: Root): Definitions {
  const found = new Map<string, string>();
  const visit = (node: Nodes): void => {
    if (node.type === "definition") found.set((node as Definition).identifier, (node as Definition).url);
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(root);
  return found;
}
