/** What `npm test` runs. */
import { join } from "node:path";

export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Where the command leaves a Vitest report in JSON: its tests are counted instead of the step. */
  readonly report?: string;
  /** The same for some files of its report alone, with a report of its own. */
  readonly again?: (files: readonly string[]) => Step;
}

/** Steps that may run side by side: each leaves alone what the others read. */
export type Stage = readonly Step[];

const source = ["node", "--conditions=@switchboard/source"];

function vitest(name: string, report: string, ...args: string[]): Step {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const again = (files: readonly string[]) => vitest(`${name}, again`, `${report}.again`, ...args, ...files);
  return { name, command: ["vitest", "run", ...args, ...reporters], report, again };
}

/** `results` is a directory for the reports. */
export function stages(results: string): readonly Stage[] {
  return [
    [
      { name: "types", command: ["sh", "-c", "tsc -b packages/* channels/* && tsc -p tsconfig.test.json"] },
      { name: "format and lint", command: ["biome", "ci", "--error-on-warnings", "--colors=off"] },
      { name: "dependency rules", command: [...source, "tools/check-dependencies.ts"] },
      { name: "unused and undeclared", command: ["knip", "--no-config-hints"] },
      { name: "doctor", command: [...source, "tools/doctor.ts"] },
      { name: "generated documents", command: [...source, "tools/docs.ts", "--check"] },
      vitest("official descriptions", join(results, "specs.json"), "--config", "vitest.specs.config.ts"),
    ],
    // The pages are built beside what the compiler writes, and the browser tests want them ready.
    [{ name: "pages", command: [...source, "packages/console/build-if-stale.ts"] }],
    [vitest("tests", join(results, "tests.json"))],
    // Builds everything, and measures what a busy machine would blur.
    [
      {
        name: "crash test",
        command: [...source, "packages/testkit/src/crash/main.ts", "--kills", "8", "--seed", "1"],
      },
    ],
    [
      {
        name: "fuzzing",
        command: [...source, "packages/testkit/src/fuzz/main.ts", "--source", "--minutes", "0.25", "--seed", "1"],
      },
    ],
  ];
}
