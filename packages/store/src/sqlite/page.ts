/** Pages of rows, newest first. */
import type { Page, Paged } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain/errors";
import type { SqlValue, Statements } from "./sql.ts";

/** Rows looked at in one query, and in one call: a filter that matches nothing must not hold up everybody else. */
const WINDOW = 20_000;
const MOST_WINDOWS = 10;

export interface Listing<Row, Item> {
  readonly table: string;
  /**
   * What finds the rows without looking through the table: an index of `table`, or `seq` when a condition names the
   * rows by that. Default: the newest rows are looked through, window by window.
   */
  readonly index?: string | undefined;
  readonly columns?: string;
  /** Conditions with one mark a value; columns of `table`. */
  readonly where: readonly string[];
  readonly values: readonly SqlValue[];
  readonly page: Page;
  readonly item: (row: Row) => Item;
}

export function pageSize(page: Page): number {
  const { limit = 50 } = page;
  if (!Number.isInteger(limit) || limit < 1) throw new SwitchboardError("REQ_001", `invalid limit: ${limit}`);
  return Math.min(limit, 500);
}

/**
 * Rows of a table by descending `seq`. A page may hold fewer rows than asked and still have a cursor: then the rest of
 * the table was not looked at yet.
 */
export function listNewest<Row extends { readonly seq: number }, Item>(
  statements: Statements,
  { table, index, columns = "*", where, values, page, item }: Listing<Row, Item>,
): Paged<Item> {
  const limit = pageSize(page);
  const ends = statements
    .of<{ first: number | null; last: number | null }>(`SELECT min(seq) AS first, max(seq) AS last FROM ${table}`)
    .get();
  const first = ends?.first ?? 0;
  // Left to itself SQLite would take an index that begins with the tenant and sort everything the tenant has.
  const from = index === undefined || index === "seq" ? `${table} NOT INDEXED` : `${table} INDEXED BY ${index}`;
  const select = statements.of<Row>(
    `SELECT ${columns} FROM ${from} WHERE ${[...where, "seq < ?", "seq >= ?"].join(" AND ")} ORDER BY seq DESC LIMIT ?`,
  );
  const rows: Row[] = [];
  let below = page.cursor === undefined ? (ends?.last ?? 0) + 1 : readCursor(page.cursor);
  for (let window = 0; window < MOST_WINDOWS && below > first && rows.length <= limit; window += 1) {
    const lowest = index === undefined ? Math.max(first, below - WINDOW) : first;
    rows.push(...select.all(...values, below, lowest, limit + 1 - rows.length));
    below = lowest;
  }
  const shown = rows.slice(0, limit);
  const items = shown.map(item);
  if (rows.length > limit) return { rows: items, cursor: String(shown.at(-1)?.seq) };
  return below > first ? { rows: items, cursor: String(below) } : { rows: items };
}

function readCursor(cursor: string): number {
  const below = Number(cursor);
  if (!Number.isSafeInteger(below) || below < 0) throw new SwitchboardError("REQ_001", "invalid cursor");
  return below;
}
