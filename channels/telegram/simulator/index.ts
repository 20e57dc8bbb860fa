/**
 * A stateful Telegram on loopback: the Bot API over real HTTP, people who write, and a pane in which one plays them.
 */
export type { BotSimulator, TelegramSayInput } from "./bot-simulator.ts";
export type { TelegramSimulatorOptions } from "./settings.ts";
export { startSimulator, type TelegramSimulator } from "./simulator.ts";
