/** The numbered files of people, tenants and keys, for either kind of database. */
import { createHash } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain/errors";
import { numberedFiles } from "../numbered-files.ts";
import { packageRoot } from "../package-root.ts";

export interface Migration {
  readonly number: number;
  /** On PostgreSQL `{identity}` stands for the role that works with the tables. */
  readonly sql: string;
  /** Of what the file does: neither comments nor white space count. */
  readonly checksum: string;
}

export type Applied = Pick<Migration, "number" | "checksum">;

/** All of them, in their order. */
export function migrations(kind: "sqlite" | "postgres"): Migration[] {
  const folder = new URL(`src/identity/migrations/${kind}/`, packageRoot);
  return numberedFiles(folder).map(({ bare, number, sql }) => ({ number, sql, checksum: checksum(bare) }));
}

/** What of `known` is still to be done. @throws STORE_006 when another version made the tables. */
export function missing(known: readonly Migration[], there: readonly Applied[]): readonly Migration[] {
  const same = there.every((each) =>
    known.some(({ checksum: wanted, number }) => number === each.number && wanted === each.checksum),
  );
  if (!same) throw new SwitchboardError("STORE_006", "The tables of people and tenants were made by another version.");
  return known.filter(({ number }) => !there.some((each) => each.number === number));
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
