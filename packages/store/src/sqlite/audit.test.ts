/** The audit log on SQLite: what refuses changes, what shows them, and logs from before there was a chain. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemClock, verifyAudit } from "@switchboard/core";
import type { Store, Vault } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { DAY } from "@switchboard/testkit/factories";
import { anEntry, vaultOver } from "@switchboard/testkit/store";
import { type TemporaryDirectory, temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tamperings, tamperWith } from "../test-support/tampering.ts";
import { addFunctions } from "./functions.ts";
import { openSqliteStore } from "./index.ts";
import { migrations, record } from "./schema.ts";

const TENANT = "one" as TenantId;
const CHAINED = 15;

describe("the audit log on SQLite", () => {
  let directory: TemporaryDirectory;
  let store: Store;
  let vault: Vault;
  let db: DatabaseSync;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    store = await openSqliteStore({ directory: directory.path });
    vault = await vaultOver(store);
    db = new DatabaseSync(join(directory.path, "switchboard.db"), { timeout: 5_000 });
    await store.audit.append(TENANT, anEntry());
    await store.audit.seal(TENANT, { position: 1, hash: "h", at: 1, mac: "m" });
  });
  afterAll(async () => {
    db.close();
    await store.close();
    await directory.remove();
  });

  it.each([
    "UPDATE audit SET actor = 'x'",
    "DELETE FROM audit",
    "UPDATE audit_chains SET position = position - 1",
    "DELETE FROM audit_chains",
    "UPDATE audit_seals SET hash = 'x'",
    "DELETE FROM audit_seals",
  ])("OPS-4 the database refuses %s", (sql) => {
    expect(() => db.exec(sql)).toThrow("append-only");
  });

  describe("without what refuses", () => {
    beforeAll(() => {
      const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'audit%'").all();
      expect(triggers).toHaveLength(6);
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
    });

    it.each(tamperings)("OPS-4 shows $name", async (tampering) => {
      await tamperWith(tampering, { store, vault, run: async (sql) => db.exec(sql) });
    });
  });
});

describe("an audit log from before there was a chain", () => {
  it("OPS-4 is chained by the migration, tenant by tenant, in the order of its rows", async () => {
    await using directory = await temporaryDirectory();
    const db = new DatabaseSync(join(directory.path, "switchboard.db"));
    addFunctions(db);
    for (const migration of migrations().filter(({ number }) => number < CHAINED)) {
      db.exec(migration.sql);
      record(db, migration);
      db.exec(`PRAGMA user_version = ${migration.number}`);
    }
    const insert = db.prepare(
      "INSERT INTO audit (tenant, at, actor, action, subject, outcome, detail) VALUES (?, ?, 'a', 'b.c', ?, 'ok', ?)",
    );
    for (let n = 0; n < 40; n += 1) {
      insert.run(n % 3 === 0 ? "two" : "one", n, `é${n}`, n % 2 === 0 ? null : `{"n":${n},"text":"\u00fc"}`);
    }
    db.close();
    const store = await openSqliteStore({ directory: directory.path });
    try {
      const vault = await vaultOver(store);
      for (const [tenant, rows] of [["one", 26] as const, ["two", 14] as const]) {
        const verdict = await verifyAudit({ store, vault, clock: systemClock }, tenant as TenantId, { keptMs: DAY });
        expect(verdict).toMatchObject({ rows, head: { position: rows } });
        expect(verdict.broken).toBeUndefined();
      }
      const { rows } = await store.audit.list(TENANT, { limit: 2 });
      expect(rows).toMatchObject([
        { seq: 39, position: 26, subject: "é38" },
        { seq: 38, detail: { n: 37 } },
      ]);
      await store.audit.append(TENANT, anEntry());
      expect(await verifyAudit({ store, vault, clock: systemClock }, TENANT, { keptMs: DAY })).toMatchObject({
        rows: 27,
      });
    } finally {
      await store.close();
    }
  });
});
