import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { smallTree } from "./tests/small-tree.ts";

const tool = join(import.meta.dirname, "docs.ts");
const documents = ["docs/errors.md", "docs/config.schema.json", "docs/protocol.schema.json"];

function docs(cwd: string, ...args: string[]) {
  const command = ["--conditions=@switchboard/source", tool, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

it.each(documents)("DEV-2 a stale %s is noticed, written anew, and then found good", (document) => {
  using tree = smallTree({});
  expect(docs(tree.path)).toEqual({
    status: 0,
    stdout: documents.map((path) => `${path} written\n`).join(""),
    stderr: "",
  });
  expect(docs(tree.path, "--check")).toEqual({ status: 0, stdout: "", stderr: "" });

  const path = join(tree.path, document);
  const fresh = readFileSync(path, "utf8");
  writeFileSync(path, `${fresh.slice(0, -2)} `);
  const complaint = `${document} is out of date. Run: npm run docs\n`;
  expect(docs(tree.path, "--check")).toEqual({ status: 1, stdout: "", stderr: complaint });
  expect(docs(tree.path)).toEqual({ status: 0, stdout: `${document} written\n`, stderr: "" });
  expect(readFileSync(path, "utf8")).toBe(fresh);
});

it("DEV-2 documents that are missing are out of date, each of them", () => {
  using tree = smallTree({});
  const { status, stderr } = docs(tree.path, "--check");
  expect(stderr).toBe(documents.map((path) => `${path} is out of date. Run: npm run docs\n`).join(""));
  expect(status).toBe(1);
});
