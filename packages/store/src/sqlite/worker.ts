/**
 * The worker thread that owns the database. It takes everything that is queued, runs it in one transaction and answers
 * it together, so that the busier it is the more calls share one write to the disk.
 */
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { spareMemory } from "@switchboard/core/spare-memory";
import { type SwitchboardError, toErrorRecord } from "@switchboard/domain/errors";
import { toStoreError } from "../failure.ts";
import { backUp } from "./backup.ts";
import { openDatabase } from "./database.ts";
import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
import { Epochs } from "./epochs.ts";
import { Executor } from "./executor.ts";
import { LaneTable } from "./lane-table.ts";
import { migrate } from "./migrate.ts";
import { dropPartialRestore } from "./restore.ts";
import { applied, migrations } from "./schema.ts";
import { Statements } from "./sql.ts";
import { syncStore } from "./sync-store.ts";
import { Transaction } from "./transaction.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./wire.ts";

// A report that Node writes when it crashes tells of every thread, each by its own setting; the environment holds secrets.
process.report.excludeEnv = true;

/** Messages that share one transaction at most: an answer must not wait for ever. */
const MOST_MESSAGES = 256;
/** After so many commits a moment without work is used to copy the log into the file. */
const COMMITS_PER_CHECKPOINT = 40;
const IDLE_MS = 3;

class StoreWorker {
  readonly #file: string;
  readonly #lock: DirectoryLock;
  readonly #db: DatabaseSync;
  readonly #executor: Executor;
  readonly #post: (message: FromWorker) => void;
  readonly #done: () => void;
  readonly #backups = new Set<Promise<void>>();
  #commits = 0;
  #busyAt = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(settings: WorkerSettings, post: (message: FromWorker) => void, done: () => void) {
    this.#post = post;
    this.#done = done;
    this.#file = join(settings.directory, "switchboard.db");
    this.#lock = lockDirectory(settings.directory);
    try {
      dropPartialRestore(settings.directory);
      this.#db = openDatabase(this.#file, settings, (db) => applied(db, migrations()));
      try {
        migrate(this.#db);
        // A file that can only be read says so here and not with the first message.
        this.#db.exec("BEGIN IMMEDIATE; UPDATE meta SET value = value; ROLLBACK");
        const transaction = new Transaction(this.#db, () => table.forget());
        const statements = new Statements(this.#db, transaction);
        const table = new LaneTable(statements, new Epochs(statements));
        const store = syncStore(statements, table);
        this.#executor = new Executor(store, transaction, (thrown) => this.#error(thrown));
      } catch (error) {
        this.#db.close();
        throw error;
      }
    } catch (error) {
      this.#lock.release();
      throw error;
    }
    post({ type: "ready", methods: this.#executor.names });
  }

  /** Handles a message and all that are queued behind it. */
  handle(first: ToWorker, next: () => ToWorker | undefined): void {
    let batches: string[] = [];
    const flush = () => {
      if (batches.length > 0) this.#run(batches);
      batches = [];
    };
    for (let message: ToWorker | undefined = first; message !== undefined; message = next()) {
      if (typeof message === "string") {
        batches.push(message);
        if (batches.length >= MOST_MESSAGES) flush();
        continue;
      }
      flush();
      if (message.type === "close") {
        void this.#close();
        return;
      }
      this.#backUp(message.id, message.path);
    }
    flush();
  }

  #run(batches: readonly string[]): void {
    this.#post(this.#executor.run(batches));
    this.#commits += 1;
    this.#busyAt = performance.now();
    if (this.#commits >= COMMITS_PER_CHECKPOINT) this.#idleTimer ??= setTimeout(() => this.#idle(), IDLE_MS);
  }

  #idle(): void {
    this.#idleTimer = undefined;
    if (performance.now() - this.#busyAt < IDLE_MS) {
      this.#idleTimer = setTimeout(() => this.#idle(), IDLE_MS);
      return;
    }
    this.#commits = 0;
    try {
      this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch {
      // Whatever is wrong shows with the next write, which has somebody to tell.
    }
  }

  #backUp(id: number, path: string): void {
    const done = backUp(this.#file, path, (pages, total) =>
      this.#post({ type: "progress", id, done: pages, total }),
    ).then(
      () => this.#post({ type: "backed-up", id }),
      (thrown) => this.#post({ type: "backed-up", id, error: toErrorRecord(toStoreError(thrown, path)) }),
    );
    this.#backups.add(done);
    void done.finally(() => this.#backups.delete(done));
  }

  async #close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    await Promise.all(this.#backups);
    try {
      // Closing the last connection copies the log into the file and removes it.
      this.#db.close();
    } finally {
      this.#lock.release();
      this.#done();
    }
  }

  #error(thrown: unknown): SwitchboardError {
    return toStoreError(thrown, this.#file);
  }
}

const port = parentPort;
if (port) {
  const settings = workerData as WorkerSettings;
  const post = (message: FromWorker) => port.postMessage(message);
  try {
    const worker = new StoreWorker(settings, post, () => port.close());
    const next = () => (receiveMessageOnPort(port) as { message: ToWorker } | undefined)?.message;
    port.on("message", (message: ToWorker) => worker.handle(message, next));
    spareMemory();
  } catch (thrown) {
    post({ type: "failed", error: toErrorRecord(toStoreError(thrown, settings.directory)) });
  }
}
