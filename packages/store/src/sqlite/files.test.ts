/** What is on the disk: the log with its commits, the schema, backups. */
import { readFileSync } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AccountId, AccountRef } from "@switchboard/domain";
import { ACCOUNT, aRawEvent, CHANNEL, TENANT } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { type TemporaryDirectory, temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "./index.ts";

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory.remove());

const open = (path = directory.path) => openSqliteStore({ directory: path });
const anAccountRef = { tenant: TENANT, channel: CHANNEL, account: ACCOUNT };
const file = () => join(directory.path, "switchboard.db");

/** How many transactions stand in the write-ahead log, https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
function commits(): number {
  const log = readFileSync(`${file()}-wal`);
  const pageSize = log.readUInt32BE(8);
  let count = 0;
  for (let frame = 32; frame + 24 <= log.length; frame += 24 + pageSize) {
    // The size of the file after a commit; 0 in all other frames.
    if (log.readUInt32BE(frame + 4) > 0) count += 1;
  }
  return count;
}

describe("group commit", () => {
  it("Q-1 calls that arrive together share one write to the disk", async () => {
    const store = await open();
    const world = new World(store);
    await world.ingest([aRawEvent()]);
    const before = commits();
    await Promise.all(Array.from({ length: 200 }, (_, number) => world.ingest([aRawEvent(`c${number}`)])));
    const together = commits() - before;
    for (let number = 0; number < 20; number += 1) await world.ingest([aRawEvent()]);
    const alone = commits() - before - together;
    await store.close();
    expect(together).toBeLessThanOrEqual(3);
    expect(alone).toBe(20);
  });

  it("reading writes nothing", async () => {
    const store = await open();
    const world = new World(store);
    await world.ingest([aRawEvent()]);
    const before = commits();
    await store.inbox.list(TENANT, {});
    await store.upkeep.stats(world.now);
    await store.upkeep.ready(world.now);
    await store.upkeep.breakLeases({ now: world.now });
    await world.claimTurns();
    await store.upkeep.tick(world.now);
    expect(commits()).toBe(before);
    await store.close();
  });
});

describe("the state directory", () => {
  it("holds the database and its lock, and no log after closing", async () => {
    const store = await open(join(directory.path, "new", "state"));
    await new World(store).ingest([aRawEvent()]);
    await store.close();
    expect((await readdir(join(directory.path, "new", "state"))).sort()).toEqual([
      "switchboard.db",
      "switchboard.lock",
    ]);
  });

  it.skipIf(process.platform === "win32")("CRED-1 is nobody else's to read (skipped on Windows)", async () => {
    const store = await open(join(directory.path, "new"));
    await new World(store).ingest([aRawEvent()]);
    const names = ["", "switchboard.db", "switchboard.db-wal", "switchboard.db-shm"];
    const modes = await Promise.all(names.map(async (name) => (await stat(join(directory.path, "new", name))).mode));
    expect(modes.map((mode) => mode & 0o77)).toEqual([0, 0, 0, 0]);
    await store.close();
  });

  it.skipIf(process.platform === "win32")("CRED-1 a backup is nobody else's either (skipped on Windows)", async () => {
    const store = await open();
    const backup = join(directory.path, "backup.db");
    await store.upkeep.backup(backup);
    await store.close();
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
  });

  it("is rid of what a restore left that was killed", async () => {
    await writeFile(join(directory.path, "switchboard.db.restoring"), "half of it");
    await (await open()).close();
    expect((await readdir(directory.path)).sort()).toEqual(["switchboard.db", "switchboard.lock"]);
  });
});

describe("the schema", () => {
  it("is made once, from numbered files that are all strict tables with a tenant", async () => {
    await (await open()).close();
    const db = new DatabaseSync(file());
    const version = () => db.prepare("PRAGMA user_version").get()?.user_version;
    const schema = () => db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
    const before = { version: version(), schema: schema() };
    const numbers = (await readdir(new URL("./migrations/", import.meta.url))).map((name) => Number.parseInt(name, 10));
    expect(before.version).toBe(Math.max(...numbers));
    const tables = db
      .prepare(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all() as { name: string; strict: number }[];
    expect(tables.length).toBeGreaterThan(15);
    for (const { name, strict } of tables) {
      const columns = db.prepare("SELECT name FROM pragma_table_info(?)").all(name) as { name: string }[];
      expect({ name, strict }).toEqual({ name, strict: 1 });
      if (name !== "meta")
        expect(
          columns.map((column) => column.name),
          name,
        ).toContain("tenant");
    }
    db.close();
    await (await open()).close();
    const again = new DatabaseSync(file());
    expect(again.prepare("PRAGMA user_version").get()?.user_version).toBe(before.version);
    expect(again.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all()).toEqual(before.schema);
    again.close();
  });

  it("a migration that fails leaves the file as it was", async () => {
    // Room for some of the first migration's tables only; they must be undone.
    await expect(openSqliteStore({ directory: directory.path, maxPages: 8 })).rejects.toMatchObject({
      code: "STORE_002",
    });
    const after = new DatabaseSync(file());
    expect(after.prepare("SELECT name FROM sqlite_schema").all()).toEqual([]);
    expect(after.prepare("PRAGMA user_version").get()).toEqual({ user_version: 0 });
    after.close();
  });
});

describe("wiping", () => {
  it("TEN-8 a secret that an account logged out from is nowhere in the files", async () => {
    const refs = Array.from({ length: 50 }, (_, number) => ({ ...anAccountRef, account: `a${number}` as AccountId }));
    const secretOf = (account: string) => `sealed of ${account}.${"x".repeat(300)}`;
    const filled = await open();
    for (const ref of refs) {
      const row = { ...ref, source: "store", enabled: true, config: {}, settings: {} } as const;
      await filled.accounts.put({ ...row, sealed: secretOf(ref.account) }, 1);
    }
    await filled.close();
    const again = await open();
    const wiped = refs.filter((_, number) => number % 2 === 0);
    for (const ref of wiped) expect(await again.accounts.logOut(ref, 2)).toBe(true);
    await again.close();
    const files = (await readdir(directory.path)).map((name) => readFileSync(join(directory.path, name)));
    const isThere = ({ account }: AccountRef) => files.some((content) => content.includes(secretOf(account)));
    expect(refs.filter(isThere)).toEqual(refs.filter((ref) => !wiped.includes(ref)));
  });
});

describe("backups", () => {
  it("a backup made under load is whole and can be opened as a store", async () => {
    const store = await open();
    const world = new World(store);
    const raws = Array.from({ length: 1_500 }, () => aRawEvent("a", { payload: "x".repeat(1_000) }));
    await world.ingest(raws);
    const copy = join(directory.path, "copy");
    const backup = store.upkeep.backup(join(directory.path, "backup.db"));
    const during: Promise<unknown>[] = [];
    for (let number = 0; number < 100; number += 1) {
      during.push(world.ingest([aRawEvent("b")]));
      await during.at(-1);
    }
    await backup;
    expect((await readdir(directory.path)).filter((name) => name.endsWith(".partial"))).toEqual([]);
    await store.close();

    const db = new DatabaseSync(join(directory.path, "backup.db"));
    expect(db.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    db.exec(`VACUUM INTO '${join(directory.path, "vacuumed.db")}'`);
    db.close();
    const { cpSync, mkdirSync } = await import("node:fs");
    mkdirSync(copy);
    cpSync(join(directory.path, "backup.db"), join(copy, "switchboard.db"));
    const restored = await open(copy);
    const { queues } = await restored.upkeep.stats(world.now);
    expect(queues.inbox.depth).toBeGreaterThanOrEqual(raws.length);
    expect(queues.inbox.depth).toBeLessThanOrEqual(raws.length + during.length);
    expect(await new World(restored).claimEvents()).not.toEqual([]);
    await restored.close();
  });

  it("a backup that cannot be written says so, and the store goes on", async () => {
    const store = await open();
    const backup = store.upkeep.backup(join(directory.path, "nowhere", "backup.db"));
    await expect(backup).rejects.toMatchObject({ code: "STORE_003", message: expect.stringContaining("nowhere") });
    await new World(store).ingest([aRawEvent()]);
    await store.close();
  });
});

describe("channel registrations", () => {
  it("TEN-2 TEN-8 shows a tenant's one account of a channel, and nothing of its credential after it was logged out", async () => {
    const store = await open();
    const account = { source: "store", enabled: true, config: {}, settings: {} } as const;
    const ref = { tenant: TENANT, channel: CHANNEL, account: `tenant-${TENANT}` as AccountId };
    await store.accounts.put({ ...account, ...ref, sealed: "v2.key7.nonce.tag.text" }, 1);
    // One of any number, and not the registration.
    await store.accounts.put(
      { ...account, ...ref, account: `tenant-${TENANT}.second` as AccountId, sealed: "v2.k.x" },
      1,
    );
    const look = () => {
      using db = new DatabaseSync(file());
      return db.prepare("SELECT * FROM channel_registrations").all();
    };
    const registration = { billing_account_id: TENANT, channel: CHANNEL, account_id: ref.account, created_at: 1 };
    const sealed = { encrypted_credential: "v2.key7.nonce.tag.text", encryption_key_id: "key7" };
    expect(look()).toEqual([{ ...registration, ...sealed, active: 1, updated_at: 1 }]);
    await store.accounts.logOut(ref, 2);
    const wiped = { encrypted_credential: null, encryption_key_id: null };
    expect(look()).toEqual([{ ...registration, ...wiped, active: 0, updated_at: 2 }]);
    await store.close();
    using db = new DatabaseSync(file());
    expect(db.prepare("SELECT sealed, self FROM accounts WHERE account = ?").all(ref.account)).toEqual([
      { sealed: null, self: null },
    ]);
    const second = "INSERT INTO channel_registrations (billing_account_id) VALUES ('x')";
    expect(() => db.exec(second)).toThrow("cannot modify channel_registrations");
  });
});
