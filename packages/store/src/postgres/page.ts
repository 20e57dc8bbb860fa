/** Pages of rows, newest first. */
import type { Page, Paged } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain/errors";
import { type SelectQueryBuilder, sql } from "kysely";
import type { Statements } from "./sql.ts";
import type { Tables } from "./tables.ts";

export function pageSize(page: Page): number {
  const { limit = 50 } = page;
  if (!Number.isInteger(limit) || limit < 1) throw new SwitchboardError("REQ_001", `invalid limit: ${limit}`);
  return Math.min(limit, 500);
}

/** Rows by descending `seq`, along the index of the tenant's rows. `of`: the table whose numbers count. */
export async function newest<From extends keyof Tables, Row extends { readonly seq: number }, Item>(
  statements: Statements,
  query: SelectQueryBuilder<Tables, From, Row>,
  page: Page,
  item: (row: Row) => Item,
  of?: From & string,
): Promise<Paged<Item>> {
  const limit = pageSize(page);
  const seq = of === undefined ? sql<number>`seq` : sql<number>`${sql.table(of)}.seq`;
  const below = page.cursor === undefined ? query : query.where(seq, "<", readCursor(page.cursor));
  const rows = await statements.select(
    below
      .orderBy(seq, "desc")
      .limit(limit + 1)
      .compile(),
  );
  const shown = rows.slice(0, limit);
  const items = shown.map(item);
  return rows.length > limit ? { rows: items, cursor: String(shown.at(-1)?.seq) } : { rows: items };
}

function readCursor(cursor: string): number {
  const below = Number(cursor);
  if (!Number.isSafeInteger(below) || below < 0) throw new SwitchboardError("REQ_001", "invalid cursor");
  return below;
}
