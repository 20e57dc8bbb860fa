/** What every measurement gets. */
import type { Platform } from "../platform/bot-api.ts";
import type { Metrics } from "../report/metrics.ts";

export interface Bench {
  /** Short rounds: for looking, not for comparing. */
  readonly quick: boolean;
  readonly platform: Platform;
  readonly metrics: Metrics;
  /** Gone after the run. */
  readonly directory: string;
  /** Arguments for the gateway's Node, e.g. `--cpu-prof`. */
  readonly gatewayArgs: readonly string[];
  /** Says what is going on. */
  say(text: string): void;
}
