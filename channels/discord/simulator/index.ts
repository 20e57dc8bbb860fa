/**
 * A stateful Discord on loopback: the API and the gateway over real HTTP and sockets, people who write, and a pane in
 * which one plays them.
 */
export { type DiscordSimulator, startSimulator } from "./simulator.ts";
