import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { switchboard } from "../test-support/switchboard.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const missing = missingServer();
const title = `switchboard migrate${missing === undefined ? "" : ` (skipped: ${missing})`}`;

describe.skipIf(missing !== undefined)(title, () => {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  it("TEN-2 sqlite-to-postgres takes an install along; the commands then work on the other database", async () => {
    if (!server) throw new Error("the server did not start");
    const database = await server.createDatabase();
    const env = { DATABASE_URL: server.url(database) };
    await using place = await temporaryDirectory();
    const run = (args: readonly string[], more: { env?: Record<string, string>; input?: string } = {}) =>
      switchboard(args, { stateDirectory: place.path, ...more });
    const added = await run(["channels", "add", "telegram", "--secret-stdin"], { input: "123456:a-secret\n" });
    expect(added.code).toBe(0);

    const nowhere = await run(["migrate", "sqlite-to-postgres", "--json"]);
    expect(nowhere.json()).toMatchObject({
      error: { code: "CFG_001", message: expect.stringContaining("DATABASE_URL") },
    });
    const moved = await run(["migrate", "sqlite-to-postgres", "--json"], { env });
    const tables = moved.json<{ tables: readonly { table: string; rows: number; sha256: string }[] }>().tables;
    expect(moved.code).toBe(0);
    expect(tables).toContainEqual({ table: "accounts", rows: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const again = await run(["migrate", "sqlite-to-postgres"], { env });
    expect([again.code, again.stderr]).not.toEqual([0, ""]);

    // From here on the state directory's own database does not count.
    expect((await run(["channels", "remove", "telegram"])).code).toBe(0);
    const listed = await run(["channels", "list", "--json"], { env });
    expect(listed.json()).toMatchObject({ accounts: [{ channel: "telegram", source: "store" }] });
    const { password } = new URL(env.DATABASE_URL);
    for (const { stderr, stdout } of [moved, again, listed]) expect(stdout + stderr).not.toContain(password);
  });
});
