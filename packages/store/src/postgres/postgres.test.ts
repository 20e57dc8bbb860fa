/** The contract, run on the shared driver. */
import { storeContract, storePropertyTest } from "@switchboard/testkit/store";
import { afterAll, beforeAll, describe } from "vitest";
import { missingServer, startServer, type TestServer } from "./test-support/server.ts";
import { temporaryStores } from "./test-support/temporary-store.ts";

const missing = missingServer();
const skip = [
  {
    reason: "a PostgreSQL database is backed up by its own tools",
    tests: ["backs up while everything runs"],
  },
];

describe.skipIf(missing !== undefined)(`on a server${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  let server: TestServer | undefined;
  const running = () => {
    if (!server) throw new Error("the server did not start");
    return server;
  };
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  storeContract("postgres", temporaryStores(running), { skip });
  storePropertyTest("postgres", temporaryStores(running));
});
