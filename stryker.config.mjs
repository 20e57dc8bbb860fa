/**
 * Mutation testing: changes one expression at a time and asks whether a unit test notices. It looks at the modules of
 * domain and core that have a unit test beside them; everything else is tested through sockets and files, which is too
 * slow to repeat a thousand times. One file: `npm run test:mutation -- --mutate packages/domain/src/split.ts`.
 */
import { globSync } from "node:fs";

/** `x.test.ts` tests `x.ts`. A test without such a file tests its folder. */
function subjectOf(test) {
  const file = test.replace(/\.test\.ts$/, ".ts");
  return globSync(file).length > 0 ? [file] : globSync(test.replace(/[^/]+$/, "*.ts"));
}

const tests = globSync("packages/{domain,core}/src/**/*.test.ts");
const subjects = new Set(tests.flatMap(subjectOf).filter((file) => !file.endsWith(".test.ts")));

export default {
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts" },
  mutate: [...subjects].sort(),
  /** A changed error text or log line is no defect that a test should catch. */
  mutator: { excludedMutations: ["StringLiteral"] },
  coverageAnalysis: "perTest",
  concurrency: 2,
  ignorePatterns: ["dist", "docs", "bench", "deploy", "examples", "channels", "fixtures"],
  reporters: ["clear-text", "progress"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  tempDirName: ".stryker-tmp",
};
