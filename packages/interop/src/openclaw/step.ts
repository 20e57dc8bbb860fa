/** One thing that a user of the package does. */
import type { OpenClawWorld } from "./world.ts";

export type Verdict = "works" | "partly" | "no";

/** What the steps before found out: ids and the like. */
export type Notes = Map<string, string>;

export interface Step {
  readonly id: string;
  /** As a person would type it. */
  readonly command: string;
  /** What docs/interop.md says of it. */
  readonly claim: Verdict;
  /** What happens, or why it does not; for the document. */
  readonly remark: string;
  /** Resolves with what was printed; throws when it did not do what `command` is for. */
  run(world: OpenClawWorld, notes: Notes): Promise<string>;
}

/** Runs the package and demands that it ends well and prints something that fits. */
export async function demand(world: OpenClawWorld, args: readonly string[], fits: RegExp): Promise<string> {
  const { code, output } = await world.openclaw(...args);
  if (code !== 0) throw new Error(`it ended with ${code}: ${shortened(output)}`);
  if (!fits.test(output)) throw new Error(`it did not print ${fits}: ${shortened(output)}`);
  return output;
}

export function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)} …` : line;
}
