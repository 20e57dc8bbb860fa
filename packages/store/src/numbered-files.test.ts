/** The files of a schema, as they are read before a database is touched. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { numberedFiles } from "./numbered-files.ts";
import { packageRoot } from "./package-root.ts";

const FOLDERS = [
  "sqlite/migrations",
  "postgres/migrations",
  "identity/migrations/sqlite",
  "identity/migrations/postgres",
];

it.each(FOLDERS)("TEN-2 Q-1 two migrations with one number are refused in a folder like %s", async (name) => {
  await using directory = await temporaryDirectory();
  const copy = pathToFileURL(`${directory.path}/`);
  cpSync(new URL(`src/${name}/`, packageRoot), copy, { recursive: true });
  const known = numberedFiles(copy);
  expect(known.map(({ number }) => number)).toEqual(known.map((_, index) => index + 1));
  writeFileSync(join(directory.path, "0001-another.sql"), "SELECT 1;");
  expect(() => numberedFiles(copy)).toThrow(
    "The migrations 0001-another.sql and 0001-initial.sql have the same number.",
  );
});

it.each(["later.sql", "1-short.sql"])(
  "TEN-2 a migration without a number of four digits is refused: %s",
  async (name) => {
    await using directory = await temporaryDirectory();
    writeFileSync(join(directory.path, name), "SELECT 1;");
    expect(() => numberedFiles(pathToFileURL(`${directory.path}/`))).toThrow("four digits");
  },
);
