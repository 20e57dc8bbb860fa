import { noLog } from "@switchboard/core";
import { openIdentityDatabase, openIdentityFile } from "@switchboard/store/identity";
import { missingServer, startServer } from "@switchboard/testkit/postgres-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { getMigrations } from "better-auth/db/migration";
import { describe, expect, it } from "vitest";
import { Members } from "./members.ts";
import { libraryOptions } from "./sign-in-library.ts";

/** What the sign-in library would have to add to the tables of our numbered files. */
async function missingIn(database: Awaited<ReturnType<typeof openIdentityFile>>): Promise<readonly string[]> {
  const options = libraryOptions("http://localhost:1", {
    database,
    members: new Members(database.db, Date.now),
    secret: "for this test alone, and long enough",
    sessionDays: 1,
    mayJoin: async () => false,
    log: noLog,
  });
  const { toBeAdded, toBeCreated } = await getMigrations(options);
  return [...toBeCreated, ...toBeAdded].map(({ fields, table }) => `${table}: ${Object.keys(fields).join(", ")}`);
}

describe("TEN-1 the sign-in library finds its tables as it wants them", () => {
  it("on SQLite, and says so when one lacks a column", async () => {
    await using directory = await temporaryDirectory();
    const database = await openIdentityFile(directory.path);
    expect(await missingIn(database)).toEqual([]);
    await database.db.schema.alterTable("session").dropColumn("userAgent").execute();
    expect(await missingIn(database)).toEqual(["session: userAgent"]);
    await database.close();
  });

  const missing = missingServer();
  it.skipIf(missing !== undefined)(
    `on PostgreSQL${missing === undefined ? "" : ` (skipped: ${missing})`}`,
    async () => {
      const server = await startServer();
      try {
        const database = await openIdentityDatabase({ url: server.url(await server.createDatabase()) });
        expect(await missingIn(database)).toEqual([]);
        await database.close();
      } finally {
        await server.stop();
      }
    },
  );
});
