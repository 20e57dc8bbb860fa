import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { smallTree } from "./tests/small-tree.ts";

const tool = join(import.meta.dirname, "docs.ts");
const documents = ["docs/errors.md", "docs/config.schema.json", "docs/protocol.schema.json"];
const MINUTE = 60_000;

function docs(cwd: string, ...args: string[]) {
  const command = ["--conditions=@switchboard/source", tool, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

const outOfDate = documents.map((path) => `${path} is out of date. Run: npm run docs\n`);
const written = documents.map((path) => `${path} written\n`);

it("DEV-2 stale documents are noticed, each of them, written anew, and then found good", {
  timeout: 2 * MINUTE,
}, () => {
  using tree = smallTree({});
  expect(docs(tree.path, "--check")).toEqual({ status: 1, stdout: "", stderr: outOfDate.join("") });
  expect(docs(tree.path)).toEqual({ status: 0, stdout: written.join(""), stderr: "" });
  expect(docs(tree.path, "--check")).toEqual({ status: 0, stdout: "", stderr: "" });

  const [errors, ...schemas] = documents.map((path) => join(tree.path, path));
  const fresh = schemas.map((path) => readFileSync(path, "utf8"));
  for (const [index, path] of schemas.entries()) writeFileSync(path, `${fresh[index]} `);
  expect(docs(tree.path, "--check")).toEqual({ status: 1, stdout: "", stderr: outOfDate.slice(1).join("") });
  expect(docs(tree.path)).toEqual({ status: 0, stdout: written.slice(1).join(""), stderr: "" });
  expect(schemas.map((path) => readFileSync(path, "utf8"))).toEqual(fresh);
  expect(readFileSync(errors ?? "", "utf8")).toMatch(/^# Errors\n/);
});
