/** Why events went no further, as the inbox wrote it down. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestGateway } from "./gateway.ts";

/** Every reason of an account's events, oldest first. */
export function reasonsOf({ directory }: Pick<TestGateway, "directory">, account: string): string[] {
  const db = new DatabaseSync(join(directory, "switchboard.db"), { readOnly: true });
  try {
    const rows = db
      .prepare("SELECT reason FROM inbox WHERE account = ? AND reason IS NOT NULL ORDER BY seq")
      .all(account);
    return rows.map(({ reason }) => String(reason));
  } finally {
    db.close();
  }
}
