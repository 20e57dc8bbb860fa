/** How SQLite goes about the statements that must not grow with what is stored. */
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { openDatabase } from "./database.ts";
import { Epochs } from "./epochs.ts";
import { LaneTable } from "./lane-table.ts";
import { migrate } from "./migrate.ts";
import { Statements } from "./sql.ts";
import { syncStore } from "./sync-store.ts";

/** These may look at every row of a small table, or are asked by people and not by messages. */
const mayScan = [
  /FROM lanes WHERE owner IS NOT NULL/,
  /FROM lanes WHERE owner = \?/,
  // Only when something may have expired.
  /FROM lanes WHERE kind = 'delivery' AND expires_at <= \?/,
  /SELECT min\(expires_at\) AS at FROM lanes/,
  /FROM lanes WHERE (TRUE|tenant = \?) GROUP BY kind/,
  /count\(\*\) AS n FROM/,
  /^SELECT \* FROM (accounts|devices)/,
  /pragma_page/,
  // The keys of all tenants at a start, and what is sealed of one tenant when an operator rotates or checks keys.
  /^SELECT \* FROM vault_keys ORDER BY/,
  /'credential' AS kind/,
  // Once an hour: one row a tenant.
  /^SELECT tenant, position, hash FROM audit_chains WHERE NOT EXISTS/,
  // A conversation that moved, which is rare: over what waits.
  /INDEXED BY deliveries_scheduled WHERE tenant = \? AND channel/,
  // An edit, a deletion or a reaction: over the sessions of one conversation.
  /last_entry FROM sessions WHERE tenant = \? AND channel = \? AND account = \? AND conversation = \? ORDER BY/,
  // Cleaning up: over open dead letters, over what waits, or up to the first row that fits.
  /entries <= 0 AND seq NOT IN/,
  /AS text FROM (deliveries|inbox|turns)/,
  /AS at FROM turns WHERE NOT EXISTS/,
  // Several nodes compare what they know, seldom.
  /WHERE accounts.enabled = 1 AND held.tenant IS NULL/,
  /SET owner = NULL, lease_until = NULL WHERE owner <> \?/,
  /revision FROM accounts$/,
  // In the order of the index, which has all it asks for.
  /INDEXED BY lanes_ready WHERE owner IS NULL AND ready_at <= \? GROUP BY/,
];

describe("query plans", () => {
  it("no statement of a message's way looks through a whole table or sorts one", async () => {
    await using directory = await temporaryDirectory();
    const db = openDatabase(join(directory.path, "plans.db"), { busyTimeoutMs: 100 });
    migrate(db);
    const texts: string[] = [];
    class Recorded extends Statements {
      override of<Row = never>(text: string) {
        texts.push(text.trim().replace(/\s+/g, " "));
        return super.of<Row>(text);
      }
    }
    const statements = new Recorded(db, { before() {} });
    syncStore(statements, new LaneTable(statements, new Epochs(statements)));
    expect(texts.length).toBeGreaterThan(80);
    const slow = texts.flatMap((text) => (mayScan.some((each) => each.test(text)) ? [] : problems(db, text)));
    db.close();
    expect(slow).toEqual([]);
  });
});

function problems(db: DatabaseSync, text: string): string[] {
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[];
  return steps
    .map(({ detail }) => detail)
    .filter((detail) => /^SCAN (?!CONSTANT)|USE TEMP B-TREE/.test(detail))
    .map((detail) => `${detail}: ${text}`);
}
