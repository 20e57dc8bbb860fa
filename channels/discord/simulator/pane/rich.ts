/**
 * Discord's Markdown as the pane shows it: read as Markdown, and what only Discord has is added: spoilers, underlined
 * words, small print and mentions. https://support.discord.com/hc/en-us/articles/210298617
 */
import { parseMarkdown } from "@switchboard/domain";
import type { RichElement, RichKind, RichNode } from "@switchboard/simulator-kit";
import type { World } from "../world/world.ts";

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly lang?: string | null;
  readonly ordered?: boolean | null;
  readonly children?: readonly Node[];
  readonly position?: { readonly start: { readonly offset?: number } };
}

interface Source {
  readonly text: string;
  readonly world: World;
}

export function toRich(content: string, world: World): RichNode[] {
  return separated((parseMarkdown(content) as Node).children ?? [], { text: content, world });
}

/** Blocks stand below each other. */
function separated(nodes: readonly Node[], source: Source): RichNode[] {
  return nodes.flatMap((node, index) => (index === 0 ? rich(node, source) : ["\n", ...rich(node, source)]));
}

const kinds: Readonly<Record<string, RichKind>> = {
  strong: "bold",
  emphasis: "italic",
  delete: "strike",
  heading: "heading",
};

function rich(node: Node, source: Source): RichNode[] {
  const children = () => (node.children ?? []).flatMap((child) => rich(child, source));
  const is = kinds[node.type];
  if (is === "bold" && source.text.startsWith("__", node.position?.start.offset)) {
    return [{ is: "underline", children: children() }];
  }
  if (is) return [{ is, children: children() }];
  switch (node.type) {
    case "text":
    case "html":
      return mentions(node.value ?? "", source.world);
    case "break":
      return ["\n"];
    case "inlineCode":
      return [{ is: "code", children: [node.value ?? ""] }];
    case "code":
      return [{ is: "pre", children: [node.value ?? ""], ...(node.lang && { language: node.lang }) }];
    case "link":
      return [{ is: "link", url: node.url ?? "", children: children() }];
    case "blockquote":
      return [{ is: "quote", children: separated(node.children ?? [], source) }];
    case "list":
      return [{ is: node.ordered ? "numbered" : "list", children: children() }];
    case "listItem":
      return [{ is: "item", children: separated(node.children ?? [], source) }];
    case "thematicBreak":
      return [{ is: "rule" }];
    case "paragraph":
      return smallPrint(spoilers(children()));
    default:
      return children();
  }
}

/** `<@123>` with the name. */
function mentions(text: string, world: World): RichNode[] {
  return text.split(/(<@!?\d+>|<#\d+>)/).flatMap((piece): RichNode[] => {
    const [, kind, id] = /^<(@!?|#)(\d+)>$/.exec(piece) ?? [];
    if (kind === undefined || id === undefined) return piece === "" ? [] : [piece];
    const name = kind === "#" ? world.channels.get(id)?.name : nameOf(id, world);
    return [{ is: "mention", children: [`${kind === "#" ? "#" : "@"}${name ?? id}`] }];
  });
}

function nameOf(id: string, world: World): string | undefined {
  return id === world.bot.id ? world.name : world.people.byId(id)?.name;
}

/** `||hidden||`, whatever stands between. An opening without its end is text. */
function spoilers(nodes: readonly RichNode[]): RichNode[] {
  const pieces = nodes.flatMap((node): RichNode[] => (typeof node === "string" ? node.split(/(\|\|)/) : [node]));
  const shown: RichNode[] = [];
  let from: number | undefined;
  for (const piece of pieces) {
    if (piece === "||" && from !== undefined) {
      const [, ...hidden] = shown.splice(from);
      shown.push({ is: "spoiler", children: hidden });
      from = undefined;
      continue;
    }
    if (piece === "||") from = shown.length;
    if (piece !== "") shown.push(piece);
  }
  return shown;
}

/** A line that begins with `-# `. */
function smallPrint(nodes: readonly RichNode[]): RichNode[] {
  const [first, ...others] = nodes;
  if (typeof first !== "string" || !first.startsWith("-# ")) return [...nodes];
  return [{ is: "small", children: [first.slice(3), ...others] }];
}

const BLOCKS: ReadonlySet<RichKind> = new Set(["pre", "quote", "list", "numbered", "item", "heading", "rule"]);

/** Without formatting. */
export function plainText(nodes: readonly RichNode[]): string {
  return nodes
    .map((node) => (typeof node === "string" ? node : textOf(node)))
    .join("")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd();
}

function textOf({ children = [], is }: RichElement): string {
  const text = plainText(children);
  return BLOCKS.has(is) && !text.endsWith("\n") ? `${text}\n` : text;
}
