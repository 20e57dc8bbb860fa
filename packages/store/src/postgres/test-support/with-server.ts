/** A server for the tests of one file; where there is none they are shown as skipped, with the reason. */

import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { afterAll, beforeAll, describe } from "vitest";

export function withServer(
  tests: (server: () => TestServer) => void,
  options: { readonly durable?: boolean } = {},
): void {
  const missing = missingServer();
  const title = missing === undefined ? "on a PostgreSQL server" : `on a PostgreSQL server (skipped: ${missing})`;
  describe.skipIf(missing !== undefined)(title, () => {
    let server: TestServer | undefined;
    beforeAll(async () => {
      server = await startServer(options);
    });
    afterAll(() => server?.stop());
    tests(() => {
      if (!server) throw new Error("the server did not start");
      return server;
    });
  });
}
