/** What a person does to make a new channel, from the copied folder to the gateway that knows it. */
import { cp, readdir, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckoutCopy, copyCheckout } from "./checkout-copy.ts";

const MINUTES = 60_000;
const source = "--conditions=@switchboard/source";
const id = "carrier-pigeon";
const folder = `channels/${id}`;

interface Manifest {
  readonly switchboard: { readonly channel: string; readonly env: readonly string[] };
}

/** The edit that AGENTS.md asks for: name, id and environment variables in package.json. */
async function rename(checkout: string): Promise<void> {
  const file = join(checkout, folder, "package.json");
  const manifest = JSON.parse(await readFile(file, "utf8")) as Manifest;
  const prefix = (channel: string) => `${channel.toUpperCase().replaceAll("-", "_")}_`;
  const { channel, env } = manifest.switchboard;
  const switchboard = { channel: id, env: env.map((name) => name.replace(prefix(channel), prefix(id))) };
  const renamed = { ...manifest, name: `@switchboard/channel-${id}`, switchboard };
  await writeFile(file, `${JSON.stringify(renamed, null, 2)}\n`);
}

describe("CH-0 a copied channel folder with another id, after npm install, with no other edit", () => {
  let copy: CheckoutCopy;
  let original: string;

  beforeAll(async () => {
    copy = await copyCheckout(fileURLToPath(new URL("../..", import.meta.url)));
    [original = ""] = await readdir(join(copy.path, "channels"));
    await cp(join(copy.path, "channels", original), join(copy.path, folder), {
      recursive: true,
      filter: (path) => !/\/(node_modules|dist)$/.test(path),
    });
    await rename(copy.path);
    // With an empty cache and no network: what is installed is enough.
    await copy.run(
      "npm",
      "install",
      "--offline",
      "--no-audit",
      "--no-fund",
      `--cache=${join(copy.path, "..", "none")}`,
    );
  }, 5 * MINUTES);

  afterAll(() => copy?.[Symbol.asyncDispose]());

  it("CH-0 is linked, and nothing but the lockfile has changed", async () => {
    const linked = await realpath(join(copy.path, `node_modules/@switchboard/channel-${id}`));
    expect(linked).toBe(await realpath(join(copy.path, folder)));
    const changed = (await copy.run("git", "status", "--porcelain")).trimEnd().split("\n");
    expect(changed).toEqual([" M package-lock.json", `?? ${folder}/`]);
    const removed = (await copy.run("git", "diff", "--numstat", "package-lock.json")).split("\t")[1];
    expect(removed).toBe("0");
  });

  it("CH-0 keeps the structure rules and the direction of imports", { timeout: 2 * MINUTES }, async () => {
    expect(await copy.run("node", source, "tools/doctor.ts")).toMatch(/ 0 rules broken/);
    expect(await copy.run("node", source, "tools/check-dependencies.ts")).toMatch(/ 0 violations/);
  });

  it("CH-0 is type-checked and built", { timeout: 4 * MINUTES }, async () => {
    await copy.run("tsc", "-b", folder);
    for (const built of ["src/index.js", "src/index.d.ts", "simulator/index.js"]) {
      expect((await stat(join(copy.path, folder, "dist", built))).size).toBeGreaterThan(0);
    }
  });

  it("CH-0 passes the conformance suite as the channel it is now", { timeout: 4 * MINUTES }, async () => {
    const file = join(copy.path, "report.json");
    const test = `${folder}/src/channel.test.ts`;
    await copy.run("vitest", "run", test, "--reporter=json", `--outputFile=${file}`);
    const report = JSON.parse(await readFile(file, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
      testResults: { name: string; assertionResults: { status: string; title: string; meta: { cannot?: string } }[] }[];
    };
    expect(report.testResults.map(({ name }) => name)).toEqual([await realpath(join(copy.path, test))]);
    expect(report.numFailedTests).toBe(0);
    const left = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    // What a platform cannot do is skipped with the reason; nothing else may be.
    const unexplained = left.filter(({ meta, status, title }) => {
      return status !== "passed" && !meta.cannot && !/\(skipped: .+\)$/.test(title);
    });
    expect(unexplained).toEqual([]);
    expect(report.numPassedTests).toBeGreaterThan(50);
  });

  it("CH-0 is one of the gateway's channels, with its own environment variables", {
    timeout: 2 * MINUTES,
  }, async () => {
    const listed = await copy.run("node", source, "packages/cli/bin/switchboard.mjs", "channels", "list", "--json");
    const { channels } = JSON.parse(listed) as { channels: { id: string; env: object }[] };
    expect(channels.map((channel) => channel.id)).toEqual(expect.arrayContaining([id, original]));
    const variables = Object.keys(channels.find((channel) => channel.id === id)?.env ?? {});
    expect(variables.length).toBeGreaterThan(0);
    for (const name of variables) expect(name).toMatch(/^CARRIER_PIGEON_/);
  });
});
