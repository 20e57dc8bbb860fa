/**
 * Checks who imports whom by the rules in .dependency-cruiser.mjs, and that there was something to check: without the
 * compiler it needs, the cruiser finds no modules and no violations either.
 */
import { parseArgs } from "node:util";
import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";
import rules from "../.dependency-cruiser.mjs";

export interface DependencyReport {
  /** The files of ours that were looked at, relative to the base directory. */
  readonly modules: readonly string[];
  /** `rule: from → to`. */
  readonly violations: readonly string[];
}

/** Fewer modules than this mean that the cruiser does not work. */
export const FEWEST_MODULES = 50;

/** Cruises `folders` below `baseDir`. */
export async function checkDependencies(baseDir: string, folders: readonly string[]): Promise<DependencyReport> {
  const { forbidden, options } = rules;
  const { output } = await cruise([...folders], {
    ...(options as unknown as ICruiseOptions),
    baseDir,
    ruleSet: { forbidden } as NonNullable<ICruiseOptions["ruleSet"]>,
    validate: true,
  });
  const { summary, modules } = output as ICruiseResult;
  const own = modules.filter(({ source }) => /^(packages|channels)\//.test(source) && !source.includes("node_modules"));
  const violations = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  return { modules: own.map(({ source }) => source), violations };
}

const help = `Checks the direction of imports.

Usage: npm run check:dependencies [-- --json]

Examples:
  npm run check:dependencies
  npm run check:dependencies -- --json
`;

if (import.meta.main) {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) process.stdout.write(help);
  else {
    const { modules, violations } = await checkDependencies(process.cwd(), ["packages", "channels"]);
    if (values.json) process.stdout.write(`${JSON.stringify({ modules: modules.length, violations })}\n`);
    else {
      for (const violation of violations) process.stdout.write(`${violation}\n`);
      process.stdout.write(`${modules.length} modules, ${violations.length} violations\n`);
    }
    if (modules.length < FEWEST_MODULES)
      process.stderr.write("The cruiser saw hardly any modules: it is not working.\n");
    if (modules.length < FEWEST_MODULES || violations.length > 0) process.exitCode = 1;
  }
}
