/** The command line of the interoperability run. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

export interface InteropOptions {
  /** Where the package is installed, outside the repository. */
  readonly cache: string;
  /** Of the package. */
  readonly version: string;
  /** Only steps whose id holds this, and what they need. */
  readonly only?: string;
  readonly json: boolean;
  /** Write docs/interop.md from what was seen. */
  readonly write: boolean;
}

const VERSION = "2026.9.6";

export const HELP = `Runs the real openclaw command against a real gateway of ours, and compares what it does with docs/interop.md.

Usage: npm run test:interop -- [options]

  --cache <folder>   where the package is installed (default: in the system's temporary folder; about 650 MB)
  --version <v>      of the package (default ${VERSION})
  --only <text>      only steps whose id holds this
  --write            write docs/interop.md from what was seen
  --json             print one JSON document at the end
  --help

It ends with 1 when a step that is claimed to work does not.

Examples:
  npm run test:interop
  npm run test:interop -- --only node --json
  npm run test:interop -- --write
`;

/** `undefined` asks for help. @throws TypeError for what cannot be understood. */
export function interopOptions(args: readonly string[]): InteropOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cache: { type: "string" },
      version: { type: "string", default: VERSION },
      only: { type: "string" },
      write: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const { json, only, version, write } = values;
  const cache = values.cache ?? join(tmpdir(), `switchboard-interop-${version}`);
  return { cache, version, json, write, ...(only !== undefined && { only }) };
}
