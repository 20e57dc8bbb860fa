/** Documents as texts that each fit into one Telegram message. */

import { simplify } from "@switchboard/channel-kit/markdown";
import { notTooDeep } from "@switchboard/channel-kit/parts";
import { SwitchboardError, splitRoot } from "@switchboard/domain";
import type { Root } from "mdast";
import { formatRoot, measureRoot } from "./format.ts";
import type { RichText } from "./rich-text.ts";

/** Telegram's limits, in UTF-16 units and entities. */
export const MESSAGE_LENGTH = 4096;
const CAPTION_LENGTH = 1024;
const ENTITIES = 100;

/** Goes before a text that the reader may have seen already; every text leaves room for it. */
export const DUPLICATE_NOTE = "↻ Perhaps a repeat:\n";

const MESSAGE_ROOM = MESSAGE_LENGTH - DUPLICATE_NOTE.length;
export const CAPTION_ROOM = CAPTION_LENGTH - DUPLICATE_NOTE.length;
/** One is kept for the note. */
const ENTITY_ROOM = ENTITIES - 1;

/** At least one reader can see something: not only white space and invisible characters. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** The document as one text, if it is at most `room` units long; otherwise `undefined`. An empty one has an empty text. */
export function formatWithin(root: Root, room: number): RichText | undefined {
  const rich = notTooDeep(() => formatRoot(simplify(root)));
  return rich.text.length <= room && rich.entities.length <= ENTITY_ROOM ? rich : undefined;
}

/**
 * The document's texts in order, each within the limits; none when there is nothing to see.
 * @throws MSG_003 for something that cannot be split, MSG_008 for a document nested too deeply.
 */
export function splitFormatted(root: Root): RichText[] {
  return notTooDeep(() =>
    splitRoot(simplify(root), { max: MESSAGE_ROOM, measure })
      .map(formatRoot)
      .filter(({ text }) => visible.test(text))
      .map(checked),
  );
}

/** A text with too many entities counts as too long in proportion. */
function measure(root: Root): number {
  const { length, entities } = measureRoot(root, MESSAGE_ROOM);
  return Math.max(length, Math.ceil((entities / ENTITY_ROOM) * MESSAGE_ROOM));
}

function checked(rich: RichText): RichText {
  if (rich.text.length > MESSAGE_LENGTH) {
    throw new SwitchboardError("MSG_003", `A part of ${rich.text.length} characters cannot be split for Telegram.`);
  }
  return rich;
}
