import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { errorsDocument } from "../docs.ts";
import { examine, RULES } from "../doctor.ts";
import { type Files, smallTree } from "../tests/small-tree.ts";
import { readCheckout } from "./checkout.ts";

function manifest(name: string, further: object = {}): object {
  const exports = { ".": { "@switchboard/source": "./src/index.ts", default: "./dist/index.js" } };
  const base = { name, version: "0.1.0", description: "One.", license: "MIT", type: "module", exports };
  return { ...base, ...further };
}

const published = [
  "dist",
  "simulator/pane/*.css",
  "!dist/**/*.test.*",
  "!dist/**/*.specs.*",
  "!dist/simulator/testing",
  "!dist/**/*.tsbuildinfo",
];
const pigeonManifest = (env: readonly string[] = ["PIGEON_TOKEN"], channel = "pigeon", files = published) =>
  manifest("@switchboard/channel-pigeon", {
    dependencies: { "@switchboard/domain": "0.1.0" },
    switchboard: { channel, env },
    files,
  });
const coreManifest = manifest("@switchboard/core", {
  dependencies: { "@switchboard/domain": "0.1.0", left: "1.2.3" },
});
const rootManifest = { name: "tree", private: true, devDependencies: { bundler: "4.5.6" } };

const lockfile = {
  packages: {
    "": rootManifest,
    "channels/pigeon": pigeonManifest(),
    "packages/core": coreManifest,
    "packages/domain": {},
    "node_modules/@switchboard/channel-pigeon": { resolved: "channels/pigeon", link: true },
    "node_modules/@switchboard/core": { resolved: "packages/core", link: true },
    "node_modules/@switchboard/domain": { resolved: "packages/domain", link: true },
    "node_modules/left": { version: "1.2.3", dependencies: { deep: "^1.0.0" } },
    "node_modules/left/node_modules/deep": { version: "1.0.0", dependencies: { flat: "^2.0.0" } },
    "node_modules/flat": { version: "2.0.0" },
    "node_modules/bundler": { version: "4.5.6", optionalDependencies: { "bundler-linux": "4.5.6" } },
    "node_modules/bundler-linux": { version: "4.5.6", optional: true },
  },
};

/** `lockfile` without some entries. */
function lockfileWithout(...places: string[]): object {
  return { packages: Object.fromEntries(Object.entries(lockfile.packages).filter(([at]) => !places.includes(at))) };
}

const clean: Files = {
  "package.json": rootManifest,
  "package-lock.json": lockfile,
  "packages/domain/package.json": manifest("@switchboard/domain"),
  "packages/domain/tsconfig.json": {},
  "packages/domain/src/index.ts": "export const word = 1;\n",
  "packages/core/package.json": coreManifest,
  "packages/core/tsconfig.json": { references: [{ path: "../domain" }] },
  "packages/core/src/index.ts": "// Any pigeon may be named in a comment.\nexport const engine = 1;\n",
  "packages/core/src/engine.test.ts": 'it("runs", () => expect(1).toBe(1));\n',
  "channels/pigeon/package.json": pigeonManifest(),
  "channels/pigeon/tsconfig.json": { references: [{ path: "../../packages/domain" }] },
  "channels/pigeon/README.md": "# Pigeon\n",
  "channels/pigeon/src/index.ts": 'export default { id: "pigeon", config: { env: { PIGEON_TOKEN: "token" } } };\n',
  "channels/pigeon/src/config.ts": "export const config = 1;\n",
  "channels/pigeon/src/inbound.ts": "export const inbound = 1;\n",
  "channels/pigeon/src/outbound.ts": "export const outbound = 1;\n",
  "channels/pigeon/src/channel.test.ts": "channelContract(channel, {});\n",
  "channels/pigeon/simulator/index.ts": "export const simulator = 1;\n",
  "docs/errors.md": errorsDocument(),
  "docs/adr/README.md": "- [One](0001-one.md)\n",
  "docs/adr/0001-one.md": "# 1. One\n",
};

interface Breach {
  readonly rule: string;
  readonly what: string;
  /** On top of the clean tree; a file that is `undefined` is left out. */
  readonly files: Readonly<Record<string, string | object | undefined>>;
  /** How the line about it begins. */
  readonly says: string;
}

function breach(rule: string, what: string, says: string, files: Breach["files"]): Breach {
  return { rule, what, says, files };
}

const core = "packages/core/package.json";
const pigeon = "channels/pigeon/package.json";
const source = "packages/core/src/wrong.ts";
const test = "packages/core/src/wrong.test.ts";
/** Of two pieces, because the doctor reads this file as one of the tests. */
const [focused, putOff] = ["on" + "ly", "sk" + "ip"];

const breaches: readonly Breach[] = [
  breach("exact-pins", "a range", `${core}: left is "^1.2.3"`, {
    [core]: { ...coreManifest, dependencies: { left: "^1.2.3" } },
  }),
  breach("exact-pins", "a range at the root", './package.json: bundler is "latest"', {
    "package.json": { ...rootManifest, devDependencies: { bundler: "latest" } },
  }),
  breach("one-version-each", "two versions", "packages/core, packages/domain: left as", {
    "packages/domain/package.json": manifest("@switchboard/domain", { devDependencies: { left: "9.9.9" } }),
  }),
  breach("whole-manifest", "another name", `${core}: its name is`, { [core]: manifest("@switchboard/kernel") }),
  breach("whole-manifest", "no licence", `${core}: the licence`, { [core]: { ...coreManifest, license: undefined } }),
  breach("whole-manifest", "a source that is not there", `${core}: export .: ./src/index.ts does not exist`, {
    "packages/core/src/index.ts": undefined,
  }),
  breach("project-references", "a missing reference", "packages/core/tsconfig.json: no reference to packages/domain", {
    "packages/core/tsconfig.json": {},
  }),
  breach("project-references", "one too many", "packages/domain/tsconfig.json: packages/core is referenced", {
    "packages/domain/tsconfig.json": { references: [{ path: "../core" }] },
  }),
  breach("lockfile", "no lockfile", "package-lock.json: does not exist", { "package-lock.json": undefined }),
  breach(
    "lockfile",
    "a hole where a platform's package was",
    "package-lock.json: bundler-linux, which node_modules/bundler",
    {
      "package-lock.json": lockfileWithout("node_modules/bundler-linux"),
    },
  ),
  breach("lockfile", "a hole deep down", "package-lock.json: flat, which node_modules/left/node_modules/deep", {
    "package-lock.json": lockfileWithout("node_modules/flat"),
  }),
  breach("lockfile", "a dependency of our own that has no entry", "package-lock.json: bundler, which package.json", {
    "package-lock.json": lockfileWithout("node_modules/bundler"),
  }),
  breach("lockfile", "a package that is not linked", "package-lock.json: channels/pigeon is not linked", {
    "package-lock.json": lockfileWithout("node_modules/@switchboard/channel-pigeon"),
  }),
  breach("lockfile", "a dependency the lockfile has not heard of", `package-lock.json: right of ${core} differs`, {
    [core]: { ...coreManifest, dependencies: { right: "1.0.0" } },
  }),
  breach("channel-folders", "no simulator", "channels/pigeon: simulator/index.ts is missing", {
    "channels/pigeon/simulator/index.ts": undefined,
  }),
  breach("channel-folders", "an id that is not the folder's", `${pigeon}: switchboard.channel is raven`, {
    [pigeon]: pigeonManifest(["PIGEON_TOKEN"], "raven"),
  }),
  breach("channel-manifests", "a forgotten variable", `${pigeon}: switchboard.env should be PIGEON_TOKEN`, {
    [pigeon]: pigeonManifest([]),
  }),
  breach("channel-manifests", "another id", `${pigeon}: the channel's id is pigeon`, {
    [pigeon]: pigeonManifest(["PIGEON_TOKEN"], "raven"),
  }),
  breach("channel-files", "a test program that is published", `${pigeon}: "files" should be dist`, {
    [pigeon]: pigeonManifest(["PIGEON_TOKEN"], "pigeon", ["dist", "simulator/pane/*.css"]),
  }),
  breach("short-files", "501 lines", `${source}: 501 lines`, { [source]: "export {};\n".repeat(501) }),
  breach("kebab-case", "capitals", "packages/core/src/wrongName.ts", {
    "packages/core/src/wrongName.ts": "export {};\n",
  }),
  breach("no-escapes", "an untyped value", `${source}:2`, { [source]: `\nexport const x: any = 1;\n` }),
  breach("no-escapes", "a suppressed error", `${source}:1`, { [source]: "// @ts-ignore\nexport {};\n" }),
  breach("no-escapes", "a note of unfinished work", `${source}:1`, { [source]: `// TODO: later\nexport {};\n` }),
  breach("no-platform-names", "an if on a channel", `${source}:1`, {
    [source]: 'export const special = (id: string) => id === "pigeon";\n',
  }),
  breach("named-exports", "a default export", `${source}: default export`, { [source]: "export default 1;\n" }),
  breach("honest-tests", "a test without an assertion", `${test}: asserts nothing`, { [test]: 'it("x", () => {});\n' }),
  breach("honest-tests", "a focused test", `${test}: focused`, { [test]: `it.${focused}("x", () => expect(1));\n` }),
  breach("honest-tests", "a test put off", `${test}: skipped`, { [test]: `it.${putOff}("x", () => expect(1));\n` }),
  breach("error-table", "a code that is not documented", "docs/errors.md: CONN_001 is missing", {
    "docs/errors.md": errorsDocument().replace(/^\| `CONN_001`.*\n/m, ""),
  }),
  breach("error-table", "a code that does not exist", "docs/errors.md: CONN_999 does not exist", {
    "docs/errors.md": `${errorsDocument()}| \`CONN_999\` | x | y | no | 500 |\n`,
  }),
  breach("nothing-private", "a place of one machine", "packages/core/README.md:2", {
    "packages/core/README.md": `\nSee /root/x.\n`,
  }),
  breach("nothing-private", "a credential", `${source}:1`, {
    [source]: `export const key = "sk-aaaaaaaaaaaaaaaaaaaaaaaa";\n`,
  }),
  breach("decision-records", "a gap", "docs/adr/0003-three.md: number out of order", {
    "docs/adr/0003-three.md": "# 3. Three\n",
    "docs/adr/README.md": "- [One](0001-one.md)\n- [Three](0003-three.md)\n",
  }),
  breach("migration-numbers", "two with one number", "packages/core/src/migrations/0001-two.sql: number out of order", {
    "packages/core/src/migrations/0001-one.sql": "SELECT 1;\n",
    "packages/core/src/migrations/0001-two.sql": "SELECT 2;\n",
  }),
  breach("migration-numbers", "a gap", "packages/core/src/migrations/0003-three.sql: number out of order", {
    "packages/core/src/migrations/0001-one.sql": "SELECT 1;\n",
    "packages/core/src/migrations/0003-three.sql": "SELECT 3;\n",
  }),
  breach("decision-records", "one that nobody finds", "docs/adr/0002-two.md: not in", {
    "docs/adr/0002-two.md": "# 2\n",
  }),
];

function merged(files: Breach["files"]): Files {
  const all = { ...clean, ...files };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string | object] => entry[1] !== undefined),
  );
}

describe("CH-0 the doctor", { timeout: 60_000 }, () => {
  it("finds nothing in a clean tree, and looks at all of it", async () => {
    using tree = smallTree(clean);
    const checkout = readCheckout(tree.path);
    expect(checkout.files.toSorted()).toEqual(Object.keys(clean).toSorted());
    expect(await examine(checkout)).toEqual([]);
  });

  it.each(breaches)("$rule catches $what", async ({ rule, files, says }) => {
    using tree = smallTree(merged(files));
    const findings = await examine(readCheckout(tree.path));
    const lines = findings.find((finding) => finding.rule.id === rule)?.breaches ?? [];
    expect(lines.filter((line) => line.startsWith(says))).toHaveLength(1);
  });

  it("has a breach for every rule", () => {
    expect(new Set(breaches.map(({ rule }) => rule))).toEqual(new Set(RULES.map(({ id }) => id)));
  });

  it("says what, why and how to mend it, and fails", () => {
    using tree = smallTree(merged({ [source]: "export default 1;\n" }));
    const doctor = join(fileURLToPath(new URL("../..", import.meta.url)), "tools/doctor.ts");
    const run = spawnSync(process.execPath, ["--conditions=@switchboard/source", doctor], {
      cwd: tree.path,
      encoding: "utf8",
    });
    expect(run.stdout).toMatch(
      /^named-exports: .+\n {2}why: .+\n {2}fix: .+\n {2}- packages\/core\/src\/wrong\.ts: default export\n/,
    );
    expect(run.stdout.trimEnd().split("\n").at(-1)).toBe(
      `${RULES.length} rules, ${Object.keys(clean).length + 1} files, 1 rules broken`,
    );
    expect(run.status).toBe(1);
  });
});
