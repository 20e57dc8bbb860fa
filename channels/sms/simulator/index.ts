/** A stateful Twilio on loopback: its REST API over real HTTP, phones that write, and a pane in which one holds them. */
export type { AccountSimulator } from "./account-simulator.ts";
export { type SmsSimulator, startSimulator } from "./simulator.ts";
