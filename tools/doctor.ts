/** Checks the structure rules of this repository. `--help` for usage. */
import { parseArgs } from "node:util";
import { channelFiles, channelManifests } from "./doctor/channels.ts";
import { readCheckout } from "./doctor/checkout.ts";
import { decisions, errorTable, nothingPrivate } from "./doctor/documents.ts";
import { wholeLockfile } from "./doctor/lockfile.ts";
import { migrationNumbers } from "./doctor/migrations.ts";
import { channelFolders, exactPins, oneVersionEach, references, wholeManifest } from "./doctor/packages.ts";
import type { Checkout, Rule } from "./doctor/rule.ts";
import { honestTests, kebabCase, namedExports, noEscapes, noPlatformNames, shortFiles } from "./doctor/sources.ts";

export const RULES: readonly Rule[] = [
  exactPins,
  oneVersionEach,
  wholeManifest,
  references,
  wholeLockfile,
  channelFolders,
  channelManifests,
  channelFiles,
  shortFiles,
  kebabCase,
  noEscapes,
  noPlatformNames,
  namedExports,
  honestTests,
  errorTable,
  nothingPrivate,
  decisions,
  migrationNumbers,
];

export interface Finding {
  readonly rule: Rule;
  readonly breaches: readonly string[];
}

/** The rules that are broken. */
export async function examine(checkout: Checkout, rules: readonly Rule[] = RULES): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const rule of rules) {
    const breaches = await rule.check(checkout);
    if (breaches.length > 0) findings.push({ rule, breaches });
  }
  return findings;
}

const help = `Checks the structure rules of this repository.

Usage: npm run doctor [-- --list] [-- --json]

Examples:
  npm run doctor
  npm run doctor -- --list      what the rules are, and why
`;

if (import.meta.main) {
  const { values } = parseArgs({
    options: { list: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) process.stdout.write(help);
  else if (values.list) for (const { id, what, why } of RULES) process.stdout.write(`${id}\n  ${what}\n  ${why}\n`);
  else {
    const checkout = readCheckout(process.cwd());
    const findings = await examine(checkout);
    if (values.json) {
      process.stdout.write(`${JSON.stringify(findings.map(({ rule, breaches }) => ({ rule: rule.id, breaches })))}\n`);
    } else {
      for (const { rule, breaches } of findings) {
        process.stdout.write(`${rule.id}: ${rule.what}\n  why: ${rule.why}\n  fix: ${rule.fix}\n`);
        for (const breach of breaches) process.stdout.write(`  - ${breach}\n`);
      }
      process.stdout.write(`${RULES.length} rules, ${checkout.files.length} files, ${findings.length} rules broken\n`);
    }
    if (findings.length > 0) process.exitCode = 1;
  }
}
