/** How long blocks are, as Slack counts. */
import type { KnownBlock } from "@slack/types";

/** What each element counts besides its text: Slack's limit is on text "with a buffer for containers". */
const CONTAINER = 8;

/** All text of blocks, in UTF-16 units, and something for what holds it. */
export function lengthOf(blocks: readonly KnownBlock[]): number {
  let length = 0;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, each] of Object.entries(value)) {
        if (typeof each !== "string") visit(each);
        else if (name === "text" || name === "url") length += each.length;
        else if (name === "user_id" || name === "channel_id") length += each.length;
      }
      if ("type" in value) length += CONTAINER;
    }
  };
  visit(blocks);
  return length;
}
