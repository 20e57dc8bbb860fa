/** WhatsApp's markup as its apps show it. */
import type { RichElement, RichKind, RichNode } from "@switchboard/simulator-kit";

const kinds: Readonly<Record<string, RichKind>> = { "*": "bold", _: "italic", "~": "strike", "`": "code" };
/** A mark opens before something visible and closes behind it, and never inside a word. */
const span = /(?<![\p{L}\p{N}])([*_~`])(?=[^\s\u200b])(.*?[^\s\u200b]|[^\s\u200b])\1(?![\p{L}\p{N}])/u;

export function richText(text: string): RichNode[] {
  const nodes: RichNode[] = [];
  text.split("```").forEach((part, index, all) => {
    // A block that is not closed is none.
    if (index % 2 === 1 && index < all.length - 1) {
      nodes.push({ is: "pre", children: [part.replace(/^\n|\n$/g, "")] });
    } else {
      nodes.push(...lines(index % 2 === 1 ? `\`\`\`${part}` : part));
    }
  });
  return nodes;
}

function lines(text: string): RichNode[] {
  const nodes: RichNode[] = [];
  let quote: RichNode[] = [];
  const close = () => {
    if (quote.length > 0) nodes.push({ is: "quote", children: quote });
    quote = [];
  };
  text.split("\n").forEach((line, index, all) => {
    const last = index === all.length - 1;
    if (line.startsWith("> ")) {
      if (quote.length > 0) quote.push("\n");
      quote.push(...inline(line.slice(2)));
      return;
    }
    const quoted = quote.length > 0;
    close();
    if (quoted && line === "" && !last) return;
    nodes.push(...inline(line), ...(last ? [] : ["\n"]));
  });
  close();
  return nodes;
}

function inline(line: string): RichNode[] {
  const found = span.exec(line);
  if (!found) return line === "" ? [] : linked(line);
  const [whole, mark = "", inner = ""] = found;
  const element: RichElement = { is: kinds[mark] ?? "bold", children: mark === "`" ? [inner] : inline(inner) };
  const before = line.slice(0, found.index);
  return [...(before === "" ? [] : linked(before)), element, ...inline(line.slice(found.index + whole.length))];
}

function linked(text: string): RichNode[] {
  return text
    .split(/(https?:\/\/[^\s)]+)/)
    .filter((part) => part !== "")
    .map((part): RichNode => (/^https?:\/\//.test(part) ? { is: "link", url: part, children: [part] } : part));
}

/** What a reader sees, formatting removed. */
export function plainText(nodes: readonly RichNode[]): string {
  let text = "";
  for (const node of nodes) {
    if (typeof node === "string") {
      text += node;
      continue;
    }
    const block = node.is === "quote" || node.is === "pre";
    if (block && text !== "" && !text.endsWith("\n")) text += "\n";
    text += plainText(node.children ?? []);
    if (block) text += "\n";
  }
  return text;
}

const tags: Partial<Record<RichKind, string>> = {
  bold: "b",
  italic: "i",
  strike: "s",
  code: "code",
  pre: "pre",
  quote: "blockquote",
};

export function html(nodes: readonly RichNode[]): string {
  return nodes
    .map((node) => {
      if (typeof node === "string") {
        return node.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      }
      const tag = tags[node.is];
      const inner = html(node.children ?? []);
      return tag === undefined ? inner : `<${tag}>${inner}</${tag}>`;
    })
    .join("");
}
