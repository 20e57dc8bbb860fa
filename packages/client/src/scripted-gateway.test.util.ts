/** For this package's tests: a socket server that says exactly what a test tells it to, right or wrong. */
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

export interface Visit {
  readonly socket: WebSocket;
  /** Frames from the client, in order. */
  readonly frames: Record<string, unknown>[];
  next(): Promise<Record<string, unknown>>;
  send(frame: unknown): void;
  closed: Promise<number>;
}

export interface ScriptedGateway extends AsyncDisposable {
  readonly url: string;
  readonly visits: Visit[];
}

export const challenge = { type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } };

export const hello = (changes: Record<string, unknown> = {}, policy: Record<string, unknown> = {}) => ({
  type: "res",
  id: "connect",
  ok: true,
  payload: {
    type: "hello-ok",
    protocol: 4,
    server: { version: "1", connId: "c" },
    features: { methods: [], events: [] },
    snapshot: { presence: [], health: {}, stateVersion: { presence: 0, health: 0 }, uptimeMs: 0 },
    auth: { role: "operator", scopes: [] },
    policy: { maxPayload: 1_000_000, maxBufferedBytes: 1_000_000, tickIntervalMs: 30_000, ...policy },
    ...changes,
  },
});

/** Runs `script` for each client that comes. */
export async function scriptedGateway(script: (visit: Visit, number: number) => unknown): Promise<ScriptedGateway> {
  const visits: Visit[] = [];
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  server.on("connection", (socket) => {
    const visit = visitOf(socket);
    visits.push(visit);
    void script(visit, visits.length);
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The usual beginning: challenge, connect, hello-ok. Returns the connect request. */
export async function welcome(visit: Visit, policy: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  visit.send(challenge);
  const connect = await visit.next();
  visit.send(hello({}, policy));
  return connect;
}

export function visitOf(socket: WebSocket): Visit {
  const frames: Record<string, unknown>[] = [];
  let read = 0;
  let wake = () => {};
  socket.on("error", () => {});
  socket.on("message", (data) => {
    frames.push(JSON.parse(data.toString()) as Record<string, unknown>);
    wake();
  });
  return {
    socket,
    frames,
    async next() {
      for (;;) {
        const frame = frames[read];
        if (frame) {
          read += 1;
          return frame;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    closed: new Promise((resolve) => socket.on("close", resolve)),
  };
}
