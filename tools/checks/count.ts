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
  /** The files that these tests are in. */
  readonly failedFiles: readonly string[];
  /** What failed first and passed when its file ran once more, alone. */
  readonly passedAlone: readonly string[];
}

/** A step that ran, and whether its command ended well. */
export interface Ran {
  readonly step: Step;
  readonly ok: boolean;
}

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

/**
 * What a step came to. `second` is the run of the files alone that failed first: there it counts instead.
 * A run that failed, or left no report, is never counted as passed.
 */
export function outcomeOf(first: Ran, second?: Ran): Outcome {
  const { step, ok } = first;
  if (step.report === undefined) return simple(ok ? 1 : 0, ok ? [] : undefined);
  const files = readReport(step.report);
  if (!files) return simple(0, ["no report was left"]);
  const firstFailures = files.flatMap(failuresIn);
  if (!ok && firstFailures.length === 0) firstFailures.push("the run failed, although none of its tests did");
  const secondFiles = second && readReport(second.step.report ?? "");
  const replaced = new Map(secondFiles?.map((file) => [file.name, file]));
  const counted = files.map((file) => replaced.get(file.name) ?? file);
  const failures = second ? counted.flatMap(failuresIn) : firstFailures;
  if (second && !second.ok && failures.length === 0)
    failures.push("the second run failed, although none of its tests did");
  const tests = counted.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failed: failures.length,
    skipped: tests.filter(({ status }) => status !== "passed" && status !== "failed").length,
    failures,
    failedFiles: counted.filter((file) => failuresIn(file).length > 0).map(({ name }) => name),
    passedAlone: second ? firstFailures.filter((failure) => !failures.includes(failure)) : [],
  };
}

function simple(passed: number, failures: readonly string[] | undefined): Outcome {
  const failed = failures === undefined ? 1 : failures.length;
  return { passed, failed, skipped: 0, failures: failures ?? [], failedFiles: [], passedAlone: [] };
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
