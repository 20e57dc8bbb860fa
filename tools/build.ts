/**
 * Builds every package: declarations by the compiler, one file per entry by the bundler, then the pages. Our own
 * packages stay apart, so that channels and the gateway share one copy of each; what they depend on is folded in, so
 * that a start reads a dozen files instead of two thousand (docs/adr: bundled packages).
 */
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Plugin, rolldown } from "rolldown";
import { readCheckout } from "./doctor/checkout.ts";
import type { WorkspacePackage } from "./doctor/rule.ts";

const SOURCE = "@switchboard/source";

/** Loaded only when somebody asks for it, or resolved at run time: left where they are. */
const LEFT_ALONE = [
  /^@switchboard\//,
  /^node:/,
  // Folded in, its parts do not find each other.
  "pg",
  // Native, optional, and only for those who choose it.
  "@napi-rs/keyring",
  "pino-pretty",
  "playwright-core",
  // The HTTP framework's, for routes with a schema and for its own tests: the gateway has neither.
  /^@fastify\/(ajv|fast-json-stringify)-compiler$/,
  "light-my-request",
];

const NO_ASCII = /[\u0080-\uffff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Entry name below `dist`, without ending, to source file. */
function entriesOf({ directory, manifest }: WorkspacePackage): Record<string, string> {
  // What a channel's simulator is made of stays as the compiler wrote it: nobody waits for a simulator.
  if (directory.startsWith("channels/")) return { "src/index": "./src/index.ts" };
  const exported = Object.values(manifest.exports ?? {})
    .filter((targets) => targets[SOURCE]?.startsWith("./src/") && targets.default?.startsWith("./dist/"))
    .map((targets) => [targets.default?.slice("./dist/".length, -".js".length), targets[SOURCE]]);
  const further = (manifest.switchboard?.entries ?? []).map((source) => [
    source.slice("./src/".length, -".ts".length),
    source,
  ]);
  return Object.fromEntries([...exported, ...further]);
}

/**
 * V8 keeps the text of what it runs: with one byte a character, or with two as soon as one of them is no Latin letter.
 * Escaped, as all but comments can be, a gateway at rest needs 4 MB less.
 */
const inAscii: Plugin = {
  name: "in-ascii",
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type === "chunk") file.code = file.code.replace(NO_ASCII, escaped);
    }
  },
};

async function bundle(root: string, each: WorkspacePackage): Promise<number> {
  const directory = join(root, each.directory);
  const entries = Object.entries(entriesOf(each)).map(([name, source]) => [name, join(directory, source)]);
  const dist = join(directory, "dist");
  for (const file of readdirSync(dist)) if (/\.js(\.map)?$/.test(file)) rmSync(join(dist, file));
  const build = await rolldown({
    input: Object.fromEntries(entries),
    platform: "node",
    external: LEFT_ALONE,
    resolve: { conditionNames: ["import", "node", "default"] },
    logLevel: "warn",
  });
  const { output } = await build.write({
    dir: dist,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    sourcemap: true,
    comments: { legal: true, annotation: false, jsdoc: false },
    // V8 keeps the text of what runs: without white space a gateway at rest needs 2 MB less. Names stay readable.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    plugins: [inAscii],
  });
  await build.close();
  return output.reduce((sum, file) => sum + ("code" in file ? file.code.length : 0), 0);
}

const help = `Builds every package and the pages into their dist folders.

Usage: npm run build [-- --no-pages]

Examples:
  npm run build
  npm run build -- --no-pages
`;

if (import.meta.main) {
  const { values } = parseArgs({ options: { "no-pages": { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) process.stdout.write(help);
  else {
    const root = process.cwd();
    const { packages } = readCheckout(root);
    process.stdout.write("types …\n");
    const folders = packages.map(({ directory }) => directory);
    const types = spawnSync("tsc", ["-b", ...folders], { stdio: "inherit" });
    if (types.status !== 0) process.exit(1);
    for (const each of packages) {
      if (Object.keys(entriesOf(each)).length === 0) continue;
      process.stdout.write(`${each.directory} … `);
      process.stdout.write(`${Math.round((await bundle(root, each)) / 1000)} KB\n`);
    }
    if (!values["no-pages"]) {
      process.stdout.write("pages …\n");
      const pages = spawnSync("npm", ["run", "build", "-w", "@switchboard/console"], { stdio: "inherit" });
      process.exit(pages.status ?? 1);
    }
  }
}
