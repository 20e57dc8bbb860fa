/** A tenant with another one's ids gets nowhere in the file that all of them share. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Store } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { World } from "@switchboard/testkit/store";
import { type TemporaryDirectory, temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fill } from "../test-support/fill.ts";
import { methodsWithTenant } from "../test-support/isolation/tries.ts";
import { tryEveryMethod } from "../test-support/isolation/try.ts";
import { openSqliteStore } from "./index.ts";

let directory: TemporaryDirectory;
let store: Store;
let db: DatabaseSync;

/** Straight from the file, a text a row. */
async function rowsOf(tenant: TenantId): Promise<string[]> {
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN (SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE c.name = 'tenant')",
    )
    .all();
  return tables.flatMap(({ name }) =>
    db
      .prepare(`SELECT * FROM ${name} WHERE tenant = ?`)
      .all(tenant)
      .map((row) => `${name} ${JSON.stringify(row)}`),
  );
}

beforeAll(async () => {
  directory = await temporaryDirectory();
  store = await openSqliteStore({ directory: directory.path });
  db = new DatabaseSync(join(directory.path, "switchboard.db"), { readOnly: true });
});
afterAll(async () => {
  db?.close();
  await store?.close();
  await directory?.remove();
});

describe("TEN-2 a tenant with another one's ids", () => {
  it("TEN-2 is answered by every method of the store as one whose ids nobody has, and changes nothing", async () => {
    const victim = new World(store, "one" as TenantId);
    await fill(victim);
    const { attempts, findings, idle, tried } = await tryEveryMethod(victim, rowsOf);
    expect(findings).toEqual([]);
    expect(idle).toEqual([]);
    expect(tried).toEqual(methodsWithTenant());
    expect(attempts).toBeGreaterThanOrEqual(tried.length);
    console.info(`${attempts} attempts: sql ${attempts} (methods ${attempts})`);
  }, 60_000);
});
