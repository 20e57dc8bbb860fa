/** What method handlers work with. */
import type { ChannelRegistry, Engine, Log, MediaStore } from "@switchboard/core";
import type { Settings } from "../config/settings.ts";
import type { Runs } from "../faces/runs.ts";
import type { Metrics } from "../metrics.ts";

export interface MethodDeps {
  readonly engine: Engine;
  readonly runs: Runs;
  readonly media: MediaStore;
  readonly channels: ChannelRegistry;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly stateDirectory: string;
  readonly version: string;
  /** As they were read at start. */
  readonly settings: Settings;
}
