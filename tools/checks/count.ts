/** What a step came to: tests where a report tells them, else the step itself. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Step } from "./steps.ts";

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One line for each failed test, beginning with its file. */
  readonly failures: readonly string[];
}

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

/** `ok` is whether the command ended well. A run that failed, or left no report, is never counted as passed. */
export function outcomeOf({ report }: Step, ok: boolean): Outcome {
  if (report === undefined) return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, failures: [] };
  const files = readReport(report);
  if (!files) return { passed: 0, failed: 1, skipped: 0, failures: ["no report was left"] };
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const failures = files.flatMap(failuresIn);
  if (!ok && failures.length === 0) failures.push("the run failed, although none of its tests did");
  const passed = tests.filter(({ status }) => status === "passed").length;
  const skipped = tests.filter(({ status }) => status !== "passed" && status !== "failed").length;
  return { passed, failed: failures.length, skipped, failures };
}

function readReport(path: string): readonly TestFile[] | undefined {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { testResults: TestFile[] }).testResults;
  } catch {
    return undefined;
  }
}

/** The failed tests of a file; where it failed without one, for example while it was loaded, the file itself. */
function failuresIn({ name, status, message, assertionResults }: TestFile): string[] {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (failed.length > 0) return failed.map(({ fullName }) => `${file}: ${fullName}`);
  return status === "failed" ? [`${file}: ${message?.split("\n")[0] || "failed outside its tests"}`] : [];
}
