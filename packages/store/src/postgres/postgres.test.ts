/** The contract, run on the shared driver. */
import { storeContract, storePropertyTest } from "@switchboard/testkit/store";
import { temporaryStores } from "./test-support/temporary-store.ts";
import { withServer } from "./test-support/with-server.ts";

withServer((server) => {
  storeContract("postgres", temporaryStores(server), {
    skip: [
      { reason: "a PostgreSQL database is backed up by its own tools", tests: ["backs up while everything runs"] },
    ],
  });
  storePropertyTest("postgres", temporaryStores(server));
});
