import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Files, smallTree } from "../tests/small-tree.ts";
import { runStages, summary } from "./run.ts";
import { type Step, stages } from "./steps.ts";

const MINUTE = 60_000;
const tool = join(import.meta.dirname, "../test.ts");

function npmTest(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

function step(name: string, script: string, report?: string): Step {
  return { name, command: [process.execPath, "-e", script], ...(report !== undefined && { report }) };
}

/** Runs a small Vitest project; resolves with the summary and what was written. */
async function vitest(files: Files, { tryAgain = false } = {}): Promise<{ lines: string[]; output: string }> {
  using tree = smallTree(files);
  const bin = join(import.meta.dirname, "../../node_modules/.bin/vitest");
  const tests = (report: string, ...names: readonly string[]): Step => ({
    name: "tests",
    command: [bin, "run", `--root=${tree.path}`, "--reporter=json", `--outputFile=${report}`, ...names],
    report,
    again: (failed) => tests(`${report}.again`, ...failed),
  });
  const write = (text: string) => {
    output += text;
  };
  let output = "";
  const stage = [tests(join(tree.path, "report.json")), step("other", "")];
  const finished = await runStages([stage], write, { tryAgain });
  return { lines: summary(finished).trimEnd().split("\n"), output };
}

const globals = (body: string) => `import { expect, it } from "vitest";\n${body}\n`;

describe("CH-0 npm test", { timeout: MINUTE }, () => {
  it("--list names every step, and every name is taken by --only", () => {
    const { status, stdout } = npmTest("--list");
    expect(status).toBe(0);
    const names = stdout.trimEnd().split("\n");
    expect(names).toEqual(
      stages("/nowhere")
        .flat()
        .map(({ name }) => name),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["types", "format and lint", "dependency rules", "doctor", "tests"]));
  });

  it("refuses a step that it does not know, and runs none", () => {
    expect(npmTest("--only", "doctor", "--only", "weather")).toEqual({
      status: 2,
      stdout: "",
      stderr: 'There is no step "weather". See: npm test -- --list\n',
    });
  });

  it("refuses an option that it does not know", () => {
    const { status, stdout, stderr } = npmTest("--onyl", "doctor");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/--onyl/);
    expect(stderr).toMatch(/Usage: npm test/);
  });
});

describe("CH-0 the last line counts", { timeout: 2 * MINUTE }, () => {
  it("steps, and runs those after a failure, too", async () => {
    let output = "";
    const finished = await runStages(
      [
        [step("good", "console.log('one')"), step("bad", "console.error('two'); process.exit(3)")],
        [step("missing", ""), { name: "no such program", command: ["switchboard-no-such-program"] }],
      ],
      (text) => {
        output += text;
      },
    );
    expect(output).toMatch(/\[\d\/4\] good\none\n/);
    expect(output).toMatch(/\[\d\/4\] bad\ntwo\n/);
    const lines = summary(finished).trimEnd().split("\n");
    expect(lines.at(-1)).toBe("2 passed, 2 failed, 0 skipped");
    expect(lines.filter((line) => line.startsWith("✗")).map((line) => line.replace(/ \(.*/, ""))).toEqual([
      "✗ bad",
      "✗ no such program",
    ]);
    // What went wrong stands near the end, too, however much the other steps wrote since.
    expect(lines[lines.findIndex((line) => line.startsWith("✗ bad")) + 1]).toBe("    two");
  });

  it("tests where there is a report, and names the failed ones", async () => {
    const { lines } = await vitest({
      "a.test.js": globals('it("adds", () => expect(1 + 1).toBe(2));\nit("subtracts", () => expect(2 - 1).toBe(3));'),
      "b.test.js": globals('it.skipIf(true)("waits", () => expect(1).toBe(1));\nthrow new Error("cannot be loaded");'),
      "c.test.js": globals('it.skipIf(true)("rests", () => expect(1).toBe(1));\nit("goes", () => expect(1).toBe(1));'),
    });
    expect(lines.find((line) => line.includes("a.test.js"))).toMatch(/ {4}✗ .*a\.test\.js: subtracts$/);
    expect(lines.find((line) => line.includes("b.test.js"))).toMatch(/ {4}✗ .*b\.test\.js: .*cannot be loaded/);
    expect(lines.at(-1)).toBe("3 passed, 2 failed, 1 skipped");
  });

  it("a run that fails although its tests pass", async () => {
    const { lines } = await vitest({
      "a.test.js": globals('it("adds", () => { Promise.reject(new Error("nobody listens")); expect(1).toBe(1); });'),
    });
    expect(lines).toContain("    ✗ the run failed, although none of its tests did");
    expect(lines.at(-1)).toBe("2 passed, 1 failed, 0 skipped");
  });

  describe("where failures may be accidents", () => {
    const busy = globals(`import { existsSync, writeFileSync } from "node:fs";
      const mark = import.meta.dirname + "/been-here";
      const second = existsSync(mark);
      writeFileSync(mark, "");
      it("is lucky", () => expect(second).toBe(true));
      it("is sound", () => expect(1).toBe(1));`);

    it("what passes when its file runs alone is passed, and told", async () => {
      const { lines } = await vitest({ "a.test.js": busy }, { tryAgain: true });
      expect(lines.find((line) => line.includes("lucky"))).toMatch(/^ {4}failed first, passed when .*: is lucky$/);
      expect(lines.at(-1)).toBe("3 passed, 0 failed, 0 skipped");
    });

    it("what fails again is failed, and the rest counts once", async () => {
      const broken = globals('it("adds", () => expect(1 + 1).toBe(3));\nit("goes", () => expect(1).toBe(1));');
      const { lines } = await vitest({ "a.test.js": busy, "b.test.js": broken }, { tryAgain: true });
      expect(lines.filter((line) => line.includes("lucky"))).toHaveLength(1);
      expect(lines.find((line) => line.includes("b.test.js"))).toMatch(/^ {4}✗ .*: adds$/);
      expect(lines.at(-1)).toBe("4 passed, 1 failed, 0 skipped");
    });

    it("many failed files are no accident", async () => {
      const files = Object.fromEntries(
        [1, 2, 3, 4, 5].map((n) => [`d${n}/a.test.js`, globals('it("x", () => expect(1).toBe(2));')]),
      );
      const { lines } = await vitest({ ...files, "b.test.js": busy }, { tryAgain: true });
      expect(lines.at(-1)).toBe("2 passed, 6 failed, 0 skipped");
    });
  });

  it("a run that left no report as a failure, even if it says that all is well", async () => {
    const finished = await runStages([[step("tests", "", "/nowhere/report.json")]], () => undefined);
    expect(summary(finished).trimEnd().split("\n").at(-1)).toBe("0 passed, 1 failed, 0 skipped");
  });
});
