/** Opening: new databases, several nodes at once, and what is not ours. */
import { aRawEvent } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { expect, it } from "vitest";
import { openPostgresStore } from "./index.ts";
import { withServer } from "./test-support/with-server.ts";

withServer((server) => {
  it("TEN-7 many nodes that start at once on a new database make its schema once, and all of them work", async () => {
    const [one, other] = [await server().createDatabase(), await server().createDatabase()];
    const urls = Array.from({ length: 12 }, (_, node) => server().url(node % 3 === 0 ? other : one));
    const stores = await Promise.all(urls.map((url) => openPostgresStore({ url })));
    try {
      for (const name of [one, other]) {
        const { rows } = await server().admin("SELECT number FROM switchboard.migrations ORDER BY number", name);
        expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
        expect(rows.length).toBeGreaterThan(0);
      }
      const raw = aRawEvent("c1");
      const results = await Promise.all(stores.map((store) => new World(store).ingest([raw])));
      expect(results.filter(({ results: [first] }) => first?.duplicate === false)).toHaveLength(2);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
    await Promise.all([one, other].map((name) => server().dropDatabase(name)));
  });

  it("TEN-2 goes on with the names its roles have when the database was copied under another name", async () => {
    const name = await server().createDatabase();
    const store = await openPostgresStore({ url: server().url(name) });
    await new World(store).receive();
    await store.close();
    const copy = await server().createDatabase(name);
    const again = await openPostgresStore({ url: server().url(copy) });
    expect(await new World(again).store.inbox.list(new World(again).tenant, {})).toMatchObject({ rows: [{}] });
    await again.close();
  });

  it.each([
    [
      "a newer version",
      "INSERT INTO switchboard.migrations SELECT 999, checksum, app, engine FROM switchboard.migrations LIMIT 1",
    ],
    ["other files", "UPDATE switchboard.migrations SET checksum = 'other'"],
  ])("STORE_006 what %s made is left alone", async (_, sql) => {
    const name = await server().createDatabase();
    const url = server().url(name);
    await (await openPostgresStore({ url })).close();
    await server().admin(sql, name);
    await expect(openPostgresStore({ url })).rejects.toMatchObject({ code: "STORE_006", retryable: false });
  });

  it("leaves alone what else lives in the database", async () => {
    const name = await server().createDatabase();
    await server().admin("CREATE TABLE inbox (recipe text); INSERT INTO inbox VALUES ('soup')", name);
    const store = await openPostgresStore({ url: server().url(name) });
    await new World(store).receive();
    await store.close();
    expect((await server().admin("SELECT recipe FROM public.inbox", name)).rows).toEqual([{ recipe: "soup" }]);
  });

  it("CRED-1 no error tells the password, whatever is wrong with the address", async () => {
    const url = server().url("postgres");
    const wrong = {
      STORE_003: [url.replace("only-for-tests", "hunter2-secret"), url.replace("/postgres", "/missing")],
      STORE_001: [url.replace(/:\d+\//, ":1/")],
      CFG_001: ["mysql://gateway:only-for-tests@127.0.0.1/x", "gateway:only-for-tests"],
    };
    for (const [code, urls] of Object.entries(wrong)) {
      for (const each of urls) {
        const error = await openPostgresStore({ url: each }).then(
          () => undefined,
          (thrown) => thrown,
        );
        expect(error).toMatchObject({ code });
        expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(/only-for-tests|hunter2/);
      }
    }
  });
});
