/** Documents as texts that each fit into one Discord message. */

import { isNarrow, simplify } from "@switchboard/channel-kit/markdown";
import { SwitchboardError, splitRoot } from "@switchboard/domain";
import type { Root } from "mdast";
import { formatRoot } from "./markdown.ts";

/** In UTF-16 units at most: https://discord.com/developers/docs/resources/message#create-message */
export const MESSAGE_LENGTH = 2000;

/** Goes before a text that the reader may have seen already; every text leaves room for it. */
export const DUPLICATE_NOTE = "↻ Perhaps a repeat:\n";

/** Characters in monospace that a window shows without wrapping, more or less. */
const WINDOW = 56;
const ROOM = MESSAGE_LENGTH - DUPLICATE_NOTE.length;

/** At least one reader can see something: not only white space and invisible characters. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/**
 * The document's texts in order, each within the limit; none when there is nothing to see.
 * @throws MSG_003 for something that cannot be split, MSG_008 for a document nested too deeply.
 */
export function splitFormatted(root: Root): string[] {
  try {
    return splitRoot(
      simplify(root, (table) => isNarrow(table, WINDOW)),
      { max: ROOM, measure: (part) => formatRoot(part).length },
    )
      .map(formatRoot)
      .filter((text) => visible.test(text))
      .map(checked);
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      throw new SwitchboardError("MSG_008", "The text is nested too deeply for a chat message.");
    }
    throw thrown;
  }
}

function checked(text: string): string {
  if (text.length > ROOM) {
    throw new SwitchboardError("MSG_003", `A part of ${text.length} characters cannot be split for Discord.`);
  }
  return text;
}
