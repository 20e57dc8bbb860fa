/**
 * Checks who imports whom by the rules in .dependency-cruiser.mjs, and that there was something to check: without the
 * compiler it needs, the cruiser finds no modules and no violations either.
 */
import { parseArgs } from "node:util";
import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";
import rules from "../.dependency-cruiser.mjs";

export interface DependencyReport {
  readonly modules: number;
  readonly violations: readonly string[];
}

/** Cruises `folders` below `baseDir`. */
export async function checkDependencies(baseDir: string, folders: readonly string[]): Promise<DependencyReport> {
  const { forbidden, options } = rules;
  const { output } = await cruise([...folders], {
    ...(options as unknown as ICruiseOptions),
    baseDir,
    ruleSet: { forbidden } as NonNullable<ICruiseOptions["ruleSet"]>,
    validate: true,
  });
  const { summary } = output as ICruiseResult;
  const own = (output as ICruiseResult).modules.filter(({ source }) => !source.includes("node_modules"));
  const violations = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  return { modules: own.length, violations };
}

const help = `Checks the direction of imports.

Usage: node tools/check-dependencies.ts [--json]

Examples:
  npm run check:dependencies
  node tools/check-dependencies.ts --json
`;

if (import.meta.main) {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) {
    process.stdout.write(help);
  } else {
    const report = await checkDependencies(process.cwd(), ["packages", "channels"]);
    if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else {
      for (const violation of report.violations) process.stdout.write(`${violation}\n`);
      process.stdout.write(`${report.modules} modules, ${report.violations.length} violations\n`);
    }
    if (report.modules < 50) {
      process.stderr.write("The cruiser saw hardly any modules: it is not working.\n");
      process.exitCode = 1;
    } else if (report.violations.length > 0) process.exitCode = 1;
  }
}
