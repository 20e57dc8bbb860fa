/** What the run found, for people and for programs. */
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
  /** What must be zero; `examples` are the first few. */
  readonly mustBeZero: Readonly<Record<string, { readonly count: number; readonly examples: readonly string[] }>>;
  readonly ok: boolean;
}

const EXAMPLES = 8;

export function reportOf(
  { asked, attacks, rests }: RunResult,
  watch: Watch,
  run: { readonly seed: number; readonly seconds: number },
): Report {
  const found = BREACHES.map((what) => [what, watch.found.get(what) ?? []] as const);
  return {
    ...run,
    attacks: Object.fromEntries(Object.entries(attacks).sort(([a], [b]) => a.localeCompare(b))),
    framesHeard: watch.frames,
    asked,
    rests,
    mustBeZero: Object.fromEntries(
      found.map(([what, all]) => [what, { count: all.length, examples: [...new Set(all)].slice(0, EXAMPLES) }]),
    ),
    ok: found.every(([, all]) => all.length === 0),
  };
}

export function reportText(report: Report, again: string): string {
  const attacks = Object.entries(report.attacks).map(([name, count]) => line(`  ${name}`, count));
  const wrong = Object.entries(report.mustBeZero).flatMap(([what, { count, examples }]) =>
    count === 0
      ? []
      : [`\n${what}:`, ...examples.map((each) => `  ${each}`), ...(count > examples.length ? ["  …"] : [])],
  );
  const zero = Object.entries(report.mustBeZero).map(([what, { count }]) => line(what, count));
  const [first, last] = [report.rests[0], report.rests.at(-1)];
  const held = first && last ? [`At rest after the first round: ${text(first)}; after the last: ${text(last)}.`] : [];
  return [
    "",
    "Attacks:",
    ...attacks,
    ...wrong,
    "",
    line("frames heard", report.framesHeard),
    line("requests of who behaves", report.asked),
    ...zero,
    "",
    ...held,
    report.ok ? `Passed in ${report.seconds} s.` : `Failed after ${report.seconds} s. Again with: ${again}`,
    "",
  ].join("\n");
}

function line(what: string, count: number): string {
  return `${what.padEnd(46)}${String(count).padStart(8)}`;
}

function text({ handles, heap, rss }: Held): string {
  return `heap ${mb(heap)}, RSS ${mb(rss)}, ${handles} handles`;
}
