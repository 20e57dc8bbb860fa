import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { afterAll, describe } from "vitest";
import { isolationContract } from "../test-support/isolation/contract.ts";
import { databaseOn } from "../test-support/isolation/rows.ts";

const missing = missingServer();
const title = missing === undefined ? "a shared database" : `a shared database (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(title, () => {
  let server: TestServer | undefined;
  afterAll(() => server?.stop());
  isolationContract("PostgreSQL", async () => {
    server = await startServer();
    return databaseOn(server);
  });
});
