/**
 * Splits a document into documents that each accepts a platform's limit. Every piece is a valid document of its own, so
 * formatting is never torn: emphasis is closed and opened again, code keeps its language, tables repeat their head.
 * Breaks come between blocks first, then at line ends, sentences, spaces, and last between whole characters.
 */
import type { BlockContent, Code, List, ListItem, Paragraph, PhrasingContent, Root, RootContent, Table } from "mdast";
import { breakPoint } from "./break-point.ts";

export interface SplitLimit {
  /** Largest measure of one piece. */
  readonly max: number;
  /** The length of a document after rendering. Must not shrink when the document grows. */
  readonly measure: (root: Root) => number;
}

/** The pieces in order; one when everything fits. Characters are neither lost nor doubled, but for white space at a break. */
export function splitRoot(root: Root, limit: SplitLimit): Root[] {
  if (limit.measure(root) <= limit.max) return [root];
  const pieces: Root[] = [];
  let piece: RootContent[] = [];
  const pending = [...root.children].reverse();
  for (let block = pending.pop(); block; block = pending.pop()) {
    if (fits([...piece, block], limit)) {
      piece.push(block);
      continue;
    }
    const halves = splitBlock(block, (head) => fits([...piece, head], limit));
    if (halves && (piece.length === 0 || fillsWell(halves[0]))) {
      piece.push(halves[0]);
      pending.push(halves[1]);
    } else if (piece.length > 0) {
      pending.push(block);
    } else {
      // One character already exceeds the limit: it is passed on whole, and the platform's refusal tells.
      piece.push(block);
    }
    pieces.push({ type: "root", children: piece });
    piece = [];
  }
  if (piece.length > 0) pieces.push({ type: "root", children: piece });
  return pieces;
}

function fits(blocks: RootContent[], limit: SplitLimit): boolean {
  return limit.measure({ type: "root", children: blocks }) <= limit.max;
}

/** Long runs of text and code start on the page they are announced on; short blocks move to the next piece whole. */
function fillsWell(head: RootContent): boolean {
  return (head.type === "code" && head.value.length > 400) || (head.type === "list" && head.children.length > 1);
}

/** UTF-16 units that a piece of text is first tried with. */
const FIRST_GUESS = 4_096;

type Halves<Node> = [Node, Node];
type Fits = (head: RootContent) => boolean;

/** The largest head of `block` that fits, and the rest; `undefined` when not even the smallest does. */
function splitBlock(block: RootContent, accepts: Fits): Halves<RootContent> | undefined {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return splitPhrasing(block.children, (children) => accepts({ ...block, children }))?.map((children) => ({
        ...block,
        children,
      })) as Halves<RootContent> | undefined;
    case "code":
      return splitCode(block, accepts);
    case "list":
      return splitList(block, accepts);
    case "blockquote":
      return splitChildren(block.children, (children) => accepts({ ...block, children }))?.map((children) => ({
        ...block,
        children,
      })) as Halves<RootContent> | undefined;
    case "table":
      return splitTable(block, accepts);
    case "html":
      return splitBlock({ type: "paragraph", children: [{ type: "text", value: block.value }] }, accepts);
    default:
      return undefined;
  }
}

function splitCode(block: Code, accepts: Fits): Halves<Code> | undefined {
  const at = longest(block.value, (value) => accepts({ ...block, value }), "lines");
  if (at === 0) return undefined;
  const rest = block.value.slice(at);
  return [
    { ...block, value: block.value.slice(0, at).replace(/\n$/, "") },
    { ...block, value: rest.startsWith("\n") ? rest.slice(1) : rest },
  ];
}

function splitList(list: List, accepts: Fits): Halves<List> | undefined {
  const whole = largestCount(list.children.length - 1, (count) =>
    accepts({ ...list, children: list.children.slice(0, count) }),
  );
  if (whole > 0) {
    const rest: List = { ...list, children: list.children.slice(whole) };
    if (list.ordered) rest.start = (list.start ?? 1) + whole;
    return [{ ...list, children: list.children.slice(0, whole) }, rest];
  }
  const [first, ...others] = list.children;
  if (!first) return undefined;
  const wrap = (children: ListItem["children"]): ListItem => ({ ...first, children });
  const halves = splitChildren(first.children as BlockContent[], (children) =>
    accepts({ ...list, children: [wrap(children)] }),
  );
  return (
    halves && [
      { ...list, children: [wrap(halves[0])] },
      { ...list, children: [wrap(halves[1]), ...others] },
    ]
  );
}

function splitTable(table: Table, accepts: Fits): Halves<Table> | undefined {
  const [head, ...rows] = table.children;
  if (!head) return undefined;
  const count = largestCount(rows.length - 1, (n) => accepts({ ...table, children: [head, ...rows.slice(0, n)] }));
  if (count === 0) return undefined;
  return [
    { ...table, children: [head, ...rows.slice(0, count)] },
    { ...table, children: [head, ...rows.slice(count)] },
  ];
}

/** Splits a container's blocks: as many whole ones as accepts, else inside the first. */
function splitChildren<Block extends RootContent>(
  blocks: Block[],
  accepts: (head: Block[]) => boolean,
): Halves<Block[]> | undefined {
  const whole = largestCount(blocks.length - 1, (count) => accepts(blocks.slice(0, count)));
  if (whole > 0) return [blocks.slice(0, whole), blocks.slice(whole)];
  const [first, ...others] = blocks;
  if (!first) return undefined;
  const halves = splitBlock(first, (head) => accepts([head as Block]));
  return halves && [[halves[0] as Block], [halves[1] as Block, ...others]];
}

/** The largest count in 1…max that fits, else 0. Looks around `guess` first, so that huge heads are not measured. */
function largestCount(max: number, accepts: (count: number) => boolean, guess = max): number {
  let low = 0;
  let high = max;
  for (let probe = Math.min(guess, max); probe > 0 && probe < high; probe = Math.min(probe * 2, high)) {
    if (!accepts(probe)) {
      high = probe - 1;
      break;
    }
    low = probe;
  }
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (accepts(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many UTF-16 units of `text` accepts, moved back to a good place to break; 0 when not one character does. */
function longest(text: string, accepts: (head: string) => boolean, prefer: "words" | "lines"): number {
  const most = largestCount(text.length - 1, (length) => accepts(text.slice(0, length)), FIRST_GUESS);
  return most === 0 ? 0 : breakPoint(text, most, prefer);
}

function splitPhrasing(
  children: PhrasingContent[],
  accepts: (head: PhrasingContent[]) => boolean,
): Halves<PhrasingContent[]> | undefined {
  const text = phrasingText(children);
  const at = longest(text, (head) => accepts(cutPhrasing(children, head.length)[0]), "words");
  if (at === 0) return undefined;
  const [head, rest] = cutPhrasing(children, at);
  return [trimPhrasing(head, "end"), trimPhrasing(rest, "start")];
}

/** The characters that a break can fall between. Images and other leaves count as one. */
function phrasingText(nodes: readonly PhrasingContent[]): string {
  return nodes.map(nodeText).join("");
}

function nodeText(node: PhrasingContent): string {
  if (node.type === "break") return "\n";
  if ("value" in node) return node.value;
  if ("children" in node) return phrasingText(node.children);
  return "\ufffc";
}

/** Cuts after `at` characters; nodes that the cut falls into appear on both sides. */
function cutPhrasing(nodes: readonly PhrasingContent[], at: number): Halves<PhrasingContent[]> {
  const head: PhrasingContent[] = [];
  const rest: PhrasingContent[] = [];
  let left = at;
  for (const node of nodes) {
    const length = nodeText(node).length;
    if (left >= length) head.push(node);
    else if (left <= 0) rest.push(node);
    else if ("value" in node) {
      head.push({ ...node, value: node.value.slice(0, left) });
      rest.push({ ...node, value: node.value.slice(left) });
    } else if ("children" in node) {
      const [inner, outer] = cutPhrasing(node.children, left);
      head.push({ ...node, children: inner } as PhrasingContent);
      rest.push({ ...node, children: outer } as PhrasingContent);
    }
    left -= length;
  }
  return [head, rest];
}

/** Drops white space and line breaks at one end: a piece neither starts nor ends with them. */
function trimPhrasing(nodes: PhrasingContent[], side: "start" | "end"): PhrasingContent[] {
  const index = side === "start" ? 0 : nodes.length - 1;
  const node = nodes[index];
  if (!node) return nodes;
  if (node.type === "break") return trimPhrasing(nodes.toSpliced(index, 1), side);
  if (node.type === "text") {
    const value = side === "start" ? node.value.trimStart() : node.value.trimEnd();
    if (value === "" && nodes.length > 1) return trimPhrasing(nodes.toSpliced(index, 1), side);
    return nodes.with(index, { ...node, value });
  }
  if ("children" in node) {
    const children = trimPhrasing(node.children as PhrasingContent[], side);
    return nodes.with(index, { ...node, children } as Paragraph["children"][number]);
  }
  return nodes;
}
