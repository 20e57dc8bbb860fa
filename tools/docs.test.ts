import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { copyCheckout } from "./tests/checkout-copy.ts";
import { smallTree } from "./tests/small-tree.ts";

const tool = join(import.meta.dirname, "docs.ts");
const protocol = [
  "docs/protocol.schema.json",
  "docs/asyncapi.json",
  "docs/protocol.md",
  "docs/clients/swift/SwitchboardProtocol.swift",
  "docs/clients/kotlin/SwitchboardProtocol.kt",
];
const documents = ["docs/errors.md", "docs/config.schema.json", "docs/openapi.json", ...protocol];
const MINUTE = 60_000;

function docs(cwd: string, ...args: string[]) {
  const command = ["--conditions=@switchboard/source", tool, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

const complaint = (path: string) => `${path} is out of date. Run: npm run docs\n`;
const outOfDate = documents.map(complaint);
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

it("DEV-2 a method that is added and a field that changes are noticed, and are in every document afterwards", {
  timeout: 5 * MINUTE,
}, async () => {
  await using copy = await copyCheckout(join(import.meta.dirname, ".."));
  const read = (path: string) => readFileSync(join(copy.path, path), "utf8");
  const node = (...args: string[]) =>
    copy.run("node", "--conditions=@switchboard/source", join(copy.path, "tools/docs.ts"), ...args);
  expect(await node("--check")).toBe("");

  const source = "packages/protocol/src/methods/gateway.ts";
  const added = `
  /** Makes a pigeon ready. */
  "pigeon.prepare": method({
    params: Open({
      /** How many grains it gets. */
      grains: Type.Optional(Count),
    }),
    result: Closed({ mood: Type.Enum(["keen", "sleepy"]) }),
    scope: "operator.talk",
    role: "operator",
    since: BASE,
  }),
`;
  const changed = read(source).replace("export const gatewayMethods = {", (start) => `${start}${added}`);
  writeFileSync(join(copy.path, source), changed);
  const refusal = await node("--check").catch((error: Error) => error.message);
  for (const path of protocol) expect(refusal).toContain(complaint(path));
  expect(await node()).toBe(protocol.map((path) => `${path} written\n`).join(""));
  for (const path of protocol) {
    expect(read(path)).toContain("pigeon.prepare");
    for (const type of ["PigeonPrepareParams", "PigeonPrepareResult"]) expect(read(path)).toContain(type);
    expect(read(path)).toContain("How many grains it gets.");
  }
  expect(read("docs/protocol.md")).toContain("Makes a pigeon ready.");

  writeFileSync(join(copy.path, source), changed.replace("grains: Type.Optional(Count)", "grains: Count"));
  const second = await node("--check").catch((error: Error) => error.message);
  for (const path of protocol) expect(second).toContain(complaint(path));
});
