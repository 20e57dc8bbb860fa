/** The one port of a simulator, on this machine only. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { checkHost } from "./guard.ts";

/** Whether the request was one of its own; then it is being answered. What it throws becomes a plain text answer. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Takes over a connection that wants to be a WebSocket. What it throws ends the connection. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface ServerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Asked in turn, until one says that the request was its own; 404 when none does. */
  readonly serve: readonly Serve[];
  readonly upgrade?: Upgrade;
}

export interface SimulatorServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** Cuts every connection, sockets that were taken over too. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 and answers only under this machine's own names. @throws SYS_003 when the port is taken. */
export async function startServer({ port, serve, upgrade }: ServerOptions): Promise<SimulatorServer> {
  const upgraded = new Set<Duplex>();
  const server = createServer((request, response) => {
    try {
      checkHost(request);
      if (serve.some((each) => each(request, response))) return;
      response.writeHead(404, { "content-type": "text/plain" }).end("Not Found");
    } catch (error) {
      const { http, message } = toSwitchboardError(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(http, { "content-type": "text/plain" }).end(message);
    }
  });
  if (upgrade) {
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      try {
        checkHost(request);
        upgraded.add(socket);
        socket.once("close", () => upgraded.delete(socket));
        upgrade(request, socket, head);
      } catch (error) {
        const { http, message } = toSwitchboardError(error);
        socket.end(`HTTP/1.1 ${http} Refused\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\n${message}`);
      }
    });
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new SwitchboardError("SYS_003", error.message, { cause: error })));
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of upgraded) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
