/** A store that is being opened while the rest of the gateway is still being read: it has a thread of its own. */
import type { Store } from "@switchboard/core/ports";
import { openSqliteStore, type SqliteStoreOptions } from "@switchboard/store/sqlite";

type Listeners = Required<Pick<SqliteStoreOptions, "onFatal" | "onRefused">>;
type Failure = Parameters<Listeners["onFatal"]>[0];

export interface OpeningStore {
  /** Resolves with the store, once. What went wrong meanwhile is told to `listeners` first. @throws as `openSqliteStore`. */
  taken(listeners: Listeners): Promise<Store>;
}

/** `directory`: see `SqliteStoreOptions`; it must be there. */
export function openStoreAhead(directory: string): OpeningStore {
  const died = Promise.withResolvers<Failure>();
  let told: Listeners | undefined;
  const opening = openSqliteStore({
    directory,
    onFatal: (error) => died.resolve(error),
    onRefused: (error) => told?.onRefused(error),
  });
  // Whoever takes the store hears of it.
  opening.catch(() => {});
  return {
    taken(listeners) {
      told = listeners;
      void died.promise.then(listeners.onFatal);
      return opening;
    },
  };
}
