/** A Discord that does what a test tells it to, for what the simulator never does. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

export const TOKEN = "MTAw.scripted.token-of-a-test";
export const BOT = "900000000000000001";

interface Frame {
  readonly op: number;
  readonly d?: unknown;
}

/** One connection to the gateway, as Discord sees it. */
export interface Arrival {
  readonly path: string;
  readonly socket: WebSocket;
  /** What came, heartbeats left out. */
  readonly frames: Frame[];
  /** Sequence numbers of heartbeats. */
  readonly beats: unknown[];
  readonly closed: Promise<number>;
  send(frame: object): void;
  /** A dispatch. */
  tell(s: number, t: string, d: object): void;
}

export interface ScriptedOptions {
  /** Called for each connection, the first is 1. */
  readonly onArrival: (arrival: Arrival, number: number) => void;
  /** Called for each frame that is no heartbeat. */
  readonly onFrame?: (arrival: Arrival, frame: Frame, number: number) => void;
  readonly heartbeatMs?: number;
  /** Heartbeats are answered unless told otherwise. */
  readonly acks?: (number: number) => boolean;
  /** Answers by `METHOD path` below `/api/v10`. */
  readonly answers?: Readonly<Record<string, () => readonly [status: number, body: unknown]>>;
  readonly shards?: number;
  readonly concurrency?: number;
}

export interface ScriptedDiscord extends AsyncDisposable {
  readonly url: string;
  readonly wsUrl: string;
  readonly arrivals: Arrival[];
  readonly calls: { readonly what: string; readonly body: string; readonly authorization: string }[];
}

export async function scriptedDiscord(options: ScriptedOptions): Promise<ScriptedDiscord> {
  const arrivals: Arrival[] = [];
  const calls: { what: string; body: string; authorization: string }[] = [];
  let wsUrl = "";
  const usual: Record<string, () => readonly [number, unknown]> = {
    "GET /users/@me": () => [200, { id: BOT, username: "desk" }],
    "GET /applications/@me": () => [200, { id: BOT, flags: (1 << 15) | (1 << 19) }],
    "GET /gateway/bot": () => [
      200,
      {
        url: wsUrl,
        shards: options.shards ?? 1,
        session_start_limit: {
          total: 1000,
          remaining: 1000,
          reset_after: 0,
          max_concurrency: options.concurrency ?? 1,
        },
      },
    ],
    [`PUT /applications/${BOT}/commands`]: () => [200, []],
    ...options.answers,
  };
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    const what = `${request.method} ${(request.url ?? "").replace("/api/v10", "")}`;
    calls.push({ what, body, authorization: request.headers.authorization ?? "" });
    const [status, answer] = usual[what]?.() ?? [404, { message: "404: Not Found", code: 0 }];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => {
    const closed = Promise.withResolvers<number>();
    const arrival: Arrival = {
      path: request.url ?? "",
      socket,
      frames: [],
      beats: [],
      closed: closed.promise,
      send: (frame) => socket.send(JSON.stringify(frame)),
      tell: (s, t, d) => socket.send(JSON.stringify({ op: 0, s, t, d })),
    };
    const number = arrivals.push(arrival);
    socket.on("close", (code) => closed.resolve(code));
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      if (frame.op === 1) {
        arrival.beats.push(frame.d);
        if (options.acks?.(number) ?? true) arrival.send({ op: 11 });
        return;
      }
      arrival.frames.push(frame);
      options.onFrame?.(arrival, frame, number);
    });
    arrival.send({ op: 10, d: { heartbeat_interval: options.heartbeatMs ?? 45_000 } });
    options.onArrival(arrival, number);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  wsUrl = `ws://127.0.0.1:${port}`;
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl,
    arrivals,
    calls,
    async [Symbol.asyncDispose]() {
      for (const { socket } of arrivals) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** READY of a session that is resumed at `url`. */
export function ready(arrival: Arrival, session: string, url: string, guilds: readonly string[] = []): void {
  const unavailable = guilds.map((id) => ({ id, unavailable: true }));
  arrival.tell(1, "READY", { session_id: session, resume_gateway_url: url, guilds: unavailable, user: { id: BOT } });
}

let messages = 0;

/** A direct message of somebody, as the gateway tells it. */
export function message(content: string): object {
  const id = String(1_200_000_000_000_000_000n + BigInt(++messages));
  return {
    id,
    channel_id: "700000000000000001",
    author: { id: "800000000000000001", username: "ann", global_name: "Ann" },
    content,
    timestamp: "2026-11-01T12:00:00.000000+00:00",
    edited_timestamp: null,
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    attachments: [],
    embeds: [],
    type: 0,
  };
}
