/** The command line. */
import { parseArgs } from "node:util";

export const PARTS = ["ingest", "e2e", "simulator", "channels", "start", "memory", "ws", "tenants"] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  readonly quick: boolean;
  readonly format: "table" | "json" | "markdown";
  readonly build: boolean;
  readonly only: readonly Part[];
  /** Arguments for the gateway's Node. */
  readonly gatewayArgs: readonly string[];
}

export const HELP = `Measures the built gateway as a process of its own and prints a table; the figures also go to
bench/results/latest.json. Close what else runs on the machine: two cores are shared by load, platform and gateway.

Usage: npm run bench [-- options]

  --quick              short rounds, about three minutes: for looking, not for comparing
  --only <parts>       of ${PARTS.join(", ")}; with commas between them
  --no-build           measures what was built last
  --cpu-prof <dir>     the gateway writes a profile there when it ends
  --json               prints the figures as JSON instead of the table
  --markdown           prints the table as docs/performance.md has it
  --help

Examples:
  npm run bench
  npm run bench -- --quick --only e2e
  npm run bench -- --only e2e --no-build --cpu-prof /tmp/profiles
`;

/** `undefined`: help was asked for. @throws Error saying what is wrong. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      "no-build": { type: "boolean", default: false },
      "cpu-prof": { type: "string" },
      json: { type: "boolean", default: false },
      markdown: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const profiles = values["cpu-prof"];
  return {
    quick: values.quick,
    format: values.json ? "json" : values.markdown ? "markdown" : "table",
    build: !values["no-build"],
    only: values.only === undefined ? PARTS : values.only.split(",").map(part),
    gatewayArgs: profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`],
  };
}

function part(name: string): Part {
  const known = PARTS.find((each) => each === name.trim());
  if (known) return known;
  throw new Error(`There is no part "${name}". There are: ${PARTS.join(", ")}.`);
}
