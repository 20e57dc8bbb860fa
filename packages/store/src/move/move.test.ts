/** An install moves from its state directory into a PostgreSQL database. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TenantId } from "@switchboard/domain";
import { aRawEvent } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { type TemporaryDirectory, temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openPostgresStore } from "../postgres/index.ts";
import { withServer } from "../postgres/test-support/with-server.ts";
import { openSqliteStore } from "../sqlite/index.ts";
import { fill } from "../test-support/fill.ts";
import { moveToPostgres } from "./index.ts";

const TENANTS = ["one", "two", "\u00fc\u{1f600}' \\"] as TenantId[];
const NOBODY = "nobody" as TenantId;

withServer((server) => {
  let directory: TemporaryDirectory;
  let database: string;
  let target: { readonly directory: string; readonly url: string };
  const known = aRawEvent("c9", { payload: { text: "a\u0000b\ud83d, \\ 'quoted' {\"x\"} NULL" } });

  beforeEach(async () => {
    directory = await temporaryDirectory();
    database = await server().createDatabase();
    target = { directory: directory.path, url: server().url(database) };
    const store = await openSqliteStore({ directory: directory.path });
    for (const tenant of TENANTS) {
      const world = new World(store, tenant);
      await fill(world);
      await world.ingest([known, ...Array.from({ length: 700 }, (_, index) => aRawEvent(`lane-${index % 7}`))]);
    }
    await store.close();
  });
  afterEach(() => directory.remove());

  it("TEN-2 Q-1 with every row of every tenant, and work goes on there where it was", async () => {
    const { tables } = await moveToPostgres(target);
    const file = new DatabaseSync(join(directory.path, "switchboard.db"));
    for (const { table, rows } of tables) {
      expect([table, rows]).toEqual([table, file.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n]);
    }
    file.close();
    expect(tables.length).toBeGreaterThan(20);
    expect(tables.filter(({ rows }) => rows === 0)).toEqual([]);

    const [before, after] = [await openSqliteStore({ directory: directory.path }), await openPostgresStore(target)];
    try {
      for (const tenant of TENANTS) {
        const [here, there] = [new World(before, tenant), new World(after, tenant)];
        const { size: _, ...figures } = await before.upkeep.stats(here.now, tenant);
        expect(await after.upkeep.stats(here.now, tenant)).toMatchObject(figures);
        expect(await after.accounts.list(tenant)).toEqual(await before.accounts.list(tenant));
        expect(await after.sessions.list(tenant, {})).toEqual(await before.sessions.list(tenant, {}));
        const page = { limit: 500 };
        expect((await after.inbox.list(tenant, page)).rows).toEqual((await before.inbox.list(tenant, page)).rows);
        expect((await after.outbox.list(tenant, page)).rows).toEqual((await before.outbox.list(tenant, page)).rows);
        // The audit log is the same chain, and goes on as one.
        const log = { after: 0, limit: 500 };
        expect(await after.audit.read(tenant, log)).toEqual(await before.audit.read(tenant, log));
        expect(await after.audit.chain(tenant)).toEqual(await before.audit.chain(tenant));
        await after.audit.append(tenant, { at: 1, actor: "a", action: "b", subject: "c", outcome: "ok" });
        const [last, newest] = (await after.audit.read(tenant, log)).slice(-2);
        expect(newest?.previous).toBe(last?.hash);
        // Known updates are known, numbers go on, and no lease number comes again.
        expect((await there.ingest([known])).results).toMatchObject([{ duplicate: true }]);
        const old = (await here.claimEvents(3)).map(({ lease }) => lease.epoch);
        const claimed = await there.claimEvents(3);
        expect(claimed).toHaveLength(3);
        expect(Math.min(...claimed.map(({ lease }) => lease.epoch))).toBeGreaterThan(Math.min(...old) - 1);
        for (const each of claimed) await there.settle(each);
        await there.complete(await there.run("new"));
        await there.sent(await there.sending("new"));
      }
      expect((await after.inbox.list(NOBODY, {})).rows).toEqual([]);
    } finally {
      await Promise.all([before.close(), after.close()]);
    }
    await expect(moveToPostgres(target)).rejects.toMatchObject({ code: "REQ_004" });
  });

  it("Q-1 goes on where it broke off, wherever that was; meanwhile nobody works there", async () => {
    const broken = new Error("the power failed");
    let steps = 0;
    for (let most = 1; ; most += 5) {
      let left = most;
      const progress = () => {
        steps += 1;
        left -= 1;
        if (left === 0) throw broken;
      };
      const moved = await moveToPostgres({ ...target, progress }).catch((error) => error.cause ?? error);
      if (moved !== broken) {
        expect(moved.tables.length).toBeGreaterThan(20);
        break;
      }
      await expect(openPostgresStore(target)).rejects.toMatchObject({ code: "REQ_004" });
    }
    expect(steps).toBeGreaterThan(30);
    await (await openPostgresStore(target)).close();
  });

  it("STORE_005 says so when the two sides differ in the end, and does not count as done", async () => {
    let spoilt: Promise<unknown> | undefined;
    const spoil = moveToPostgres({
      ...target,
      progress(table) {
        // While a later table is copied, an earlier one is changed.
        if (table === "inbox")
          spoilt ??= server().admin("UPDATE switchboard.grants SET granted_by = 'another'", database);
      },
    });
    const outcome = await spoil.catch((error) => error);
    await spoilt;
    expect(spoilt).toBeDefined();
    expect(outcome).toMatchObject({ code: "STORE_005", message: expect.stringContaining("grants") });
    await expect(openPostgresStore(target)).rejects.toMatchObject({ code: "REQ_004" });
  });

  it("REQ_004 leaves a database alone that holds something already, and another install's move", async () => {
    const store = await openPostgresStore(target);
    await new World(store).receive();
    await store.close();
    await expect(moveToPostgres(target)).rejects.toMatchObject({ code: "REQ_004" });
    await expect(openPostgresStore(target).then((again) => again.close())).resolves.toBeUndefined();

    const half = { ...target, url: server().url(await server().createDatabase()) };
    const stop = () => {
      throw new Error("stop");
    };
    await expect(moveToPostgres({ ...half, progress: stop })).rejects.toThrow("stop");
    rmSync(join(directory.path, "switchboard.db"));
    await (await openSqliteStore({ directory: directory.path })).close();
    await expect(moveToPostgres(half)).rejects.toMatchObject({ code: "REQ_004" });
  });

  it("SYS_002 while a gateway uses the directory", async () => {
    const store = await openSqliteStore({ directory: directory.path });
    await expect(moveToPostgres(target)).rejects.toMatchObject({ code: "SYS_002" });
    await store.close();
  });
});
