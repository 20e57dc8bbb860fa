/** What goes wrong with disks, files and processes: a clear error, and never an answer for what was not stored. */
import { execFileSync } from "node:child_process";
import { mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Store } from "@switchboard/core/ports";
import type { SwitchboardError } from "@switchboard/domain";
import { aDelivery, aRawEvent, TENANT } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { type TemporaryDirectory, temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore, type SqliteStoreOptions } from "./index.ts";
import { openStore } from "./open.ts";
import { runModule } from "./test-support/child-process.ts";

const index = new URL("./index.ts", import.meta.url).href;

let directory: TemporaryDirectory;
let opened: Store[];
const undo: (() => void)[] = [];

beforeEach(async () => {
  directory = await temporaryDirectory();
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  for (const each of undo.splice(0).reverse()) each();
  await directory.remove();
});

async function start(options: Partial<SqliteStoreOptions> = {}): Promise<World> {
  const store = await openSqliteStore({ directory: directory.path, ...options });
  opened.push(store);
  return new World(store);
}

const file = () => join(directory.path, "switchboard.db");
const bulky = (kilobytes: number) => aRawEvent("c1", { payload: { text: "x".repeat(1024 * kilobytes) } });

async function keysOf(world: World): Promise<string[]> {
  const keys: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await world.store.inbox.list(TENANT, { limit: 500, ...(cursor !== undefined && { cursor }) });
    keys.push(...page.rows.map(({ key }) => key));
    cursor = page.cursor;
    if (cursor === undefined) return keys.reverse();
  }
}

/** Stores bulky events until one is refused. Returns the keys of those that were acknowledged, and the refusal. */
async function fill(world: World): Promise<{ acknowledged: string[]; refusal: SwitchboardError }> {
  const acknowledged: string[] = [];
  for (let count = 0; count < 2_000; count += 1) {
    const raw = bulky(20);
    try {
      await world.ingest([raw]);
    } catch (error) {
      return { acknowledged, refusal: error as SwitchboardError };
    }
    acknowledged.push(raw.key);
  }
  throw new Error("the store never became full");
}

function can(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A small disk of its own. */
function mountDisk(options: string): string {
  const path = join(directory.path, "disk");
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
  undo.push(() => execFileSync("umount", [path]));
  return path;
}

const mounts = (() => {
  const path = execFileSync("mktemp", ["-d"], { encoding: "utf8" }).trim();
  const works = can("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path) && can("umount", path);
  rmSync(path, { recursive: true, force: true });
  return works;
})();
const onMounts = mounts ? "" : " (skipped: this user may not mount)";

describe("a full disk", () => {
  it("Q-1 STORE_002 acknowledges nothing that was not stored, and goes on when there is room", async () => {
    const small = await start({ maxPages: 250 });
    const { acknowledged, refusal } = await fill(small);
    expect(refusal).toMatchObject({ code: "STORE_002", retryable: true, message: expect.stringContaining(file()) });
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(await keysOf(small)).toEqual(acknowledged);
    await expect(small.ingest([bulky(20)])).rejects.toMatchObject({ code: "STORE_002" });
    await small.store.close();
    const roomy = await start();
    const raw = bulky(20);
    await roomy.ingest([raw]);
    expect(await keysOf(roomy)).toEqual([...acknowledged, raw.key]);
    expect(await roomy.claimEvents()).toHaveLength(1);
  });

  it("Q-1 STORE_002 what shared the transaction is refused with it", async () => {
    const small = await start({ maxPages: 250 });
    const before = aRawEvent("before");
    await small.ingest([before]);
    const delivery = aDelivery();
    const outcomes = await Promise.allSettled([
      small.ingest([aRawEvent("a")]),
      small.ingest([bulky(4_000)]),
      small.post(delivery),
    ]);
    expect(outcomes.map((each) => each.status === "rejected" && each.reason.code)).toEqual([
      "STORE_002",
      "STORE_002",
      "STORE_002",
    ]);
    expect(await keysOf(small)).toEqual([before.key]);
    expect(await small.store.outbox.get(TENANT, delivery.id)).toBeUndefined();
    await small.post(delivery);
    expect((await small.claimDeliveries()).map((claimed) => claimed.delivery.id)).toEqual([delivery.id]);
  });

  it.skipIf(!mounts)(`Q-1 STORE_002 on a real disk, until somebody makes room${onMounts}`, async () => {
    const path = mountDisk("size=6m");
    const ballast = join(path, "ballast");
    writeFileSync(ballast, Buffer.alloc(2_000_000, 1));
    const world = await start({ directory: path });
    const { acknowledged, refusal } = await fill(world);
    expect(refusal).toMatchObject({ code: "STORE_002", retryable: true });
    expect(await keysOf(world)).toEqual(acknowledged);
    rmSync(ballast);
    const raw = aRawEvent("after");
    await world.ingest([raw]);
    expect(await keysOf(world)).toEqual([...acknowledged, raw.key]);
    await world.store.close();
    const again = await start({ directory: path });
    expect(await keysOf(again)).toEqual([...acknowledged, raw.key]);
    await again.store.close();
  });
});

describe("what cannot be written", () => {
  it("STORE_003 a state directory that is a file", async () => {
    writeFileSync(join(directory.path, "taken"), "");
    for (const path of ["taken", "taken/below"]) {
      const options = { directory: join(directory.path, path) };
      await expect(start(options)).rejects.toMatchObject({
        code: "STORE_003",
        message: expect.stringContaining("taken"),
      });
    }
  });

  it("STORE_003 a database that is a directory", async () => {
    mkdirSync(file());
    await expect(start()).rejects.toMatchObject({ code: "STORE_003" });
  });

  it.skipIf(!mounts)(`STORE_003 a read-only disk, new or with a database on it${onMounts}`, async () => {
    const path = mountDisk("size=6m");
    const world = await start({ directory: join(path, "state") });
    await world.ingest([aRawEvent()]);
    await world.store.close();
    execFileSync("mount", ["-o", "remount,ro", path]);
    for (const state of ["state", "new"]) {
      await expect(start({ directory: join(path, state) })).rejects.toMatchObject({ code: "STORE_003" });
    }
  });

  it("STORE_003 a database file that may not be changed", async (context) => {
    const world = await start();
    await world.ingest([aRawEvent()]);
    await world.store.close();
    if (!can("chattr", "+i", file()))
      context.skip("this file system has no immutable files, or the user may not make one");
    undo.push(() => execFileSync("chattr", ["-i", file()]));
    await expect(start()).rejects.toMatchObject({ code: "STORE_003" });
  });
});

describe("a locked file", () => {
  const locker = () =>
    runModule(`
      import { DatabaseSync } from "node:sqlite";
      const db = new DatabaseSync(${JSON.stringify(file())});
      db.exec("BEGIN IMMEDIATE");
      console.log("locked");
      process.stdin.on("data", () => { db.exec("ROLLBACK"); console.log("free"); });
    `);

  it("oc#124193 STORE_004 withholds the acknowledgement, still answers questions, and works again afterwards", async () => {
    const world = await start({ busyTimeoutMs: 200 });
    const before = aRawEvent("before");
    await world.ingest([before]);
    await using other = locker();
    await other.line((line) => line === "locked");
    const raws = Array.from({ length: 10 }, (_, number) => aRawEvent(`c${number}`));
    const outcomes = await Promise.allSettled([...raws.map((raw) => world.ingest([raw])), keysOf(world)]);
    for (const outcome of outcomes.slice(0, raws.length)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "STORE_004", retryable: true } });
    }
    expect(outcomes.at(-1)).toEqual({ status: "fulfilled", value: [before.key] });
    other.say("let go");
    await other.line((line) => line === "free");
    for (const raw of raws) expect((await world.ingest([raw])).results[0]?.duplicate).toBe(false);
    expect(await keysOf(world)).toEqual([before.key, ...raws.map(({ key }) => key)]);
    expect(await world.claimEvents(20)).toHaveLength(11);
  });

  it("oc#124193 waits for a lock that is held for a moment", async () => {
    const world = await start({ busyTimeoutMs: 10_000 });
    await using other = locker();
    await other.line((line) => line === "locked");
    const asked = world.ingest([aRawEvent()]);
    other.say("let go");
    expect((await asked).results).toHaveLength(1);
  });

  it("STORE_004 cannot be opened either", async () => {
    await (await start()).store.close();
    await using other = locker();
    await other.line((line) => line === "locked");
    await expect(start({ busyTimeoutMs: 100 })).rejects.toMatchObject({ code: "STORE_004", retryable: true });
    other.say("let go");
    await other.line((line) => line === "free");
    await (await start()).ingest([aRawEvent()]);
  });
});

describe("a damaged file", () => {
  it("STORE_005 is not opened when it is no database", async () => {
    writeFileSync(file(), "this is a diary and no database, and it is long enough to be looked at".repeat(100));
    await expect(start()).rejects.toMatchObject({ code: "STORE_005", retryable: false });
  });

  it("STORE_005 says so when the damage is met, and the process stays up", async () => {
    const world = await start();
    await world.ingest([aRawEvent()]);
    await world.store.close();
    const db = new DatabaseSync(file());
    const row = db.prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'inbox'").get() as { page: number };
    db.close();
    writeSync(openSync(file(), "r+"), Buffer.alloc(4096, 0xff), 0, 4096, (row.page - 1) * 4096);
    const damaged = await start();
    await expect(damaged.ingest([aRawEvent()])).rejects.toMatchObject({ code: "STORE_005", retryable: false });
    await expect(keysOf(damaged)).rejects.toMatchObject({ code: "STORE_005" });
    expect(await damaged.store.accounts.all()).toEqual([]);
  });

  it("STORE_006 written by a newer version is left alone", async () => {
    await (await start()).store.close();
    const db = new DatabaseSync(file());
    db.exec("PRAGMA user_version = 999");
    db.close();
    await expect(start()).rejects.toMatchObject({ code: "STORE_006", message: expect.stringContaining("999") });
  });
});

describe("a schema that is not this version's", () => {
  function change(sql: string): void {
    const db = new DatabaseSync(file());
    db.exec(sql);
    db.close();
  }

  it("STORE_006 made by migrations that were other then is refused before anything is said to be ready", async () => {
    await (await start()).store.close();
    change("UPDATE meta SET value = value + 1 WHERE name = 'migration:1'");
    await expect(start()).rejects.toMatchObject({ code: "STORE_006", message: expect.stringContaining("otherwise") });
  });

  it("STORE_006 made before that was recorded is opened when it is the same, and refused when it is not", async () => {
    const first = await start();
    await first.ingest([aRawEvent()]);
    await first.store.close();
    change("DELETE FROM meta WHERE name LIKE 'migration:%'");
    const again = await start();
    expect(await keysOf(again)).toHaveLength(1);
    await again.store.close();
    change("DELETE FROM meta WHERE name LIKE 'migration:%'; ALTER TABLE turns RENAME COLUMN stop_requested TO stopped");
    await expect(start()).rejects.toMatchObject({ code: "STORE_006", message: expect.stringContaining("otherwise") });
  });

  it.each([
    ["that never heard of it", "CREATE TABLE recipes (name TEXT)"],
    ["with versions of its own", "CREATE TABLE recipes (name TEXT); PRAGMA user_version = 1"],
  ])("STORE_006 another program's database %s is left alone", async (_, sql) => {
    change(sql);
    await expect(start()).rejects.toMatchObject({ code: "STORE_006", retryable: false });
    const db = new DatabaseSync(file());
    expect(db.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "recipes" }]);
    expect(db.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
    db.close();
  });
});

describe("two gateways on one state directory", () => {
  it("SYS_002 in one process", async () => {
    const first = await start();
    const refusal = { code: "SYS_002", message: expect.stringContaining(directory.path), retryable: false };
    await expect(start()).rejects.toMatchObject(refusal);
    await first.ingest([aRawEvent()]);
    await first.store.close();
    expect(await keysOf(await start())).toHaveLength(1);
  });

  it("SYS_002 in two processes, until the other one is gone, however it goes", async () => {
    await using other = runModule(`
      import { openSqliteStore } from ${JSON.stringify(index)};
      await openSqliteStore({ directory: ${JSON.stringify(directory.path)} });
      console.log("open");
      setInterval(() => {}, 1000);
    `);
    await other.line((line) => line === "open");
    await expect(start()).rejects.toMatchObject({
      code: "SYS_002",
      message: expect.stringContaining(directory.path),
    });
    await other.kill();
    await (await start()).ingest([aRawEvent()]);
  });
});

describe("a worker that dies", () => {
  it("STORE_001 fails every call, then and later, and says that the process cannot go on", async () => {
    const fatal: SwitchboardError[] = [];
    const script = new URL("./test-support/crashing-worker.ts", import.meta.url);
    const store = await openStore({ directory: directory.path, onFatal: (error) => fatal.push(error) }, script);
    opened.push(store);
    const world = new World(store);
    const kept = aRawEvent("kept");
    await world.ingest([kept]);
    const outcomes = await Promise.allSettled([
      world.ingest([aRawEvent("a", { payload: "break now" })]),
      world.ingest([aRawEvent("b")]),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "STORE_001", retryable: true } });
    }
    await expect(world.ingest([aRawEvent("c")])).rejects.toMatchObject({ code: "STORE_001" });
    expect(fatal.map(({ code }) => code)).toEqual(["STORE_001"]);
    await world.store.close();
    expect(await keysOf(await start())).toEqual([kept.key]);
  });
});
