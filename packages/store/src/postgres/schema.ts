/** The schema's numbered files, and whether a database was made by them. */
import { createHash } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain/errors";
import { numberedFiles } from "../numbered-files.ts";
import { packageRoot } from "../package-root.ts";

const folder = new URL("src/postgres/migrations/", packageRoot);

export interface Migration {
  readonly number: number;
  /** `{app}` and `{engine}` stand for the roles, `{engine name}` for the latter as a text. */
  readonly sql: string;
  /** Of what the file does: neither comments nor white space count. */
  readonly checksum: string;
}

/** What a database notes of a migration. */
export type Applied = Pick<Migration, "number" | "checksum">;

/** All of them, in their order. */
export function migrations(): Migration[] {
  return numberedFiles(folder).map(({ bare, number, sql }) => ({ number, sql, checksum: checksum(bare) }));
}

/**
 * What of `known` is still to be done.
 * @throws STORE_006 when a newer version made the database, or when its tables were made otherwise than by these files.
 */
export function missing(known: readonly Migration[], there: readonly Applied[]): readonly Migration[] {
  const newest = known.at(-1)?.number ?? 0;
  const present = Math.max(0, ...there.map(({ number }) => number));
  const details = { present, newest };
  if (present > newest) {
    const message = `The database has schema ${present}; this version knows schemas up to ${newest}.`;
    throw new SwitchboardError("STORE_006", message, { details });
  }
  const same = known
    .slice(0, there.length)
    .every(({ checksum: wanted, number }) => there.some((each) => each.number === number && each.checksum === wanted));
  if (!same) {
    const message = `The database's schema ${present} was made otherwise than this version makes it.`;
    throw new SwitchboardError("STORE_006", message, { details });
  }
  return known.slice(there.length);
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
