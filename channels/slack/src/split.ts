/** Documents as blocks that each fit into one message. */
import type { KnownBlock } from "@slack/types";
import { simplify } from "@switchboard/channel-kit/markdown";
import { plainText, SwitchboardError, splitRoot } from "@switchboard/domain";
import type { Root, RootContent } from "mdast";
import { toBlocks } from "./blocks.ts";
import { clean } from "./inline.ts";
import { BLOCKS, MESSAGE } from "./limits.ts";
import { lengthOf } from "./measure.ts";
import { fitsTable, showsTable } from "./native-table.ts";

/** A note that the reader may have seen it takes one. */
const BLOCK_ROOM = BLOCKS - 1;
/** At least one reader can see something: not only white space and invisible characters. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;

export interface Piece {
  readonly blocks: KnownBlock[];
  readonly text: string;
}

/**
 * The document's messages in order; none when there is nothing to see.
 * @throws MSG_003 for something that cannot be split, MSG_008 for a document nested too deeply.
 */
export function splitDocument(root: Root): Piece[] {
  try {
    return splitRoot(simplify(root, showsTable), { max: MESSAGE, measure })
      .map((piece) => ({ blocks: toBlocks(piece), text: clean(plainText(piece)) }))
      .filter(({ blocks, text }) => visible.test(text) || blocks.some(({ type }) => type === "divider"))
      .map(checked);
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      throw new SwitchboardError("MSG_008", "The text is nested too deeply for a chat message.");
    }
    throw thrown;
  }
}

/**
 * Too many blocks count as too much text, and so does a table that is not Slack's own but could be in two messages.
 * Every block is looked at once, however often it is tried with others.
 */
function measure(root: Root): number {
  let length = 0;
  let blocks = 0;
  let tables = 0;
  let isRich = false;
  for (const node of root.children) {
    const { isOwnBlock, length: own } = measured(node);
    length += own;
    if (isOwnBlock || !isRich) blocks += 1;
    isRich = !isOwnBlock;
    if (node.type !== "table") continue;
    tables += 1;
    if (tables > 1 || (node.children.length > 2 && !fitsTable(node))) return MESSAGE + 1;
  }
  return Math.max(length, Math.ceil((blocks / BLOCK_ROOM) * MESSAGE));
}

interface Measured {
  readonly length: number;
  /** Not a part of the rich text around it. */
  readonly isOwnBlock: boolean;
}

const known = new WeakMap<RootContent, Measured>();

function measured(node: RootContent): Measured {
  const found = known.get(node);
  if (found) return found;
  const blocks = toBlocks({ type: "root", children: [node] });
  const one = { length: lengthOf(blocks) + 2, isOwnBlock: blocks.some(({ type }) => type !== "rich_text") };
  known.set(node, one);
  return one;
}

function checked(piece: Piece): Piece {
  const length = lengthOf(piece.blocks);
  if (length > 1.5 * MESSAGE) {
    throw new SwitchboardError("MSG_003", `A part of ${length} characters cannot be split for Slack.`);
  }
  return piece;
}
