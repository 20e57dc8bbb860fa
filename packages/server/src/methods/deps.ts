/** What method handlers work with. */
import type { ChannelRegistry, Devices, Engine, Log, MediaStore } from "@switchboard/core";
import type { Settings } from "../config/settings.ts";
import type { Runs } from "../faces/runs.ts";
import type { Metrics } from "../metrics.ts";
import type { ConnectionInfo } from "../ws/index.ts";

export interface MethodDeps {
  readonly engine: Engine;
  readonly devices: Devices;
  /** Who is connected right now. */
  readonly connections: () => readonly ConnectionInfo[];
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
