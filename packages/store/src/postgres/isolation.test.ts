/** Row-level security alone stops another tenant, and a role that looks after all of them sees what it must only. */
import type { AccountId, ChannelId, TenantId } from "@switchboard/domain";
import { type OpenedStore, World } from "@switchboard/testkit/store";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fill } from "../test-support/fill.ts";
import { methodsWithTenant } from "../test-support/isolation/tries.ts";
import { tryEveryMethod } from "../test-support/isolation/try.ts";
import { openPostgresStore } from "./index.ts";
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

/** How often was tried what. */
const attempts = { methods: 0, "row-level security": 0 };

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
  /** Every row of every table that whoever asks may see. */
  const everything = () =>
    `${tables.map((table) => `SELECT '${table} ' || to_jsonb(t)::text AS row FROM ${table} t`).join(" UNION ALL ")} ORDER BY 1`;
  const rowsOf = async (tenant: string): Promise<string[]> =>
    (await as("app", tenant, everything())).rows.map(({ row }) => row);

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

    it("TEN-2 every table has a policy for whoever asks as a tenant, and every view asks as its reader", async () => {
      const { rows } = await client.query(
        "SELECT tablename AS name, roles::text[] AS roles FROM pg_policies WHERE schemaname = 'switchboard'",
      );
      const guarded = rows.filter(({ roles }) => roles.includes(`${database}_app`)).map(({ name }) => name);
      expect(tables.filter((table) => !guarded.includes(table))).toEqual([]);
      const views = await client.query(
        `SELECT relname AS name, coalesce('security_invoker=true' = ANY (reloptions), false) AS safe FROM pg_class
         JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'switchboard' AND relkind IN ('v', 'm')`,
      );
      expect(views.rows.length).toBeGreaterThan(0);
      expect(views.rows.filter(({ safe }) => !safe)).toEqual([]);
    });

    it("TEN-2 whatever a tenant changes and deletes without any filter, the other's rows are as they were", async () => {
      const before = await rowsOf("one");
      const changing = tables.filter((table) => !APPEND_ONLY.includes(table));
      await client.query("BEGIN");
      try {
        await client.query(`SET LOCAL ROLE ${database}_app`);
        await client.query("SELECT set_config('app.tenant_id', 'two', true)");
        for (const table of changing) {
          const { rows } = await client.query(`UPDATE ${table} SET tenant = tenant RETURNING tenant`);
          expect([table, [...new Set(rows.map(({ tenant }) => tenant))]]).toEqual([table, ["two"]]);
          attempts["row-level security"] += 1;
        }
        // What others point to goes after them.
        let left: readonly string[] = changing;
        while (left.length > 0) {
          const kept: string[] = [];
          for (const table of left) {
            await client.query("SAVEPOINT one_table");
            try {
              const { rows } = await client.query(`DELETE FROM ${table} RETURNING tenant`);
              expect([table, rows.filter(({ tenant }) => tenant !== "two")]).toEqual([table, []]);
              attempts["row-level security"] += 1;
            } catch (error) {
              if ((error as { code?: string }).code !== "23503") throw error;
              await client.query("ROLLBACK TO SAVEPOINT one_table");
              kept.push(table);
            }
          }
          expect(kept.length).toBeLessThan(left.length);
          left = kept;
        }
        for (const table of changing) {
          const { rowCount } = await client.query(`SELECT 1 FROM ${table}`);
          expect([table, rowCount]).toEqual([table, 0]);
        }
        await client.query("SELECT set_config('app.tenant_id', 'one', true)");
        const after = await client.query(everything());
        expect(after.rows.map(({ row }) => row)).toEqual(before);
      } finally {
        await client.query("ROLLBACK");
      }
    });

    it("TEN-2 no row is made for another tenant, in no table", async () => {
      for (const table of tables) {
        const { rows } = await as("app", "one", `SELECT to_jsonb(t)::text AS row FROM ${table} t LIMIT 1`);
        const copy = `INSERT INTO ${table} OVERRIDING SYSTEM VALUE
          SELECT * FROM jsonb_populate_record(NULL::${table}, ${client.escapeLiteral(rows[0].row)}::jsonb)`;
        for (const stranger of ["two", undefined]) {
          await expect(as("app", stranger, copy), table).rejects.toMatchObject({
            ...denied,
            message: expect.stringContaining("row-level security"),
          });
          attempts["row-level security"] += 1;
        }
        // The tenant itself is not refused for that; the row is only there already.
        const own = await as("app", "one", copy).then(
          () => "made",
          ({ code }) => code,
        );
        expect([table, ["made", "23505"].includes(own)]).toEqual([table, true]);
      }
    });

    it("TEN-2 queries without a tenant's filter find that tenant's rows only, and none without a tenant", async () => {
      const before = attempts["row-level security"];
      for (const table of tables) {
        for (const tenant of TENANTS) {
          const { rows } = await as("app", tenant, `SELECT DISTINCT tenant FROM ${table}`);
          expect([table, rows]).toEqual([table, [{ tenant }]]);
          attempts["row-level security"] += 3;
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
          attempts["row-level security"] += 1;
        }
      }
      expect(attempts["row-level security"] - before).toBe(9 * tables.length);
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

  it("TEN-2 every method of the store answers another one's ids as ids that nobody has, and changes nothing", async () => {
    const {
      attempts: made,
      findings,
      idle,
      tried,
    } = await tryEveryMethod(new World(opened.store, "one" as TenantId), rowsOf);
    attempts.methods = made;
    expect(findings).toEqual([]);
    expect(idle).toEqual([]);
    expect(tried).toEqual(methodsWithTenant());
  }, 60_000);

  it("TEN-2 tried each method and each table", () => {
    const { methods, "row-level security": policies } = attempts;
    const all = methods + policies;
    console.info(`${all} attempts: sql ${all} (methods ${methods}, row-level security ${policies})`);
    expect(methods).toBeGreaterThanOrEqual(methodsWithTenant().length);
    expect(policies).toBeGreaterThanOrEqual(13 * tables.length - 2 * APPEND_ONLY.length);
  });
});
