/** Everything that must hold before a change lands. `--help` for usage. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runStages, summary } from "./checks/run.ts";
import { stages } from "./checks/steps.ts";

const help = `Runs every check: types, lint, dependency rules, structure rules, documents, all tests, a short crash test, some fuzzing.

Usage: npm test [-- --only <step>]… [-- --list]

Examples:
  npm test
  npm test -- --only tests
  npm test -- --only types --only doctor
`;

function options() {
  try {
    return parseArgs({
      options: {
        only: { type: "string", multiple: true },
        list: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
}

const values = options();
const results = mkdtempSync(join(tmpdir(), "switchboard-test-"));
try {
  const all = stages(results);
  const names = all.flat().map(({ name }) => name);
  const unknown = values.only?.find((name) => !names.includes(name));
  if (values.help) process.stdout.write(help);
  else if (values.list) process.stdout.write(`${names.join("\n")}\n`);
  else if (unknown !== undefined) {
    process.stderr.write(`There is no step "${unknown}". See: npm test -- --list\n`);
    process.exitCode = 2;
  } else {
    const wanted = all.map((stage) => stage.filter(({ name }) => values.only?.includes(name) ?? true));
    const began = performance.now();
    const finished = await runStages(wanted, (text) => process.stdout.write(text));
    process.stdout.write(`\n${((performance.now() - began) / 1000).toFixed(0)} s in all\n${summary(finished)}`);
    if (finished.some(({ failed }) => failed > 0)) process.exitCode = 1;
  }
} finally {
  rmSync(results, { recursive: true, force: true });
}
