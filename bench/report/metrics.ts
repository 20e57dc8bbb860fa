/** The figures of a run by name, each with its unit and, where there is one, its target. */

export interface Metric {
  readonly value: number;
  readonly unit: string;
  /** What it was computed from, where that says more than the figure. */
  readonly rounds?: readonly number[];
}

/** `most`: no more than; `least`: no less than. */
export type Target = { readonly most: number } | { readonly least: number };

/** From the issue that set them; on two cores. */
export const TARGETS: Readonly<Record<string, Target>> = {
  "ingest.ratio_to_floor": { least: 0.6 },
  "e2e.p50_ms": { most: 10 },
  "e2e.p99_ratio_to_floor": { most: 4 },
  "e2e.turns_per_s": { least: 500 },
  "e2e.ratio_to_bare_echo": { least: 0.45 },
  "start.ready_ms": { most: 500 },
  "start.ready_1000_accounts_ms": { most: 1_500 },
  "start.ready_all_channels_ms": { most: 500 },
  "memory.idle_rss_mb": { most: 110 },
  "memory.idle_rss_all_channels_mb": { most: 110 },
  "loop.delay_p99_ms": { most: 50 },
};

export function meets(target: Target, value: number): boolean {
  return "most" in target ? value <= target.most : value >= target.least;
}

export class Metrics {
  readonly #metrics = new Map<string, Metric>();

  set(name: string, value: number | undefined, unit: string, rounds?: readonly number[]): void {
    if (value === undefined || Number.isNaN(value)) return;
    this.#metrics.set(name, { value: rounded(value), unit, ...(rounds && { rounds: rounds.map(rounded) }) });
  }

  get(name: string): number | undefined {
    return this.#metrics.get(name)?.value;
  }

  entries(): readonly (readonly [string, Metric])[] {
    return [...this.#metrics];
  }
}

/** Few digits mean something; enough are kept that a target is not met by rounding. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
