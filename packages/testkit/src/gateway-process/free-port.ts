import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below what Linux, macOS and Windows give out by themselves: no server that asks for any port, and no connection,
 * takes the port between this answer and its use.
 */
const [LOWEST, ABOVE] = [20_000, 32_000] as const;
const TRIES = 100;

/** A port that is free now and likely stays so; for a server whose address must be known before it starts. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = randomInt(LOWEST, ABOVE);
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${TRIES} ports between ${LOWEST} and ${ABOVE} was free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
