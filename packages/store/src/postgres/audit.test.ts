/** The audit log on PostgreSQL: what refuses changes, what shows them, several nodes, and logs from before there was a chain. */
import { noLog, sealAudit, systemClock, verifyAudit } from "@switchboard/core";
import type { Store, Vault } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { DAY } from "@switchboard/testkit/factories";
import { anEntry, vaultOver, World } from "@switchboard/testkit/store";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tamperings, tamperWith } from "../test-support/tampering.ts";
import { openPostgresStore } from "./index.ts";
import { rolesOf } from "./roles.ts";
import { migrations } from "./schema.ts";
import { withServer } from "./test-support/with-server.ts";

const TENANT = "one" as TenantId;
const CHAINED = 10;

withServer((server) => {
  let database: string;
  let nodes: Store[];
  let vault: Vault;
  const run = (sql: string) => server().admin(sql, database);

  beforeAll(async () => {
    database = await server().createDatabase();
    const url = server().url(database);
    nodes = await Promise.all([1, 2, 3].map(() => openPostgresStore({ url, connections: 4 })));
    vault = await vaultOver(first());
  });
  afterAll(() => Promise.all(nodes.map((store) => store.close())));

  function first(): Store {
    const [store] = nodes;
    if (!store) throw new Error("no node");
    return store;
  }

  it("OPS-4 many nodes that write at once make one chain, beside other work of theirs", async () => {
    const tenant = "busy" as TenantId;
    await Promise.all(
      nodes.flatMap((store, node) =>
        Array.from({ length: 60 }, async (_, each) => {
          const world = new World(store, tenant);
          if (each % 3 === 0) return store.audit.append(tenant, anEntry({ subject: `${node}.${each}` }));
          const claimed = await world.receive(`lane-${each % 5}-${node}-${each}`, `node-${node}`);
          await world.settle(claimed, { effects: [{ type: "audit", entry: anEntry({ subject: `${node}.${each}` }) }] });
        }),
      ),
    );
    const verdict = await verifyAudit({ store: first(), vault, clock: systemClock }, tenant, { keptMs: DAY });
    expect(verdict).toMatchObject({ rows: 180, head: { position: 180 } });
    expect(verdict.broken).toBeUndefined();
    const rows = await first().audit.read(tenant, { after: 0, limit: 500 });
    expect(new Set(rows.map(({ subject }) => subject)).size).toBe(180);
  });

  it("OPS-4 seals are made once, whichever node makes them", async () => {
    await Promise.all(nodes.map((store) => sealAudit({ store, vault, clock: systemClock, log: noLog })));
    expect(await first().audit.unsealed()).toEqual([]);
    const chain = await first().audit.chain("busy" as TenantId);
    expect(chain?.seals).toHaveLength(1);
  });

  describe("what refuses changes", () => {
    let client: pg.Client;
    beforeAll(async () => {
      await first().audit.append(TENANT, anEntry());
      await first().audit.seal(TENANT, { position: 1, hash: "h", at: 1, mac: "m" });
      client = new pg.Client({ connectionString: server().url(database) });
      await client.connect();
      await client.query("SET search_path TO switchboard");
    });
    afterAll(() => client.end());

    const texts = ["audit", "audit_chains", "audit_seals"].flatMap((table) => [
      `UPDATE ${table} SET hash = 'x'`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table}`,
    ]);

    it.each(texts)("OPS-4 even an administrator's %s", async (sql) => {
      await expect(run(`SET search_path TO switchboard; ${sql}`)).rejects.toThrow("append-only");
    });

    it.each(texts)("OPS-4 a tenant's %s", async (sql) => {
      await client.query(`BEGIN; SET LOCAL ROLE "${rolesOf(database).app}"`);
      await client.query("SELECT set_config('app.tenant_id', $1, true)", [TENANT]);
      try {
        await expect(client.query(sql)).rejects.toMatchObject({ code: "42501" });
      } finally {
        await client.query("ROLLBACK");
      }
    });

    it("OPS-4 retention's own, of what no seal covers that retention passed", async () => {
      await client.query(`BEGIN; SET LOCAL ROLE "${rolesOf(database).engine}"`);
      await expect(client.query("DELETE FROM audit WHERE at < 10")).rejects.toThrow("append-only");
      await client.query("ROLLBACK");
    });
  });

  describe("without what refuses", () => {
    beforeAll(async () => {
      for (const table of ["audit", "audit_chains", "audit_seals"]) {
        await run(`ALTER TABLE switchboard.${table} DISABLE TRIGGER USER`);
      }
    });

    it.each(tamperings)("OPS-4 shows $name", async (tampering) => {
      const there = (sql: string) => run(`SET search_path TO switchboard; ${sql}`);
      await tamperWith(tampering, { store: first(), vault, run: there });
    });
  });

  it("OPS-4 a log from before there was a chain is chained by the migration, also where the owner is bound", async () => {
    const name = await server().createDatabase();
    const roles = rolesOf(name);
    await server().admin("CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'only-for-tests'");
    await server().admin(`ALTER DATABASE ${name} OWNER TO keeper`);
    const url = server().url(name, "keeper");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(`CREATE ROLE "${roles.app}" NOLOGIN; CREATE ROLE "${roles.engine}" NOLOGIN`);
      await client.query(`GRANT "${roles.app}", "${roles.engine}" TO keeper; CREATE SCHEMA switchboard;
        SET search_path TO switchboard; CREATE TABLE migrations (
          number integer PRIMARY KEY, checksum text NOT NULL, app text NOT NULL, engine text NOT NULL)`);
      for (const { checksum, number, sql } of migrations().filter(({ number }) => number < CHAINED)) {
        const text = sql
          .replaceAll("{app}", `"${roles.app}"`)
          .replaceAll("{engine}", `"${roles.engine}"`)
          .replaceAll("{engine name}", `'${roles.engine}'`);
        await client.query(text);
        const values = [number, checksum, roles.app, roles.engine];
        await client.query("INSERT INTO migrations VALUES ($1, $2, $3, $4)", values);
      }
    } finally {
      await client.end();
    }
    await server().admin(
      `INSERT INTO switchboard.audit (tenant, at, actor, action, subject, outcome, detail)
       SELECT CASE WHEN n % 3 = 0 THEN 'two' ELSE 'one' END, n, 'a', 'b.c', 'é' || n, 'ok',
         CASE WHEN n % 2 = 1 THEN '{"n":' || n || '}' END FROM generate_series(0, 39) AS n`,
      name,
    );
    const store = await openPostgresStore({ url });
    try {
      const keys = await vaultOver(store);
      for (const [tenant, rows] of [["one", 26] as const, ["two", 14] as const]) {
        const verdict = await verifyAudit({ store, vault: keys, clock: systemClock }, tenant as TenantId, {
          keptMs: DAY,
        });
        expect(verdict).toMatchObject({ rows, head: { position: rows } });
        expect(verdict.broken).toBeUndefined();
      }
      await store.audit.append(TENANT, anEntry());
      expect(await verifyAudit({ store, vault: keys, clock: systemClock }, TENANT, { keptMs: DAY })).toMatchObject({
        rows: 27,
      });
    } finally {
      await store.close();
    }
  });
});
