/** What the run found, for people and for programs. */
import type { RunResult } from "./run.ts";
import type { Finding } from "./verdict.ts";

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
  /** What must be zero; `examples` are the first few. */
  readonly mustBeZero: Readonly<Record<string, { readonly count: number; readonly examples: readonly string[] }>>;
  readonly ok: boolean;
}

const EXAMPLES = 8;

export function reportOf(
  results: readonly RunResult[],
  run: { readonly seed: number; readonly channels: readonly string[]; readonly seconds: number },
): Report {
  const all = results.flatMap(({ kills }) => kills);
  const kills = all.filter(({ stopped }) => !stopped);
  const findings = [
    ...merged(results),
    { what: "ended by itself", breaches: results.flatMap(({ crashes }) => crashes) },
  ];
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
    mustBeZero: Object.fromEntries(
      findings.map(({ breaches, what }) => [what, { count: breaches.length, examples: breaches.slice(0, EXAMPLES) }]),
    ),
    ok: findings.every(({ breaches }) => breaches.length === 0),
  };
}

export function reportText(report: Report): string {
  const { figures } = report;
  const aims = Object.entries(report.aims).map(
    ([aim, { kills, missed }]) =>
      `  ${aim.padEnd(34)}${String(kills).padStart(5)}${missed > 0 ? `  (${missed} missed)` : ""}`,
  );
  const faults = Object.entries(report.faults).map(
    ([fault, count]) => `  ${fault.padEnd(34)}${String(count).padStart(5)}`,
  );
  const wrong = Object.entries(report.mustBeZero).flatMap(([what, { count, examples }]) =>
    count === 0
      ? []
      : [`\n${what}:`, ...examples.map((example) => `  ${example}`), ...(count > examples.length ? ["  …"] : [])],
  );
  const zero = Object.entries(report.mustBeZero).map(([what, { count }]) => line(what, count));
  return [
    "",
    `Killed while these were under way (${report.underWay} unanswered messages on average, ready again after ${report.startMs} ms):`,
    ...aims,
    line("  stops that drained in time", report.stops),
    "",
    "Injected on the platforms' side:",
    ...faults,
    ...wrong,
    "",
    line("kills", report.kills),
    line("messages", figures.messages),
    line("turns", figures.turns),
    line("turns started again", figures.restarted),
    line("sent", figures.sent),
    line("unknown sends", figures.unknown),
    line("repeats, labelled", figures.repeats),
    line("notes about a possible repeat", figures.labelled),
    ...zero,
    "",
    report.ok
      ? `Passed in ${report.seconds} s.`
      : `Failed after ${report.seconds} s. Again with: npm run test:crash -- --kills ${report.kills} --seed ${report.seed}${report.channels.length === 1 ? ` --channel ${report.channels[0]}` : ""}`,
    "",
  ].join("\n");
}

function line(what: string, count: number): string {
  return `${what.padEnd(36)}${String(count).padStart(5)}`;
}

function merged(results: readonly RunResult[]): Finding[] {
  const findings = results.flatMap(({ verdict }) => verdict.findings);
  return [...new Set(findings.map(({ what }) => what))].map((what) => ({
    what,
    breaches: findings.filter((finding) => finding.what === what).flatMap(({ breaches }) => breaches),
  }));
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
