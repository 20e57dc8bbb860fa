import { chmodSync, cpSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { aRawEvent, TENANT } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { openSqliteStore, restoreSqliteBackup } from "./index.ts";
import { runModule } from "./test-support/child-process.ts";

async function keysIn(directory: string): Promise<string[]> {
  const store = await openSqliteStore({ directory });
  const { rows } = await store.inbox.list(TENANT, {});
  await store.close();
  return rows.map(({ key }) => key);
}

describe("restoring a backup", () => {
  it("puts it in the database's place, keeps what was there, and refuses while a gateway runs", async () => {
    await using directory = await temporaryDirectory();
    const backup = join(directory.path, "backup.db");
    const [before, after] = [aRawEvent(), aRawEvent()];
    const store = await openSqliteStore({ directory: directory.path });
    const world = new World(store);
    await world.ingest([before]);
    await store.upkeep.backup(backup);
    await world.ingest([after]);
    expect(() => restoreSqliteBackup(directory.path, backup)).toThrow(expect.objectContaining({ code: "SYS_002" }));
    await store.close();
    expect(await keysIn(directory.path)).toEqual([after.key, before.key]);

    const { kept = "" } = restoreSqliteBackup(directory.path, backup, 7);
    expect(await keysIn(directory.path)).toEqual([before.key]);
    expect(kept).toContain("before-restore-7");
    restoreSqliteBackup(directory.path, kept);
    expect(await keysIn(directory.path)).toEqual([after.key, before.key]);
  });

  it("STORE_005 refuses what is no backup and leaves the database alone", async () => {
    await using directory = await temporaryDirectory();
    const raw = aRawEvent();
    const store = await openSqliteStore({ directory: directory.path });
    await new World(store).ingest([raw]);
    await store.close();
    const wrong = join(directory.path, "wrong.db");
    writeFileSync(wrong, "no database");
    for (const path of [wrong, join(directory.path, "missing.db")]) {
      expect(() => restoreSqliteBackup(directory.path, path)).toThrow(expect.objectContaining({ code: "STORE_005" }));
    }
    expect(await keysIn(directory.path)).toEqual([raw.key]);
  });

  it("restores into a directory that has no database yet", async () => {
    await using directory = await temporaryDirectory();
    const backup = join(directory.path, "backup.db");
    const raw = aRawEvent();
    const store = await openSqliteStore({ directory: join(directory.path, "old") });
    await new World(store).ingest([raw]);
    await store.upkeep.backup(backup);
    await store.close();
    const fresh = join(directory.path, "fresh", "state");
    expect(restoreSqliteBackup(fresh, backup)).toEqual({ restored: "backup.db" });
    expect(await keysIn(fresh)).toEqual([raw.key]);
  });

  it("STORE_006 refuses a backup that this version could not open, and leaves the database alone", async () => {
    await using directory = await temporaryDirectory();
    const raw = aRawEvent();
    const store = await openSqliteStore({ directory: directory.path });
    await new World(store).ingest([raw]);
    for (const [name, sql] of Object.entries({
      newer: "PRAGMA user_version = 999",
      other: "UPDATE meta SET value = value + 1 WHERE name = 'migration:1'",
      foreign: "PRAGMA user_version = 0",
    })) {
      const backup = join(directory.path, `${name}.db`);
      await store.upkeep.backup(backup);
      const db = new DatabaseSync(backup);
      db.exec(sql);
      db.close();
    }
    await store.close();
    for (const name of ["newer", "other", "foreign"]) {
      const backup = join(directory.path, `${name}.db`);
      expect(() => restoreSqliteBackup(directory.path, backup), name).toThrow(
        expect.objectContaining({ code: "STORE_006" }),
      );
    }
    expect(await keysIn(directory.path)).toEqual([raw.key]);
  });

  it.skipIf(process.platform === "win32")("CRED-1 is nobody else's to read (skipped on Windows)", async () => {
    await using directory = await temporaryDirectory();
    const backup = join(directory.path, "backup.db");
    const store = await openSqliteStore({ directory: directory.path });
    await store.upkeep.backup(backup);
    await store.close();
    chmodSync(backup, 0o644);
    restoreSqliteBackup(directory.path, backup);
    expect(statSync(join(directory.path, "switchboard.db")).mode & 0o777).toBe(0o600);
  });

  it("Q-1 OPS-4 whenever it is killed, the database is the one before or the backup, and whole", async () => {
    await using directory = await temporaryDirectory();
    const [before, after] = [aRawEvent(), aRawEvent()];
    const template = join(directory.path, "template");
    const backup = join(directory.path, "backup.db");
    const store = await openSqliteStore({ directory: join(directory.path, "running") });
    const world = new World(store);
    await world.ingest([before]);
    await store.upkeep.backup(backup);
    await world.ingest([after]);
    // As a kill leaves it: the newest event stands in the log only.
    cpSync(join(directory.path, "running"), template, { recursive: true });
    await store.close();
    expect(existsSync(join(template, "switchboard.db-wal"))).toBe(true);

    const seen: string[][] = [];
    for (let step = 1; ; step += 1) {
      const state = join(directory.path, `killed-${step}`);
      cpSync(template, state, { recursive: true });
      await using child = runModule(killedAt(step, state, backup));
      const outcome = await child.line((line) => line === "restored").catch(() => "killed");
      const keys = await keysIn(state);
      seen.push(keys);
      expect([[after.key, before.key], [before.key]], `killed at step ${step}`).toContainEqual(keys);
      expect(readdirSync(state).filter((name) => name.endsWith(".restoring"))).toEqual([]);
      if (outcome === "restored") break;
    }
    expect(seen.length).toBeGreaterThan(4);
    expect(seen[0]).toEqual([after.key, before.key]);
    expect(seen.at(-1)).toEqual([before.key]);
  });
});

/** A restore that is killed before its `step`th change of a directory. */
function killedAt(step: number, state: string, backup: string): string {
  return `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    let left = ${step};
    for (const name of ["copyFileSync", "linkSync", "renameSync", "rmSync"]) {
      const real = fs[name];
      fs[name] = (...given) => {
        left -= 1;
        if (left === 0) process.kill(process.pid, "SIGKILL");
        return real(...given);
      };
    }
    syncBuiltinESMExports();
    const { restoreSqliteBackup } = await import(${JSON.stringify(new URL("./restore.ts", import.meta.url).href)});
    restoreSqliteBackup(${JSON.stringify(state)}, ${JSON.stringify(backup)});
    console.log("restored");
  `;
}
