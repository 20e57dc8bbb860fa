/** For the tests of this folder: a gateway on a free port, clients that speak raw frames, and a clock by hand. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Devices } from "@switchboard/core";
import { type Clock, noLog, systemClock } from "@switchboard/core/ports";
import type { ConnectParams, ErrorShape, EventPayload, HelloOk, Scope, StateVersion } from "@switchboard/protocol";
import { WebSocket } from "ws";
import { type GatewayAuthOptions, gatewayAuth } from "../auth/gateway-auth.ts";
import type { GatewaySocket, GatewaySocketOptions } from "./gateway-options.ts";
import { createGatewaySocket } from "./gateway-socket.ts";
import { type Handlers, MethodRegistry } from "./registry.ts";
import { type SharedSecret, sharedSecret } from "./shared-secret.ts";

export const TOKEN = "the-right-token";

export const HEALTH: EventPayload<"health"> = {
  ok: true,
  ts: 1,
  durationMs: 0,
  channels: {},
  channelOrder: [],
  channelLabels: {},
  heartbeatSeconds: 0,
  defaultAgentId: "main",
  agents: [],
  sessions: { path: "[redacted]", count: 0, recent: [] },
};

/** Time that stands still until told. */
export class HandClock implements Clock {
  #now = 1_800_000_000_000;
  readonly #tasks = new Set<{ at: number; task: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const entry = { at: this.#now + ms, task };
    this.#tasks.add(entry);
    return () => this.#tasks.delete(entry);
  }

  /** Whether somebody waits for something within `ms`. */
  expects(ms: number): boolean {
    return [...this.#tasks].some(({ at }) => at <= this.#now + ms);
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const due = [...this.#tasks].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#tasks.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.task();
    }
    this.#now = until;
  }
}

export interface TestGateway extends AsyncDisposable {
  readonly socket: GatewaySocket;
  readonly url: string;
  readonly port: number;
  /** The token in force. */
  secret: SharedSecret | undefined;
  open(headers?: Record<string, string>): Promise<RawClient>;
  /** A client that is through the handshake: a CLI of this machine, unless told otherwise. */
  join(changes?: Partial<ConnectParams>, headers?: Record<string, string>): Promise<RawClient>;
}

export interface TestGatewayOptions extends Partial<Omit<GatewaySocketOptions, "methods" | "trust">> {
  readonly handlers?: Handlers;
  readonly auth?: Partial<GatewayAuthOptions>;
  /** Addresses or ranges whose forwarding headers are believed; default none. */
  readonly trustedProxies?: readonly string[];
  /** Whether Tailscale is; default not. */
  readonly tailscale?: boolean;
  /** Default any free one. */
  readonly port?: number;
}

export async function startGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const clients: RawClient[] = [];
  const { handlers = {}, auth, port: wanted = 0, tailscale = false, trustedProxies = [], ...rest } = options;
  const http = createServer((_request, response) => response.end("http"));
  const gateway: { secret: SharedSecret | undefined } = { secret: sharedSecret(TOKEN) };
  const socket = createGatewaySocket({
    authenticate: gatewayAuth({
      mode: () => "token",
      secret: () => gateway.secret,
      devices: new Devices({ store: nothingKept(), clock: rest.clock ?? systemClock, log: noLog }),
      pairing: () => ({ autoApproveLocal: true, setupCodes: "approve" }),
      ...auth,
    }),
    methods: new MethodRegistry(handlers),
    snapshot: { version: "1.2.3", startedAt: 0, health: () => HEALTH },
    trust: { proxies: trustedProxies, tailscale },
    clock: systemClock,
    log: noLog,
    ...rest,
  });
  http.on("upgrade", (request: IncomingMessage, line, head) => socket.handleUpgrade(request, line, head));
  await new Promise<void>((resolve) => http.listen(wanted, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const url = `ws://127.0.0.1:${port}`;
  const open = async (headers: Record<string, string> = {}) => {
    const client = await RawClient.open(url, headers);
    clients.push(client);
    return client;
  };
  return Object.assign(gateway, {
    socket,
    url,
    port,
    open,
    async join(changes: Partial<ConnectParams> = {}, headers: Record<string, string> = {}) {
      const client = await open(headers);
      await client.hello(changes);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.drop();
      http.close();
      http.closeAllConnections();
    },
  });
}

/** For tests of the connection layer, which are not about what is kept. */
function nothingKept(): ConstructorParameters<typeof Devices>[0]["store"] {
  return {
    devices: { all: async () => [], list: async () => [], change: async () => 1 },
    audit: { append: async () => {} },
  };
}

/** Any frame from the gateway; tests look at what they expect to be there. */
export interface Frame {
  readonly type: "res" | "event";
  readonly id: string;
  readonly ok: boolean;
  readonly event: string;
  readonly seq: number;
  readonly stateVersion: StateVersion;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly error: ErrorShape & { readonly details: Readonly<Record<string, unknown>> };
}

export class RawClient {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #frames: Frame[] = [];
  #wake = () => {};
  #over = false;
  #ids = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      this.#frames.push(JSON.parse(data.toString()) as Frame);
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        this.#over = true;
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
    socket.on("error", () => {});
  }

  static open(url: string, headers: Record<string, string>): Promise<RawClient> {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 });
    const client = new RawClient(socket);
    return new Promise((resolve, reject) => {
      socket.once("open", () => resolve(client));
      socket.once("unexpected-response", (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
      socket.once("error", reject);
    });
  }

  /** The next frame that fits, skipping others; fails when the socket closes first. */
  async next(fits: (frame: Frame) => boolean = () => true): Promise<Frame> {
    for (;;) {
      while (this.#frames.length > 0) {
        const frame = this.#frames.shift();
        if (frame && fits(frame)) return frame;
      }
      if (this.#over) throw new Error("the socket closed before the frame came");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  event(name: string): Promise<Frame> {
    return this.next((frame) => frame.type === "event" && frame.event === name);
  }

  /** Every frame that is there already. */
  received(): Frame[] {
    return this.#frames.splice(0);
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Sends a request and returns its first answer. */
  async call(method: string, params?: unknown, id = `r${++this.#ids}`): Promise<Frame> {
    this.send({ type: "req", id, method, ...(params !== undefined && { params }) });
    return this.answer(id);
  }

  answer(id: string): Promise<Frame> {
    return this.next((frame) => frame.type === "res" && frame.id === id);
  }

  /** Sends `connect` and returns the answer, whatever it is. */
  async connect(changes: Partial<ConnectParams> = {}): Promise<Frame> {
    this.send({ type: "req", id: "c", method: "connect", params: connectParams(changes) });
    return this.answer("c");
  }

  async hello(changes: Partial<ConnectParams> = {}): Promise<HelloOk> {
    const answer = await this.connect(changes);
    if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.error)}`);
    return answer.payload as unknown as HelloOk;
  }

  drop(): void {
    this.socket.terminate();
  }
}

export const ALL: Scope[] = ["operator.admin"];

export function connectParams(changes: Partial<ConnectParams> = {}): ConnectParams {
  return {
    minProtocol: 4,
    maxProtocol: 4,
    client: { id: "cli", version: "1.0.0", platform: "linux", mode: "cli" },
    scopes: ALL,
    auth: { token: TOKEN },
    ...changes,
  };
}
