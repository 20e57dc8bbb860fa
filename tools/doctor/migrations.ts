/** A rule about the schema's files. */
import { basename, dirname } from "node:path";
import type { Rule } from "./rule.ts";

export const migrationNumbers: Rule = {
  id: "migration-numbers",
  what: "The migrations of a folder are numbered from 0001, each number once, without a gap.",
  why: "Two that were written side by side both take the next number, and a database would skip one of them.",
  fix: "Give the later one the next free number.",
  check({ files }) {
    const migrations = files.filter((file) => /\/migrations\/.*\.sql$/.test(file));
    return [...Map.groupBy(migrations, dirname).values()].flatMap((folder) =>
      folder
        .toSorted()
        .filter((file, index) => !basename(file).startsWith(`${String(index + 1).padStart(4, "0")}-`))
        .map((file) => `${file}: number out of order`),
    );
  },
};
