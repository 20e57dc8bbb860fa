/** Opens stores for tests, each on a database of its own. */

import type { TestServer } from "@switchboard/testkit/postgres-server";
import type { OpenedStore } from "@switchboard/testkit/store";
import { openPostgresStore, type PostgresStoreOptions } from "../index.ts";

/** An `OpenStore` of the contract suite; `server` is asked for when the first store is opened. */
export function temporaryStores(
  server: () => TestServer,
  options: Omit<PostgresStoreOptions, "url"> = {},
): () => Promise<OpenedStore> {
  return async () => {
    const database = await server().createDatabase();
    const open = () => openPostgresStore({ ...options, url: server().url(database) });
    let store = await open();
    return {
      store,
      async reopen() {
        await store.close();
        store = await open();
        return store;
      },
      async dispose() {
        await store.close();
        await server().dropDatabase(database);
      },
    };
  };
}
