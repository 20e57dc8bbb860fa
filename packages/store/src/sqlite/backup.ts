/** A consistent copy of the database while everything runs. */
import { open, rename, rm } from "node:fs/promises";
import { backup, DatabaseSync } from "node:sqlite";

/** Pages copied at a time; between two steps other work goes on. */
const PAGES_PER_STEP = 500;

/**
 * Copies the database file at `source` to `path`, which appears only when it is whole. The copy shows one moment: its
 * own connection reads a snapshot, or else every write would make it begin again.
 */
export async function backUp(
  source: string,
  path: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const partial = `${path}.partial`;
  const snapshot = new DatabaseSync(source, { readOnly: true });
  try {
    snapshot.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
    await rm(partial, { force: true });
    // Made before SQLite would, so that nobody else can read it.
    await (await open(partial, "wx", 0o600)).close();
    await backup(snapshot, partial, {
      rate: PAGES_PER_STEP,
      progress: ({ remainingPages, totalPages }) => progress(totalPages - remainingPages, totalPages),
    });
    const file = await open(partial, "r+");
    await file.sync();
    await file.close();
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw error;
  } finally {
    snapshot.close();
  }
}
