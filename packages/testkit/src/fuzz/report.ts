/** What the run found, for people and for programs. */
import { countLine, countLines, exampleLines, isZero, type MustBeZero, mustBeZero } from "../long-run/report.ts";
import { type Held, mb } from "./measure.ts";
import type { RunResult } from "./run.ts";
import { BREACHES, type Watch } from "./watch.ts";

export interface Report {
  readonly seed: number;
  readonly seconds: number;
  readonly attacks: RunResult["attacks"];
  readonly framesHeard: number;
  /** Requests of the client that behaves. */
  readonly asked: number;
  /** Bytes and handles at rest, after each round. */
  readonly rests: readonly Held[];
  readonly mustBeZero: MustBeZero;
  readonly ok: boolean;
}

export function reportOf(
  { asked, attacks, rests }: RunResult,
  watch: Watch,
  run: { readonly seed: number; readonly seconds: number },
): Report {
  const found = mustBeZero(BREACHES.map((what) => [what, watch.found.get(what) ?? []] as const));
  return {
    ...run,
    attacks: Object.fromEntries(Object.entries(attacks).sort(([a], [b]) => a.localeCompare(b))),
    framesHeard: watch.frames,
    asked,
    rests,
    mustBeZero: found,
    ok: isZero(found),
  };
}

export function reportText(report: Report, again: string): string {
  const attacks = Object.entries(report.attacks).map(([name, count]) => countLine(`  ${name}`, count));
  const [first, last] = [report.rests[0], report.rests.at(-1)];
  const held = first && last ? [`At rest after the first round: ${text(first)}; after the last: ${text(last)}.`] : [];
  return [
    "",
    "Attacks:",
    ...attacks,
    ...exampleLines(report.mustBeZero),
    "",
    countLine("frames heard", report.framesHeard),
    countLine("requests of who behaves", report.asked),
    ...countLines(report.mustBeZero),
    "",
    ...held,
    report.ok ? `Passed in ${report.seconds} s.` : `Failed after ${report.seconds} s. Again with: ${again}`,
    "",
  ].join("\n");
}

function text({ handles, heap, rss }: Held): string {
  return `heap ${mb(heap)}, RSS ${mb(rss)}, ${handles} handles`;
}
