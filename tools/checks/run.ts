/** Runs stages of steps, one stage after the other, and sums up. */
import { spawn } from "node:child_process";
import { type Outcome, outcomeOf, type Ran } from "./count.ts";
import type { Stage, Step } from "./steps.ts";

export interface Finished extends Outcome {
  readonly step: Step;
  readonly ok: boolean;
  readonly seconds: number;
  /** What was written last, if the step did not write as it went. */
  readonly lastLines: readonly string[];
}

const LAST = 40;

/** More failed files than this are no accident of a busy moment. */
const ACCIDENTS = 4;

/** Runs all steps whatever fails. A step that is alone in its stage writes as it goes, others when they have ended. */
export async function runStages(
  stages: readonly Stage[],
  write: (text: string) => void,
  { tryAgain = process.env.REQUIRE_SERVICES === "1" } = {},
): Promise<Finished[]> {
  const count = stages.flat().length;
  const finished: Finished[] = [];
  for (const stage of stages) {
    const steps = stage.map(async (step) => {
      const began = performance.now();
      const alone = stage.length === 1;
      if (alone) write(`\n[${finished.length + 1}/${count}] ${step.name}\n`);
      const { ok, output } = await run(step, alone);
      const first = { step, ok };
      const second = tryAgain ? await again(first, alone) : undefined;
      const outcome = outcomeOf(first, second);
      const seconds = (performance.now() - began) / 1000;
      const lastLines = output === "" ? [] : output.trimEnd().split("\n").slice(-LAST);
      finished.push({ step, ok: ok || (second !== undefined && outcome.failed === 0), seconds, lastLines, ...outcome });
      if (!alone) write(`\n[${finished.length}/${count}] ${step.name}\n${output}`);
    });
    await Promise.all(steps);
  }
  return finished;
}

/** Shared machines stall, and clocks and chance now and then write what a test looks for: a few files may run once more. */
async function again(first: Ran, inherit: boolean): Promise<Ran | undefined> {
  if (first.ok) return undefined;
  const { failedFiles } = outcomeOf(first);
  if (failedFiles.length === 0 || failedFiles.length > ACCIDENTS) return undefined;
  const step = first.step.again?.(failedFiles);
  return step && { step, ok: (await run(step, inherit)).ok };
}

function run({ command }: Step, inherit: boolean): Promise<{ ok: boolean; output: string }> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["inherit", inherit ? "inherit" : "pipe", inherit ? "inherit" : "pipe"],
    });
    const pieces: Buffer[] = [];
    const output = () => Buffer.concat(pieces).toString();
    child.stdout?.on("data", (piece: Buffer) => pieces.push(piece));
    child.stderr?.on("data", (piece: Buffer) => pieces.push(piece));
    child.once("error", (error) => resolve({ ok: false, output: `${output()}${error.message}\n` }));
    child.once("close", (code) => resolve({ ok: code === 0, output: output() }));
  });
}

/** Each step with its time, what failed and what it wrote last, then the sums in one line. */
export function summary(finished: readonly Finished[]): string {
  const sum = (field: "passed" | "failed" | "skipped") => finished.reduce((total, each) => total + each[field], 0);
  const lines = finished.flatMap(({ step, ok, seconds, failures, passedAlone, lastLines }) => [
    `${ok ? "✓" : "✗"} ${step.name} (${seconds.toFixed(1)} s)`,
    ...failures.map((failure) => `    ✗ ${failure}`),
    ...passedAlone.map((failure) => `    failed first, passed when its file ran alone: ${failure}`),
    ...(ok ? [] : lastLines.map((line) => `    ${line}`)),
  ]);
  return `${lines.join("\n")}\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped\n`;
}
