/** The figures as people read them. */
import { type Metric, meets, TARGETS, type Target } from "./metrics.ts";

export function table(metrics: readonly (readonly [string, Metric])[]): string {
  const rows = metrics.map(([name, { rounds, unit, value }]) => {
    const target = TARGETS[name];
    return [
      name,
      `${value} ${unit}`.trim(),
      target ? inWords(target) : "",
      target ? (meets(target, value) ? "met" : "missed") : "",
      rounds ? rounds.join(" · ") : "",
    ];
  });
  const all = [["figure", "value", "target", "", "rounds"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The same for docs/performance.md. */
export function markdownTable(metrics: readonly (readonly [string, Metric])[]): string {
  const rows = metrics.map(([name, { unit, value }]) => {
    const target = TARGETS[name];
    const verdict = target ? `${inWords(target)} | ${meets(target, value) ? "met" : "**missed**"}` : " | ";
    return `| \`${name}\` | ${`${value} ${unit}`.trim()} | ${verdict} |`;
  });
  return ["| Figure | Value | Target | |", "|---|---|---|---|", ...rows].join("\n");
}

function inWords(target: Target): string {
  return "most" in target ? `≤ ${target.most}` : `≥ ${target.least}`;
}
