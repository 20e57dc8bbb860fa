/** What the run found, for people and for programs. */
import { countLine, countLines, exampleLines, isZero, type MustBeZero, mustBeZero } from "../long-run/report.ts";
import type { RunResult } from "./run.ts";

export interface Report {
  readonly seed: number;
  readonly channels: readonly string[];
  readonly kills: number;
  readonly seconds: number;
  /** Kills by the moment that was aimed at; `missed` ones came at a random moment instead. */
  readonly aims: Readonly<Record<string, { readonly kills: number; readonly missed: number }>>;
  /** Numbered messages that waited for an answer at a kill, on average. */
  readonly underWay: number;
  readonly stops: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly figures: RunResult["verdict"]["figures"];
  readonly startMs: number;
  readonly mustBeZero: MustBeZero;
  readonly ok: boolean;
}

export function reportOf(
  results: readonly RunResult[],
  run: { readonly seed: number; readonly channels: readonly string[]; readonly seconds: number },
): Report {
  const all = results.flatMap(({ kills }) => kills);
  const kills = all.filter(({ stopped }) => !stopped);
  const found = mustBeZero([...merged(results), ["ended by itself", results.flatMap(({ crashes }) => crashes)]]);
  return {
    ...run,
    kills: kills.length,
    stops: all.length - kills.length,
    aims: Object.fromEntries(
      [...new Set(kills.map(({ aim }) => aim))].sort().map((aim) => {
        const these = kills.filter((kill) => kill.aim === aim);
        return [aim, { kills: these.length, missed: these.filter(({ missed }) => missed).length }];
      }),
    ),
    underWay: round(kills.reduce((sum, { unanswered }) => sum + unanswered, 0) / Math.max(1, kills.length)),
    faults: Object.fromEntries(summed(results.flatMap(({ faults }) => [...faults]))),
    figures: figuresOf(results),
    startMs: Math.round(median(results.flatMap(({ startMs }) => startMs))),
    mustBeZero: found,
    ok: isZero(found),
  };
}

export function reportText(report: Report): string {
  const { figures } = report;
  const aims = Object.entries(report.aims).map(
    ([aim, { kills, missed }]) => countLine(`  ${aim}`, kills) + (missed > 0 ? `  (${missed} missed)` : ""),
  );
  const faults = Object.entries(report.faults).map(([fault, count]) => countLine(`  ${fault}`, count));
  return [
    "",
    `Killed while these were under way (${report.underWay} unanswered messages on average, ready again after ${report.startMs} ms):`,
    ...aims,
    countLine("  stops that drained in time", report.stops),
    "",
    "Injected on the platforms' side:",
    ...faults,
    ...exampleLines(report.mustBeZero),
    "",
    countLine("kills", report.kills),
    countLine("messages", figures.messages),
    countLine("given up by the platform", figures.givenUp),
    countLine("turns", figures.turns),
    countLine("turns started again", figures.restarted),
    countLine("sent", figures.sent),
    countLine("unknown sends", figures.unknown),
    countLine("repeats, labelled", figures.repeats),
    countLine("notes about a possible repeat", figures.labelled),
    ...countLines(report.mustBeZero),
    "",
    report.ok
      ? `Passed in ${report.seconds} s.`
      : `Failed after ${report.seconds} s. Again with: npm run test:crash -- --kills ${report.kills} --seed ${report.seed}${report.channels.length === 1 ? ` --channel ${report.channels[0]}` : ""}`,
    "",
  ].join("\n");
}

function merged(results: readonly RunResult[]): [what: string, breaches: string[]][] {
  const findings = results.flatMap(({ verdict }) => verdict.findings);
  const byWhat = Map.groupBy(findings, ({ what }) => what);
  return [...byWhat].map(([what, these]) => [what, these.flatMap(({ breaches }) => breaches)]);
}

function figuresOf(results: readonly RunResult[]): Report["figures"] {
  const entries = results.flatMap(({ verdict }) => Object.entries(verdict.figures));
  return Object.fromEntries(summed(entries)) as unknown as Report["figures"];
}

function summed(entries: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of entries) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
