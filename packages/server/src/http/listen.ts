/** Opens the port, and says where it is. */
import type { AddressInfo } from "node:net";
import { SwitchboardError } from "@switchboard/domain";
import type { FastifyInstance } from "fastify";

/** Resolves with the port, also when any was asked for. @throws SYS_003, CFG_001. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new SwitchboardError("SYS_003", `Port ${port} on ${host} is taken.`);
    throw new SwitchboardError("CFG_001", `The gateway cannot listen on ${host}:${port}: ${message}.`);
  }
  return (app.server.address() as AddressInfo).port;
}

/** Where a gateway that listens on `host` answers on this machine. */
export function addressOf(host: string, port: number, encrypted: boolean): string {
  const shown = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http${encrypted ? "s" : ""}://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
}
