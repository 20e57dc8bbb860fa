/** Opens stores for tests, each in a directory of its own. */
import type { OpenedStore } from "@switchboard/testkit/store";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { openSqliteStore, type SqliteStoreOptions } from "../index.ts";

/** An `OpenStore` of the contract suite; `options` but the directory are passed on. */
export function temporaryStores(options: Omit<SqliteStoreOptions, "directory"> = {}): () => Promise<OpenedStore> {
  return async () => {
    const directory = await temporaryDirectory();
    let store = await openSqliteStore({ ...options, directory: directory.path });
    return {
      store,
      async reopen() {
        await store.close();
        store = await openSqliteStore({ ...options, directory: directory.path });
        return store;
      },
      async dispose() {
        await store.close();
        await directory.remove();
      },
    };
  };
}
