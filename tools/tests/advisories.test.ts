/** docs/advisories.md and the tests hold together, both ways. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/advisories.md"), "utf8");
const NUMBER = /CVE-2026-\d+|GHSA(?:-[a-z0-9]{4}){1,3}|\bA\d{1,2}\b/g;

/** One for each test that a row of the page names; several stand one after the other, with a semicolon between. */
const rows = page
  .split("\n")
  .filter((line) => /^\| (CVE|GHSA|A\d)/.test(line))
  .flatMap((line) => {
    const [, advisory = "", , , tests = ""] = line
      .split(" | ")
      .flatMap((cell) => cell.split(/^\| | \|$/))
      .map((cell) => cell.trim());
    return tests.split(/; (?=`)/).map((test) => {
      const [, file = "", title = ""] = /^`([^`]+)`: (.+)$/.exec(test) ?? [];
      return { advisory, file, title };
    });
  });

/** Whether a line of a test is the one that a row speaks of: it has the title and one of the numbers. */
function isNamed(line: string, { advisory, title }: (typeof rows)[number]): boolean {
  const numbers = line.match(NUMBER) ?? [];
  return line.includes(title) && numbers.some((number) => advisory.split(", ").some((each) => each.startsWith(number)));
}

describe("docs/advisories.md", () => {
  it("has rows", () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)("$advisory has the test that its row names in $file", (row) => {
    const path = join(root, row.file);
    expect([row.file, existsSync(path)]).toEqual([row.file, true]);
    const lines = readFileSync(path, "utf8").split("\n");
    expect(
      lines.some((line) => isNamed(line, row)),
      `${row.file} has no test "${row.title}"`,
    ).toBe(true);
  });

  it("names every advisory that a test names", () => {
    const files = execFileSync("git", ["ls-files", "*.test.ts"], { cwd: root, encoding: "utf8" }).split("\n");
    const named = files
      .filter((file) => file !== "" && existsSync(join(root, file)))
      .flatMap((file) => readFileSync(join(root, file), "utf8").match(/CVE-2026-\d+|GHSA(-[a-z0-9]{4}){3}/g) ?? []);
    expect([...new Set(named)].filter((number) => !page.includes(number))).toEqual([]);
  });
});
