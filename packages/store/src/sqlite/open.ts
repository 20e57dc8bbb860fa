/** Starts a worker and puts the Store port in front of it. */
import { mkdir } from "node:fs/promises";
import type { InboxStore, Store, Upkeep } from "@switchboard/core/ports";
import type { SwitchboardError } from "@switchboard/domain";
import { toStoreError } from "../failure.ts";
import { fromSource, packageRoot } from "../package-root.ts";
import { toIntake } from "../rows/intake.ts";
import { Remote } from "./remote.ts";
import { fromIntakeResult, type IntakeResult } from "./wire-ingest.ts";

export interface SqliteStoreOptions {
  /** Made when it is not there; the database is `switchboard.db` in it. One store per directory at a time. */
  readonly directory: string;
  /** How long a write waits for another program that holds the file, in milliseconds; default 5,000. */
  readonly busyTimeoutMs?: number;
  /** Most pages of 4 KiB the database may grow to; a write beyond fails with STORE_002. Default: as the disk allows. */
  readonly maxPages?: number;
  /** The worker died: nothing can be stored any more, so the process should end and be started again. */
  readonly onFatal?: (error: SwitchboardError) => void;
  /** The store itself is out of order and a call failed for it: STORE_001 to STORE_005. Its caller hears of it, too. */
  readonly onRefused?: (error: SwitchboardError) => void;
}

const worker = new URL(fromSource ? "src/sqlite/worker.ts" : "dist/sqlite/worker.js", packageRoot);

export async function openStore(options: SqliteStoreOptions, script: URL = worker): Promise<Store> {
  const { busyTimeoutMs = 5_000, directory, maxPages } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error) => {
    throw toStoreError(error, directory);
  });
  const settings = { directory, busyTimeoutMs, ...(maxPages !== undefined && { maxPages }) };
  const remote = new Remote(script, settings, options);
  const methods = await remote.started;
  const backup: Upkeep["backup"] = async (path, progress) => {
    await remote.backup(path, progress);
  };
  const parts: Record<string, Record<string, unknown>> = { upkeep: { backup } };
  for (const [index, [part, name]] of methods.entries()) {
    parts[part] ??= {};
    parts[part][name] = (...args: unknown[]) => remote.call(index, args);
  }
  const intake = parts.inbox?.ingest as (...args: unknown[]) => Promise<IntakeResult>;
  const ingest: InboxStore["ingest"] = async (tenant, input) => {
    const sent = toIntake(input);
    return fromIntakeResult(tenant, sent, await intake(tenant, sent));
  };
  parts.inbox = { ...parts.inbox, ingest };
  // The worker names the methods of its own implementation, whose type is checked against the port there.
  return { ...parts, close: () => remote.close() } as unknown as Store;
}
