/** What can be chosen when the simulator is started, with the defaults. */
import type { SimulatorOptions } from "@switchboard/domain";
import { SCOPES } from "../src/scopes.ts";

export interface SlackSimulatorOptions extends SimulatorOptions {
  /** Name of the first app's bot. Default `switchboard`. */
  readonly username?: string;
  /** Most messages kept for reading, over all channels of a workspace; the oldest go first. Default 20,000. */
  readonly history?: number;
  /** Most bytes of files kept in memory when there is no `file`; the oldest go first. Default 256 MiB. */
  readonly fileBytes?: number;
  /** What the bot's token may do. Default: everything that the manifest asks for, and the panel for agents. */
  readonly scopes?: readonly string[];
  /** How long an envelope may go without being acknowledged before it is sent again, in milliseconds. Default 3 s, as Slack says. */
  readonly acknowledgeMs?: number;
  /** How long a `trigger_id` is good for, in milliseconds. Default 3 s. */
  readonly triggerMs?: number;
  /** Hears of every call of the Web API, as it came. */
  readonly onCall?: (method: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** The options with every choice made. */
export interface Settings {
  readonly username: string;
  readonly history: number;
  readonly fileBytes: number;
  readonly scopes: readonly string[];
  readonly acknowledgeMs: number;
  readonly triggerMs: number;
  readonly webhookRetryMs: number;
  readonly onCall: NonNullable<SlackSimulatorOptions["onCall"]>;
}

export function settingsOf(options: SlackSimulatorOptions): Settings {
  return {
    username: options.username ?? "switchboard",
    history: options.history ?? 20_000,
    fileBytes: options.fileBytes ?? 256 * 1024 * 1024,
    scopes: options.scopes ?? [...Object.keys(SCOPES), "assistant:write"],
    acknowledgeMs: options.acknowledgeMs ?? 3_000,
    triggerMs: options.triggerMs ?? 3_000,
    webhookRetryMs: options.webhookRetryMs ?? 1_000,
    onCall: options.onCall ?? (() => {}),
  };
}
