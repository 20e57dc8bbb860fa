import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { aRawEvent, TENANT } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { openSqliteStore, restoreSqliteBackup } from "./index.ts";

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
});
