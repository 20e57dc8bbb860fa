import type { Result } from "@switchboard/protocol";
import pc from "picocolors";
import { time } from "./output.ts";

const BAD = new Set(["dead", "failed", "denied", "expired"]);
const GOOD = new Set(["sent", "delivered", "read", "done"]);

/** One line a step, with the time since the step before. */
export function showTrace({ summary, steps }: Result<"trace.get">): string {
  const lines = steps.map(({ at, step, subject, detail }, index) => {
    const before = steps[index - 1]?.at ?? at;
    const name = BAD.has(step) ? pc.red(step) : GOOD.has(step) ? pc.green(step) : step;
    return `${time(at)} ${pc.dim(`+${at - before} ms`.padStart(10))}  ${name}  ${pc.dim(subject)}${detail === undefined ? "" : `  ${pc.dim(JSON.stringify(detail))}`}`;
  });
  return [...lines, `→ ${summary}`].join("\n");
}
