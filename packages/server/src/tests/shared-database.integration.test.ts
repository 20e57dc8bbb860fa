/** The gateway on a PostgreSQL database instead of the one in its state directory. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway } from "../test-support/gateway.ts";

const missing = missingServer();
const title = missing === undefined ? "a gateway on PostgreSQL" : `a gateway on PostgreSQL (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(title, () => {
  let server: TestServer | undefined;
  const running = () => {
    if (!server) throw new Error("the server did not start");
    return server;
  };
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  it.each(["environment", "configuration"] as const)(
    "TEN-2 DATABASE_URL, named by the %s, takes what people say, also over a restart, and its password is told nowhere",
    async (where) => {
      const database = await running().createDatabase();
      const url = running().url(database);
      const named =
        where === "environment"
          ? { env: { DATABASE_URL: url } }
          : { config: { database: { url: { env: "OUR_DATABASE" } } }, env: { OUR_DATABASE: url } };
      await using gateway = await startTestGateway(named);
      const { conversation } = await gateway.simulator.say({ from: "Ada", text: "hello there" });
      await gateway.simulator.waitFor(({ text }) => text === "hello there", { conversation });
      await gateway.restart();
      await gateway.connected();
      await gateway.simulator.say({ from: "Ada", text: "and again" });
      await gateway.simulator.waitFor(({ text }) => text === "and again", { conversation });

      const stored = await running().admin("SELECT DISTINCT state FROM switchboard.inbox", database);
      expect(stored.rows).toEqual([{ state: "admitted" }]);
      expect(readdirSync(gateway.directory).filter((name) => name.endsWith(".db"))).toEqual([]);
      const { password } = new URL(url);
      expect(password.length).toBeGreaterThan(8);
      const config = await gateway.request("config.get", {});
      expect(gateway.log.text() + JSON.stringify(config)).not.toContain(password);
    },
  );

  it("STORE_001 says that the server does not answer, and not who asked", async () => {
    const url = running()
      .url("postgres")
      .replace(/:\d+\//, ":1/");
    await using gateway = await startTestGateway({ env: { DATABASE_URL: url }, start: false });
    const refusal = await gateway.start().then(
      () => undefined,
      (error) => error,
    );
    expect(refusal).toMatchObject({ code: "STORE_001", retryable: true });
    expect(`${refusal.message} ${gateway.log.text()}`).not.toContain(new URL(url).password);
  });
});

describe("a gateway on its own database", () => {
  it("OPS-4 loads nothing of the other one", async () => {
    await using directory = await temporaryDirectory();
    const server = pathToFileURL(join(import.meta.dirname, "../state/open-store.ts")).href;
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const { openStore } = await import(${JSON.stringify(server)});
      const options = { stateDirectory: process.argv[1], settings: { connections: 8 }, onFatal() {}, onRefused() {} };
      const { store } = await openStore({ ...options, env: {} });
      await store.upkeep.probe(1);
      await store.close();
      const others = () => loaded.filter((url) => /node_modules\\/(pg|kysely)|\\/postgres\\//.test(url));
      const before = others();
      await openStore({ ...options, env: { DATABASE_URL: "mysql://x" } }).catch(() => {});
      console.log(JSON.stringify([before, others().length > 10]));
    `;
    const args = ["--conditions=@switchboard/source", "--input-type=module", "-e", script, directory.path];
    const said = execFileSync(process.execPath, args, { encoding: "utf8" });
    // The second one shows that the question is asked rightly.
    expect(JSON.parse(said)).toEqual([[], true]);
    expect(existsSync(join(directory.path, "switchboard.db"))).toBe(true);
  });
});
