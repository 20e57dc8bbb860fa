/** Everything that must hold before a change lands, one step after the other. `--help` for usage. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const source = ["node", "--conditions=@switchboard/source"];
const results = mkdtempSync(join(tmpdir(), "switchboard-test-"));
const report = join(results, "vitest.json");

const STEPS: readonly Step[] = [
  { name: "types", command: ["sh", "-c", "tsc -b packages/* channels/*"] },
  { name: "types of tests", command: ["tsc", "-p", "tsconfig.test.json"] },
  { name: "format and lint", command: ["biome", "ci", "--error-on-warnings"] },
  { name: "dependency rules", command: [...source, "tools/check-dependencies.ts"] },
  { name: "doctor", command: [...source, "tools/doctor.ts"] },
  { name: "generated documents", command: [...source, "tools/docs.ts", "--check"] },
  { name: "pages", command: [...source, "packages/console/build-if-stale.ts"] },
  { name: "tests", command: ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`] },
  { name: "official descriptions", command: ["vitest", "run", "--config", "vitest.specs.config.ts"] },
  { name: "crash test", command: [...source, "packages/testkit/src/crash/main.ts", "--kills", "8", "--seed", "1"] },
];

const help = `Runs every check: types, lint, dependency rules, structure rules, documents, all tests, a short crash test.

Usage: npm test [-- --only <step>] [-- --list]

Examples:
  npm test
  npm test -- --only tests
`;

function run({ command }: Step): Promise<boolean> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "inherit" });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}

/** What the test runner counted; a run that left no report failed as a whole. */
function counted(ok: boolean): Outcome {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } = JSON.parse(
      readFileSync(report, "utf8"),
    ) as Record<string, number>;
    const failed = Math.max(numFailedTests ?? 0, numFailedTestSuites ?? 0, ok ? 0 : 1);
    return { passed: numPassedTests ?? 0, failed, skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0) };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const { values } = parseArgs({
  options: { only: { type: "string" }, list: { type: "boolean" }, help: { type: "boolean" } },
});

if (values.help) process.stdout.write(help);
else if (values.list) process.stdout.write(`${STEPS.map(({ name }) => name).join("\n")}\n`);
else {
  const steps = STEPS.filter(({ name }) => values.only === undefined || name === values.only);
  if (steps.length === 0) {
    process.stderr.write(`There is no step "${values.only}". See: npm test -- --list\n`);
    process.exit(2);
  }
  const startedAt = performance.now();
  const lines: string[] = [];
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [index, step] of steps.entries()) {
    process.stdout.write(`\n[${index + 1}/${steps.length}] ${step.name}\n`);
    const began = performance.now();
    const ok = await run(step);
    const outcome = step.name === "tests" ? counted(ok) : { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
    lines.push(`${ok ? "✓" : "✗"} ${step.name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
  rmSync(results, { recursive: true, force: true });
  process.stdout.write(`\n${lines.join("\n")}\n${((performance.now() - startedAt) / 1000).toFixed(0)} s in all\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  if (total.failed > 0) process.exitCode = 1;
}
