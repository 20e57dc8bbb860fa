/** A stateful WhatsApp on loopback: the Cloud API over real HTTP, people who write, and a pane in which one plays them. */
export { startSimulator, type WhatsAppSimulator } from "./simulator.ts";
