import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import rules from "../../.dependency-cruiser.mjs";
import { checkDependencies } from "../check-dependencies.ts";
import { readCheckout } from "../doctor/checkout.ts";
import { type Files, smallTree } from "./small-tree.ts";

const MINUTE = 60_000;
const root = fileURLToPath(new URL("../..", import.meta.url));

/** A workspace in small: what may be imported is imported, and two types know each other. */
const allowed: Files = {
  "package.json": { name: "tree", private: true },
  "packages/domain/package.json": { name: "@tree/domain" },
  "packages/domain/src/index.ts": "export const word = 1;\n",
  "packages/core/package.json": { name: "@tree/core" },
  "packages/core/src/index.ts": 'export { word } from "../../domain/src/index.ts";\n',
  "packages/server/package.json": { name: "@tree/server" },
  "packages/server/src/index.ts":
    'import { readFileSync } from "node:fs";\nimport { word } from "../../core/src/index.ts";\nexport const port = [readFileSync, word];\n',
  "channels/pigeon/package.json": { name: "@tree/pigeon" },
  "channels/pigeon/src/index.ts": 'export { word } from "../../../packages/domain/src/index.ts";\n',
  "channels/pigeon/simulator/index.ts": 'export { word } from "../src/index.ts";\n',
  "packages/channel-kit/package.json": { name: "@tree/channel-kit" },
  "packages/channel-kit/src/index.ts": 'export { word } from "../../domain/src/index.ts";\n',
  "channels/pigeon/src/kit.ts": 'export { word } from "../../../packages/channel-kit/src/index.ts";\n',
  "channels/pigeon/simulator/channel-kit.ts": 'export { word } from "../../../packages/channel-kit/src/index.ts";\n',
  "packages/simulator-kit/package.json": { name: "@tree/simulator-kit" },
  "packages/simulator-kit/src/index.ts": 'export { word } from "../../domain/src/index.ts";\n',
  "channels/pigeon/simulator/kit.ts": 'export { word } from "../../../packages/simulator-kit/src/index.ts";\n',
  "packages/server/src/a.ts": 'import type { B } from "./b.ts";\nexport interface A { readonly b?: B }\n',
  "packages/server/src/b.ts": 'import type { A } from "./a.ts";\nexport interface B { readonly a?: A }\n',
  "packages/core/src/index.test.ts": 'import "../../server/src/index.ts";\n',
};

async function violations(files: Files): Promise<readonly string[]> {
  using tree = smallTree({ ...allowed, ...files });
  return (await checkDependencies(tree.path, ["packages", "channels"])).violations;
}

/** Package, and one that it must not import. */
const wrongWays: readonly [string, string][] = [
  ["domain", "protocol"],
  ["domain", "core"],
  ["protocol", "core"],
  ["client", "core"],
  ["client", "server"],
  ["core", "store"],
  ["core", "client"],
  ["core", "testkit"],
  ["media", "protocol"],
  ["core", "media"],
  ["agents", "media"],
  ["store", "server"],
  ["store", "agents"],
  ["cluster", "store"],
  ["agents", "server"],
  ["agents", "store"],
  ["server", "cli"],
  ["server", "sandbox"],
  ["server", "testkit"],
  ["cli", "store"],
  ["cli", "testkit"],
  ["console", "server"],
  ["console", "core"],
  ["sandbox", "server"],
  ["sandbox", "core"],
  ["testkit", "server"],
  ["testkit", "store"],
  ["interop", "core"],
  ["channel-kit", "core"],
  ["channel-kit", "simulator-kit"],
  ["simulator-kit", "core"],
  ["simulator-kit", "channel-kit"],
  ["simulator-kit", "testkit"],
];

interface Breach {
  readonly rule: string;
  readonly what: string;
  readonly files: Files;
  readonly from: string;
}

function breach(rule: string, what: string, from: string, text: string, further: Files = {}): Breach {
  return { rule, what, from, files: { ...further, [from]: text } };
}

const breaches: readonly Breach[] = [
  ...wrongWays.map(([name, target]) =>
    breach(
      `${name}-imports`,
      `packages/${name} imports packages/${target}`,
      `packages/${name}/src/wrong.ts`,
      `import "../../${target}/src/target.ts";\n`,
      { [`packages/${target}/src/target.ts`]: "export const there = 1;\n" },
    ),
  ),
  ...["core", "server", "testkit", "protocol", "simulator-kit"].map((name) =>
    breach(
      "channel-imports",
      `a channel imports packages/${name}`,
      "channels/pigeon/src/wrong.ts",
      `import type { there } from "../../../packages/${name}/src/target.ts";\nexport type T = typeof there;\n`,
      { [`packages/${name}/src/target.ts`]: "export const there = 1;\n" },
    ),
  ),
  ...["core", "testkit"].map((name) =>
    breach(
      "simulator-imports",
      `a simulator imports packages/${name}`,
      "channels/pigeon/simulator/wrong.ts",
      `import type { there } from "../../../packages/${name}/src/target.ts";\nexport type T = typeof there;\n`,
      { [`packages/${name}/src/target.ts`]: "export const there = 1;\n" },
    ),
  ),
  breach(
    "simulator-imports",
    "a simulator imports another channel's",
    "channels/raven/simulator/wrong.ts",
    'import "../../pigeon/simulator/index.ts";\n',
  ),
  breach(
    "channel-imports",
    "a channel imports another",
    "channels/raven/src/wrong.ts",
    'import "../../pigeon/src/index.ts";\n',
  ),
  breach(
    "no-channel-from-packages",
    "a package names a channel, only when it needs it",
    "packages/cli/src/wrong.ts",
    'export const load = () => import("../../../channels/pigeon/src/index.ts");\n',
  ),
  breach(
    "channel-source-not-simulator",
    "a channel knows its simulator",
    "channels/pigeon/src/wrong.ts",
    'import "../simulator/index.ts";\n',
  ),
  ...["node:fs", "fs/promises", "node:http", "node:net", "node:sqlite", "child_process", "node:worker_threads"].map(
    (module) =>
      breach(
        "no-io-in-domain-and-core",
        `core imports ${module}`,
        "packages/core/src/wrong.ts",
        `import "${module}";\n`,
      ),
  ),
  breach(
    "ws-by-its-index",
    "another face takes a file out of the WebSocket protocol",
    "packages/server/src/rest/wrong.ts",
    'import "../ws/inside.ts";\n',
    { "packages/server/src/ws/inside.ts": "export const there = 1;\n" },
  ),
  breach(
    "callers-and-lines-know-no-face",
    "what every face needs asks one of them",
    "packages/server/src/callers/wrong.ts",
    'import "../rest/app.ts";\n',
    { "packages/server/src/rest/app.ts": "export const there = 1;\n" },
  ),
  breach(
    "no-cycles",
    "two files import each other",
    "packages/core/src/wrong.ts",
    'import "./z-other.ts";\nexport const a = 1;\n',
    {
      "packages/core/src/z-other.ts": 'import { a } from "./wrong.ts";\nexport const b = a;\n',
    },
  ),
  breach(
    "no-type-cycles",
    "two files know each other's types",
    "packages/media/src/wrong.ts",
    'import type { B } from "./z-other.ts";\nexport interface A { readonly b: B }\n',
    {
      "packages/media/src/z-other.ts": 'import type { A } from "./wrong.ts";\nexport interface B { readonly a: A }\n',
    },
  ),
  breach("no-undeclared", "a package that only another declares", "packages/core/src/wrong.ts", 'import "left";\n', {
    "node_modules/left/package.json": { name: "left", version: "1.0.0", main: "index.js" },
    "node_modules/left/index.js": "module.exports = 1;\n",
    "packages/server/package.json": { name: "@tree/server", dependencies: { left: "1.0.0" } },
  }),
];

describe("CH-0 the direction of imports", { timeout: MINUTE }, () => {
  it("CH-0 lets through what is allowed, and tests import what they like", async () => {
    expect(await violations({})).toEqual([]);
  });

  it.each(breaches)("CH-0 $rule bites: $what", async ({ rule, from, files }) => {
    const found = await violations(files);
    expect(found.filter((line) => line.startsWith(`${rule}: ${from} → `))).not.toEqual([]);
  });

  it("CH-0 has a breach for every rule", () => {
    expect(new Set(breaches.map(({ rule }) => rule))).toEqual(new Set(rules.forbidden.map(({ name }) => name)));
  });

  it("CH-0 has a rule for every package", () => {
    const names = rules.forbidden.map(({ name }) => name);
    const wanted = readdirSync(join(root, "packages")).map((name) => `${name}-imports`);
    expect(names).toEqual(expect.arrayContaining(wanted));
  });
});

describe("CH-0 an empty look is no proof", { timeout: 3 * MINUTE }, () => {
  it("CH-0 looked at every source file of the checkout", async () => {
    const { modules } = await checkDependencies(root, ["packages", "channels"]);
    const { files } = readCheckout(root);
    const sources = files.filter((file) => /^(packages|channels)\/.*\.tsx?$/.test(file) && !file.endsWith(".d.ts"));
    expect(sources.length).toBeGreaterThan(500);
    expect(sources.filter((file) => !modules.includes(file))).toEqual([]);
  });

  it("CH-0 fails where it saw hardly anything", () => {
    using tree = smallTree(allowed);
    const tool = join(root, "tools/check-dependencies.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool], { cwd: tree.path, encoding: "utf8" });
    expect(stdout).toMatch(/^\d+ modules, 0 violations\n$/);
    expect(stderr).toMatch(/hardly any modules/);
    expect(status).toBe(1);
  });
});
