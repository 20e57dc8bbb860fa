/** The database of people: made once by whoever comes first, and readable for nobody who has no business there. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { sql } from "kysely";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { moveToPostgres } from "../move/index.ts";
import { movePeople, PEOPLE_TABLES, TRUTHS } from "../move/people.ts";
import { openPostgresStore } from "../postgres/index.ts";
import { withServer } from "../postgres/test-support/with-server.ts";
import { openSqliteStore } from "../sqlite/index.ts";
import { openIdentityDatabase, openIdentityFile } from "./index.ts";

describe("TEN-1 people of an install with an embedded database", () => {
  it("are kept in a file that only its owner reads, made once, open for several processes, and copied whole", async () => {
    await using directory = await temporaryDirectory();
    const [one, two] = await Promise.all([openIdentityFile(directory.path), openIdentityFile(directory.path)]);
    expect(statSync(join(directory.path, "identity.db")).mode & 0o077).toBe(0);
    const tenant = { id: "t_x", name: "X", created_at: 1, suspended_at: null };
    await one.db.insertInto("tenants").values(tenant).execute();
    expect(await two.db.selectFrom("tenants").select("id").orderBy("id").execute()).toEqual([
      { id: "default" },
      { id: "t_x" },
    ]);
    const copy = join(directory.path, "copy.db");
    await two.backup?.(copy);
    const file = new DatabaseSync(copy, { readOnly: true });
    expect(file.prepare("SELECT count(*) AS n FROM tenants").get()).toEqual({ n: 2 });
    file.close();
    await Promise.all([one.close(), two.close()]);
  });

  it("transactions that read before they write stand beside each other", async () => {
    await using directory = await temporaryDirectory();
    const [one, two] = await Promise.all([openIdentityFile(directory.path), openIdentityFile(directory.path)]);
    await one.db.insertInto("tries").values({ name: "n", count: 0, until: 0 }).execute();
    const add = (database: typeof one) =>
      database.db.transaction().execute(async (work) => {
        const { count } = await work.selectFrom("tries").select("count").executeTakeFirstOrThrow();
        await work
          .updateTable("tries")
          .set({ count: count + 1 })
          .execute();
      });
    for (let round = 0; round < 5; round += 1) await Promise.all([add(one)]).then(() => add(two));
    expect(await two.db.selectFrom("tries").select("count").execute()).toEqual([{ count: 10 }]);
    await Promise.all([one.close(), two.close()]);
  });

  it("a count waits for no disk; whatever else is written then, and after a failure, does", async () => {
    await using directory = await temporaryDirectory();
    const { close, db, soon } = await openIdentityFile(directory.path);
    const [FULL, NORMAL] = [2, 1];
    const waits = async (on: typeof db) =>
      (await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(on)).rows[0]?.synchronous;
    const counting = soon(async (only) => {
      await only.insertInto("tries").values({ name: "n", count: 1, until: 1 }).execute();
      return waits(only);
    });
    expect(await Promise.all([counting, db.transaction().execute(waits), waits(db)])).toEqual([NORMAL, FULL, FULL]);
    await expect(soon(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await waits(db)).toBe(FULL);
    await close();
  });

  it("TEN-2 a move knows every table of theirs, and takes whoever is referred to first", async () => {
    await using directory = await temporaryDirectory();
    await (await openIdentityFile(directory.path)).close();
    const file = new DatabaseSync(join(directory.path, "identity.db"), { readOnly: true });
    const tables = file
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'")
      .all()
      .map(({ name }) => String(name));
    expect([...PEOPLE_TABLES, "migrations"].sort()).toEqual(tables.sort());
    const place = (table: unknown) => PEOPLE_TABLES.indexOf(String(table));
    const references = PEOPLE_TABLES.flatMap((from) =>
      file
        .prepare('SELECT "table" AS wanted FROM pragma_foreign_key_list(?)')
        .all(from)
        .map(({ wanted }) => ({ from, wanted })),
    );
    file.close();
    expect(references.length).toBeGreaterThan(5);
    expect(references.filter(({ from, wanted }) => place(wanted) >= place(from))).toEqual([]);
  });

  it("STORE_006 refuses tables of another version", async () => {
    await using directory = await temporaryDirectory();
    await (await openIdentityFile(directory.path)).close();
    const file = new DatabaseSync(join(directory.path, "identity.db"));
    file.exec("UPDATE migrations SET checksum = 'another'");
    file.close();
    await expect(openIdentityFile(directory.path)).rejects.toMatchObject({ code: "STORE_006" });
  });
});

withServer((server) => {
  it("TEN-2 nodes that start together make the tables once, and the roles of tenants' data read none of them", async () => {
    const database = await server().createDatabase();
    const url = server().url(database);
    const store = await openPostgresStore({ url });
    const opened = await Promise.all([1, 2, 3].map(() => openIdentityDatabase({ url })));
    const [one] = opened;
    if (!one) throw new Error("nothing opened");
    expect(await one.db.selectFrom("tenants").select(["id", "created_at"]).execute()).toEqual([
      { id: "default", created_at: 0 },
    ]);
    // The other way round, too.
    await expect(sql`SELECT 1 FROM switchboard.accounts`.execute(one.db)).rejects.toMatchObject({ code: "42501" });

    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const role of ["app", "engine"]) {
      await client.query(`SET ROLE ${database}_${role}`);
      for (const table of ["account", "session", "keys", "invitations", "passkeys", "challenges"]) {
        const asked = client.query(`SELECT count(*) FROM identity."${table}"`);
        await expect(asked, `${role} reads ${table}`).rejects.toMatchObject({ code: "42501" });
      }
    }
    await client.end();
    await Promise.all(opened.map((each) => each.close()));
    await store.close();
  });

  it("TEN-2 a move knows every table of theirs that the server has, and its truth values", async () => {
    const database = await server().createDatabase();
    await (await openIdentityDatabase({ url: server().url(database) })).close();
    const { rows } = await server().admin(
      `SELECT table_name AS "table", column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_schema = 'identity' AND table_name <> 'migrations'`,
      database,
    );
    expect([...new Set(rows.map(({ table }) => table))].sort()).toEqual(PEOPLE_TABLES.toSorted());
    const truths = rows.filter(({ type }) => type === "boolean").map(({ name }) => name);
    expect([...new Set(truths)].sort()).toEqual(TRUTHS.toSorted());
  });

  it("TEN-2 an install takes its people along when it moves to PostgreSQL, also the second time", async () => {
    await using directory = await temporaryDirectory();
    await (await openSqliteStore({ directory: directory.path })).close();
    const here = await openIdentityFile(directory.path);
    const at = "2026-01-02T03:04:05.678Z";
    await sql`INSERT INTO "user" VALUES ('p1', 'Ada', 'ada@example.com', 1, NULL, ${at}, ${at})`.execute(here.db);
    const member = { tenant: "default", person: "p1", role: "owner", created_at: 5 } as const;
    await here.db.insertInto("members").values(member).execute();
    const counts = { counter: 4_000_000_000, created_at: 1_800_000_000_000, last_used_at: null };
    const passkey = { id: "pk_1", credential: "c", person: "p1", name: "Laptop", public_key: "k", transports: "[]" };
    await here.db
      .insertInto("passkeys")
      .values({ ...passkey, ...counts })
      .execute();
    const challenge = { hash: "h", kind: "k", value: "{}", until: 1_800_000_000_000 };
    await here.db.insertInto("challenges").values(challenge).execute();
    await here.close();
    const url = server().url(await server().createDatabase());
    // Made, but nobody has come yet.
    await (await openIdentityDatabase({ url })).close();
    await moveToPostgres({ directory: directory.path, url });
    const there = await openIdentityDatabase({ url });
    const person = await sql`SELECT id, "emailVerified" AS verified, "createdAt" AS at FROM "user"`.execute(there.db);
    expect(person.rows).toEqual([{ id: "p1", verified: true, at: new Date(at) }]);
    expect(await there.db.selectFrom("members").selectAll().execute()).toEqual([member]);
    expect(await there.db.selectFrom("passkeys").selectAll().execute()).toEqual([{ ...passkey, ...counts }]);
    expect(await there.db.selectFrom("challenges").selectAll().execute()).toEqual([challenge]);

    await movePeople(directory.path, { url });
    expect(await there.db.selectFrom("members").selectAll().execute()).toEqual([member]);
    for (const table of ["members", "passkeys"] as const) await there.db.deleteFrom(table).execute();
    await sql`UPDATE "user" SET id = 'somebody else'`.execute(there.db);
    await expect(movePeople(directory.path, { url })).rejects.toMatchObject({ code: "REQ_004" });
    await there.close();
  });
});
