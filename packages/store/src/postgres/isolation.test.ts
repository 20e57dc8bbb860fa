/** Row-level security alone stops another tenant, and a role that looks after all of them sees what it must only. */
import type { AccountId, ChannelId, TenantId } from "@switchboard/domain";
import { type OpenedStore, World } from "@switchboard/testkit/store";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgresStore } from "./index.ts";
import { fill } from "./test-support/fill.ts";
import { temporaryStores } from "./test-support/temporary-store.ts";
import { withServer } from "./test-support/with-server.ts";

/** What belongs to no tenant. */
const SHARED = ["migrations", "moves", "probes"];
/** Whose rows are only added, by nobody changed. */
const APPEND_ONLY = ["audit", "audit_chains", "audit_seals"];
const TENANTS = ["one", "two"] as TenantId[];
/** What people said, who they are and what proves it: nobody who looks after all tenants needs to read that. */
const PRIVATE = {
  inbox: ["payload", "preview", "key", "error"],
  turn_inputs: ["body"],
  turns: ["reply", "overrides", "usage", "error"],
  transcript: ["text", "sender", "rest"],
  deliveries: ["part", "target", "conversation", "error", "message_ids"],
  sessions: ["key", "title", "preview", "target", "agent_state", "conversation"],
  preferences: ["value"],
  account_memory: ["value"],
  pairing_requests: ["code", "label", "target"],
  grants: ["subject"],
  control_values: ["value"],
  audit: ["actor", "subject", "detail"],
  audit_seals: ["hash", "mac"],
  dead_letters: ["preview", "error"],
} as const;

withServer((server) => {
  let opened: OpenedStore;
  let database: string;
  let client: pg.Client;
  let tables: string[];

  /** As the role, for the tenant, if any; undone afterwards. */
  async function as(role: "app" | "engine", tenant: string | undefined, sql: string): Promise<pg.QueryResult> {
    await client.query("BEGIN");
    try {
      await client.query(`SET LOCAL ROLE ${database}_${role}`);
      if (tenant !== undefined) await client.query("SELECT set_config('app.tenant_id', $1, true)", [tenant]);
      return await client.query(sql);
    } finally {
      await client.query("ROLLBACK");
    }
  }
  const denied = { code: "42501" };

  beforeAll(async () => {
    opened = await temporaryStores(server)();
    const found = await server().admin(
      "SELECT datname FROM pg_database WHERE datname LIKE 'test%' ORDER BY oid DESC LIMIT 1",
    );
    database = found.rows[0].datname;
    client = new pg.Client({ connectionString: server().url(database) });
    await client.connect();
    await client.query("SET search_path TO switchboard");
    const rows = await client.query(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'switchboard' ORDER BY 1",
    );
    tables = rows.rows.map(({ name }) => name).filter((name: string) => !SHARED.includes(name));
    for (const tenant of TENANTS) await fill(new World(opened.store, tenant));
  });
  afterAll(async () => {
    await client?.end();
    await opened?.dispose();
  });

  describe("row-level security", () => {
    it("TEN-2 is forced on every table, for a role that owns nothing and cannot go past it", async () => {
      const { rows } = await client.query(
        `SELECT relname AS name, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class
         JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'switchboard' AND relkind = 'r' ORDER BY 1`,
      );
      expect(tables.length).toBeGreaterThan(20);
      expect(rows.filter(({ forced }) => !forced).map(({ name }) => name)).toEqual(SHARED);
      const roles = await client.query(
        `SELECT rolname, rolsuper, rolbypassrls, rolcanlogin,
           EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid) AS owns
         FROM pg_roles WHERE rolname LIKE $1 ORDER BY 1`,
        [`${database}\\_%`],
      );
      const harmless = { rolsuper: false, rolbypassrls: false, rolcanlogin: false, owns: false };
      expect(roles.rows).toEqual(["app", "engine"].map((name) => ({ rolname: `${database}_${name}`, ...harmless })));
    });

    it("TEN-2 queries without a tenant's filter find that tenant's rows only, and none without a tenant", async () => {
      let attempts = 0;
      for (const table of tables) {
        for (const tenant of TENANTS) {
          const { rows } = await as("app", tenant, `SELECT DISTINCT tenant FROM ${table}`);
          expect([table, rows]).toEqual([table, [{ tenant }]]);
          attempts += 3;
          if (APPEND_ONLY.includes(table)) {
            for (const sql of [`UPDATE ${table} SET tenant = tenant`, `DELETE FROM ${table}`]) {
              await expect(as("app", tenant, sql), table).rejects.toMatchObject(denied);
            }
            continue;
          }
          const changed = await as("app", tenant, `UPDATE ${table} SET tenant = tenant WHERE tenant <> '${tenant}'`);
          const removed = await as("app", tenant, `DELETE FROM ${table} WHERE tenant <> '${tenant}'`);
          expect([table, changed.rowCount, removed.rowCount]).toEqual([table, 0, 0]);
        }
        for (const nobody of [undefined, "", "stranger"]) {
          const { rowCount } = await as("app", nobody, `SELECT tenant FROM ${table}`);
          expect([table, rowCount]).toEqual([table, 0]);
          attempts += 1;
        }
      }
      expect(attempts).toBe(9 * tables.length);
    });

    it("TEN-2 no row is given to another tenant", async () => {
      for (const table of tables) {
        const moved = as("app", "one", `UPDATE ${table} SET tenant = 'two'`);
        await expect(moved, table).rejects.toMatchObject(denied);
        if (APPEND_ONLY.includes(table)) continue;
        await expect(
          as("app", undefined, `UPDATE ${table} SET tenant = 'one' RETURNING 1`),
          table,
        ).resolves.toMatchObject({
          rowCount: 0,
        });
      }
      const stolen = `INSERT INTO trace_notes (tenant, subject, at, step) VALUES ('two', 'a', 1, 'b')`;
      await expect(as("app", "one", stolen)).rejects.toMatchObject(denied);
      await expect(as("app", "two", stolen)).resolves.toMatchObject({ rowCount: 1 });
    });

    it("TEN-2 the owner of the tables is bound, too", async () => {
      for (const table of tables) {
        const { rowCount } = await client.query(`SELECT 1 FROM ${table}`);
        expect([table, rowCount]).toEqual([table, 0]);
      }
    });
  });

  describe("what looks after all tenants", () => {
    it("TEN-2 reads nothing that people said or are known by", async () => {
      for (const [table, columns] of Object.entries(PRIVATE)) {
        for (const column of columns) {
          await expect(
            as("engine", undefined, `SELECT ${column} FROM ${table}`),
            `${table}.${column}`,
          ).rejects.toMatchObject(denied);
        }
      }
      await expect(as("engine", undefined, "SELECT tenant, owner, ready_at FROM lanes")).resolves.toBeDefined();
    });

    it("TEN-2 makes and changes no row of a tenant, but for the count of a session's entries", async () => {
      for (const table of tables) {
        await expect(as("engine", undefined, `UPDATE ${table} SET tenant = tenant`), table).rejects.toMatchObject(
          denied,
        );
        await expect(
          as("engine", undefined, `INSERT INTO ${table} (tenant) VALUES ('one')`),
          table,
        ).rejects.toMatchObject(denied);
      }
      const { rowCount } = await as("engine", undefined, "UPDATE sessions SET entries = entries");
      expect(rowCount).toBeGreaterThan(1);
      for (const table of ["accounts", "devices", "lanes", "sessions", "grants", "preferences"]) {
        await expect(as("engine", undefined, `DELETE FROM ${table}`), table).rejects.toMatchObject(denied);
      }
    });
  });

  describe("a login that only works here", () => {
    it("TEN-2 needs no more than to be made a member of both roles", async () => {
      const name = await server().createDatabase();
      await server().admin("CREATE ROLE plain LOGIN PASSWORD 'only-for-tests'");
      const [url, ownerUrl] = [server().url(name, "plain"), server().url(name)];
      await expect(openPostgresStore({ url })).rejects.toMatchObject({ code: "STORE_003" });
      const first = await openPostgresStore({ url, ownerUrl });
      await new World(first).receive();
      await first.close();
      // Once the tables are there, the owner's address is needed no more.
      const again = await openPostgresStore({ url });
      expect((await again.upkeep.stats(0)).queues.inbox.depth).toBe(1);
      await again.close();
      await server().dropDatabase(name);
    });

    it("TEN-2 STORE_003 does not start when a role could go past the policies", async () => {
      const name = await server().createDatabase();
      await (await openPostgresStore({ url: server().url(name) })).close();
      await server().admin(`ALTER ROLE ${name}_app BYPASSRLS`);
      const refused = openPostgresStore({ url: server().url(name) });
      await expect(refused).rejects.toMatchObject({
        code: "STORE_003",
        message: expect.stringContaining(`${name}_app`),
      });
      await server().dropDatabase(name);
    });
  });

  it("TEN-2 TEN-8 a tenant sees its own registration of a channel and no other, and nothing of what was wiped", async () => {
    const { accounts } = opened.store;
    const refs = TENANTS.map((tenant) => ({
      tenant,
      channel: "a" as ChannelId,
      account: `tenant-${tenant}` as AccountId,
    }));
    for (const ref of refs) {
      const account = { ...ref, source: "store", enabled: true, config: {}, settings: {} } as const;
      await accounts.put({ ...account, sealed: `v2.key-${ref.tenant}.nonce.tag.text` }, 1);
    }
    const look = async (tenant: string | undefined) =>
      (
        await as(
          "app",
          tenant,
          "SELECT billing_account_id, account_id, active, encrypted_credential, encryption_key_id FROM channel_registrations",
        )
      ).rows;
    const own = { billing_account_id: "one", account_id: "tenant-one" };
    const sealed = { encrypted_credential: "v2.key-one.nonce.tag.text", encryption_key_id: "key-one" };
    expect(await look("one")).toEqual([{ ...own, ...sealed, active: true }]);
    expect(await look(undefined)).toEqual([]);
    if (refs[0]) await accounts.logOut(refs[0], 2);
    const wiped = { encrypted_credential: null, encryption_key_id: null };
    expect(await look("one")).toEqual([{ ...own, ...wiped, active: false }]);
    expect(await look("two")).toMatchObject([
      { billing_account_id: "two", encryption_key_id: "key-two", active: true },
    ]);
    await expect(as("engine", undefined, "SELECT 1 FROM channel_registrations")).rejects.toMatchObject(denied);
  });
});
