/** What can be chosen when the simulator is started, with the defaults. */
import type { SimulatorOptions } from "@switchboard/domain";

export interface TelegramSimulatorOptions extends SimulatorOptions {
  /** User name of the first bot; ends in `bot` as Telegram demands. Default `switchboard_bot`. */
  readonly username?: string;
  /** Most messages kept for reading, over all chats of a bot; the oldest go first. Default 20,000. */
  readonly history?: number;
  /** Most bytes of files kept in memory when there is no `file`; the oldest go first. Default 256 MiB. */
  readonly fileBytes?: number;
  /** Enforce Telegram's limits: 30 messages a second per bot, about one per second and chat, 20 a minute per group. */
  readonly rateLimit?: boolean;
  /** First delay between two attempts at a webhook, in milliseconds; it doubles up to sixty times that. Default 1000. */
  readonly webhookRetryMs?: number;
  /** How long a pressed button may be answered, in milliseconds. Default ten minutes. */
  readonly callbackMs?: number;
}

/** The options with every choice made. */
export interface Settings {
  readonly username: string;
  readonly history: number;
  readonly fileBytes: number;
  readonly rateLimit: boolean;
  readonly webhookRetryMs: number;
  readonly callbackMs: number;
}

export function settingsOf(options: TelegramSimulatorOptions): Settings {
  return {
    username: options.username ?? "switchboard_bot",
    history: options.history ?? 20_000,
    fileBytes: options.fileBytes ?? 256 * 1024 * 1024,
    rateLimit: options.rateLimit ?? false,
    webhookRetryMs: options.webhookRetryMs ?? 1000,
    callbackMs: options.callbackMs ?? 600_000,
  };
}
