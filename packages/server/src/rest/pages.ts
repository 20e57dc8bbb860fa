/** Pages of a list: `items`, and `next` while there are more. What `next` says is nobody's business but ours. */
import type { Paged } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

export function pageOf<Row, Item>({ cursor, rows }: Paged<Row>, item: (row: Row) => Item): Page<Item> {
  return withNext(rows.map(item), cursor);
}

export function withNext<Item>(items: readonly Item[], cursor: string | undefined): Page<Item> {
  return { items, ...(cursor !== undefined && { next: cursor }) };
}

/** A cursor that stands for a number. */
export function writeNumber(value: number): string {
  return `n${value}`;
}

/** @throws REQ_001 for what is no cursor of ours. */
export function readNumber(cursor: string): number {
  if (/^n\d{1,15}$/.test(cursor)) return Number(cursor.slice(1));
  throw new SwitchboardError("REQ_001", "This is no cursor of this list.", { action: "Leave it out to begin anew." });
}
