/** A stateful Slack on loopback: the Web API, Socket Mode and the Events API, people who write, and a pane in which one plays them. */
export type { SlackAccountSimulator } from "./account-simulator.ts";
export type { SlackSimulatorOptions } from "./settings.ts";
export { type SlackSimulator, startSimulator } from "./simulator.ts";
