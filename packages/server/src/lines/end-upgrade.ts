/** Ends a connection that wanted to become a WebSocket and may not. */
import type { Duplex } from "node:stream";
import { systemClock } from "@switchboard/core/ports";

/** So long whoever was refused may take to read why. */
const READ_MS = 5_000;

/**
 * Writes the whole answer and lets go of the connection. A server's sockets stay half open after `end`: without more,
 * who never says goodbye would keep one for ever.
 */
export function endUpgrade(socket: Duplex, answer: string): void {
  const cancel = systemClock.after(READ_MS, () => socket.destroy());
  socket.once("close", cancel);
  socket.end(answer, () => socket.destroy());
}
