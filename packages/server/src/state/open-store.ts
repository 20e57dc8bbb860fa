/** Opens the store that the configuration asks for. */
import type { Store, WakeUps } from "@switchboard/core";
import type { SwitchboardError } from "@switchboard/domain";
import type { Config } from "@switchboard/protocol";
import { openSqliteStore, type SqliteStoreOptions } from "@switchboard/store/sqlite";
import { databaseUrl } from "./database-url.ts";
import type { OpeningStore } from "./opening-store.ts";

export interface OpenStoreOptions {
  readonly stateDirectory: string;
  readonly settings: Config["database"];
  readonly env: NodeJS.ProcessEnv;
  /** For the embedded driver. */
  readonly sqlite?: Pick<SqliteStoreOptions, "busyTimeoutMs" | "maxPages"> | undefined;
  /** The embedded store, if somebody has begun to open it. */
  readonly opening?: OpeningStore | undefined;
  readonly onFatal: (error: unknown) => void;
  readonly onRefused: (error: SwitchboardError) => void;
}

export interface ConfiguredStore {
  readonly store: Store;
  /** Absent: there is one node only. */
  readonly wakeUps?: WakeUps;
  /** Whether no other process can be using the store at this moment. */
  alone(): Promise<boolean>;
}

/** A PostgreSQL database where one is named, else the embedded one. @throws STORE_*, SYS_002, CFG_001. */
export async function openStore(options: OpenStoreOptions): Promise<ConfiguredStore> {
  const { env, onFatal, onRefused, opening, settings, sqlite, stateDirectory } = options;
  const url = databaseUrl(env, settings);
  if (url === undefined) {
    const store = opening
      ? await opening.taken({ onFatal, onRefused })
      : await openSqliteStore({ ...sqlite, directory: stateDirectory, onFatal, onRefused });
    return { store, alone: async () => true };
  }
  // Loaded only here: an embedded install has no use for it.
  const { openPostgresStore } = await import("@switchboard/store/postgres");
  const ownerUrl = env.DATABASE_OWNER_URL || settings.ownerUrl;
  const store = await openPostgresStore({ url, ownerUrl, connections: settings.connections, onRefused });
  return { store, wakeUps: store.wakeUps, alone: () => store.alone() };
}
