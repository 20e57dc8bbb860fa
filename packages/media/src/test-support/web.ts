/** Web servers on loopback that behave as badly as asked, and tricks to reach them. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";

export interface Web extends AsyncDisposable {
  readonly port: number;
  /** `http://<host>:<port>/`; the host default 127.0.0.1. */
  url(path?: string, host?: string): string;
  /** Requests that came, as their paths. */
  readonly seen: string[];
  readonly headers: IncomingMessage["headers"][];
  /** Connections that were ever opened. */
  connections(): number;
  /** Resolves when no connection is open. */
  quiet(): Promise<void>;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** By path; what is not named is 404. `host` is where it listens. */
export async function web(answers: Readonly<Record<string, Answer>>, host = "127.0.0.1"): Promise<Web> {
  const seen: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const server = createServer({ keepAlive: true }, (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    seen.push(pathname);
    headers.push(request.headers);
    const answer = answers[pathname];
    if (answer) answer(response, request);
    else response.writeHead(404).end();
  });
  return listening(server, host, { seen, headers });
}

/** A server that says exactly these bytes to whoever connects, and closes when told to. */
export async function rawServer(speak: (socket: Socket) => void): Promise<Web> {
  const server = createSocketServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => speak(socket));
  });
  return listening(server, "127.0.0.1", { seen: [], headers: [] });
}

async function listening(
  server: ReturnType<typeof createSocketServer>,
  host: string,
  log: Pick<Web, "seen" | "headers">,
): Promise<Web> {
  const open = new Set<Socket>();
  let connections = 0;
  let calm = () => {};
  server.on("connection", (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      if (open.size === 0) calm();
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...log,
    port,
    url: (path = "/", at = host.includes(":") ? `[${host}]` : host) => `http://${at}:${port}${path}`,
    connections: () => connections,
    async quiet() {
      if (open.size === 0) return;
      await new Promise<void>((resolve) => {
        calm = resolve;
      });
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
