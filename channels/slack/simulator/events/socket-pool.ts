/** The app's Socket Mode connections: envelopes in order, each until it is acknowledged. */
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { SwitchboardError } from "@switchboard/domain";
import type { Delivery, DeliveryQueue, Faults, Journal } from "@switchboard/simulator-kit";
import { type WebSocket, WebSocketServer } from "ws";
import type { App } from "../world/app.ts";

export interface SocketPoolOptions {
  readonly app: App;
  readonly queue: DeliveryQueue;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly acknowledgeMs: number;
}

interface InFlight {
  readonly delivery: Delivery;
  readonly socket: WebSocket;
  readonly timer: NodeJS.Timeout;
}

/** Slack allows an app so many. */
const MOST = 10;

export class SocketPool {
  readonly #options: SocketPoolOptions;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sockets = new Set<WebSocket>();
  readonly #tickets = new Set<string>();
  /** By envelope. */
  readonly #inFlight = new Map<string, InFlight>();
  /** The connection that a lane is on. */
  readonly #lanes = new Map<string, WebSocket>();
  /** Deliveries that are in flight, and how often they were sent. */
  readonly #sent = new Map<number, number>();
  #repeats = 0;

  constructor(options: SocketPoolOptions) {
    this.#options = options;
    options.queue.onArrival((delivery) => {
      if (!options.app.socketMode) return;
      if (delivery) this.#send(delivery);
      else for (const again of options.queue.takeAgain()) this.#send(again);
    });
  }

  /** Envelopes that were sent once more because nobody had acknowledged them in time. */
  get repeats(): number {
    return this.#repeats;
  }

  get size(): number {
    return this.#sockets.size;
  }

  /** The connections that stand go dead without a word: nothing comes, nothing is read, no ping is answered. */
  freeze(): void {
    for (const socket of this.#sockets) {
      socket.pause();
      this.#gone(socket);
    }
  }

  /** A ticket for one connection. */
  ticket(): string {
    const ticket = randomBytes(12).toString("hex");
    this.#tickets.add(ticket);
    return ticket;
  }

  /** Whether the ticket was one of this app's; then the connection is taken over. */
  upgrade(ticket: string, request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!this.#tickets.delete(ticket)) return false;
    const { app, faults } = this.#options;
    if (!app.socketMode) throw new SwitchboardError("SEC_003", "Socket Mode is off");
    const fault = faults.take("receive");
    if (fault && fault.kind !== "slow") {
      socket.destroy();
      return true;
    }
    this.#server.handleUpgrade(request, socket, head, (accepted) => this.#accept(accepted));
    return true;
  }

  /** Slack takes a connection away, as it does every few hours, and says so before. */
  refresh(reason: "warning" | "refresh_requested" | "link_disabled" = "refresh_requested"): void {
    const [oldest] = this.#sockets;
    for (const socket of reason === "link_disabled" ? this.#sockets : oldest ? [oldest] : []) {
      socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "simulator" } }));
    }
  }

  /** Sends whatever waits. */
  work(): void {
    if (this.#sockets.size === 0) return;
    for (const delivery of this.#options.queue.from()) if (!this.#sent.has(delivery.id)) this.#send(delivery);
  }

  closeAll(): void {
    for (const { timer } of this.#inFlight.values()) clearTimeout(timer);
    this.#inFlight.clear();
    this.#sent.clear();
    for (const socket of this.#sockets) socket.terminate();
    this.#sockets.clear();
    this.#lanes.clear();
  }

  #accept(socket: WebSocket): void {
    const { app } = this.#options;
    if (this.#sockets.size >= MOST) {
      socket.close(1008, "too_many_websockets");
      return;
    }
    this.#sockets.add(socket);
    socket.on("message", (data) => this.#acknowledged(String(data)));
    socket.on("close", () => this.#gone(socket));
    socket.on("error", () => socket.terminate());
    const hello = {
      type: "hello",
      num_connections: this.#sockets.size,
      connection_info: { app_id: app.id },
      debug_info: { host: "simulator", approximate_connection_time: 18_060 },
    };
    socket.send(JSON.stringify(hello));
    this.work();
  }

  #send(delivery: Delivery, attempt = 0, because?: string): void {
    const socket = this.#socketFor(delivery.lane);
    if (!socket) return;
    const fault = this.#options.faults.take("receive");
    if (fault && fault.kind !== "slow" && fault.kind !== "cut-after") {
      socket.terminate();
      return;
    }
    const id = randomUUID();
    const envelope = {
      envelope_id: id,
      type: delivery.to ?? "events_api",
      payload: payloadOf(delivery),
      accepts_response_payload: delivery.to !== "events_api",
      ...(delivery.to === "events_api" && { retry_attempt: attempt, retry_reason: because ?? "" }),
    };
    const timer = setTimeout(() => this.#late(id, attempt), this.#options.acknowledgeMs);
    this.#inFlight.set(id, { delivery, socket, timer });
    this.#sent.set(delivery.id, attempt + 1);
    const text = JSON.stringify(envelope);
    if (fault?.kind === "slow") setTimeout(() => socket.send(text, () => {}), fault.delayMs ?? 0);
    else socket.send(text, () => fault && socket.terminate());
  }

  /** One lane stays on one connection while that lasts, so that it arrives in order; new ones take turns. */
  #socketFor(lane: string): WebSocket | undefined {
    const known = this.#lanes.get(lane);
    if (known && this.#sockets.has(known)) return known;
    const open = [...this.#sockets];
    const chosen = open[this.#lanes.size % Math.max(1, open.length)];
    if (chosen) this.#lanes.set(lane, chosen);
    return chosen;
  }

  #acknowledged(text: string): void {
    const id = readEnvelopeId(text);
    const found = id === undefined ? undefined : this.#inFlight.get(id);
    if (id === undefined || !found) return;
    clearTimeout(found.timer);
    this.#inFlight.delete(id);
    this.#sent.delete(found.delivery.id);
    this.#options.queue.confirm(found.delivery.id);
    this.#options.journal.flush();
  }

  #late(id: string, attempt: number): void {
    const found = this.#inFlight.get(id);
    if (!found) return;
    this.#inFlight.delete(id);
    this.#sent.delete(found.delivery.id);
    this.#repeats += 1;
    this.#send(found.delivery, attempt + 1, "timeout");
  }

  /** What was on its way over a connection that is gone goes over another. */
  #gone(socket: WebSocket): void {
    if (!this.#sockets.delete(socket)) return;
    for (const [lane, over] of this.#lanes) if (over === socket) this.#lanes.delete(lane);
    for (const [id, { delivery, socket: over, timer }] of [...this.#inFlight]) {
      if (over !== socket) continue;
      clearTimeout(timer);
      this.#inFlight.delete(id);
      this.#sent.delete(delivery.id);
    }
    this.work();
  }
}

function readEnvelopeId(text: string): string | undefined {
  try {
    const { envelope_id: id } = JSON.parse(text) as { readonly envelope_id?: unknown };
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Over sockets there are no forms. */
function payloadOf({ body, to }: Delivery): unknown {
  if (to === "interactive") return JSON.parse(new URLSearchParams(body).get("payload") ?? "{}");
  return to === "slash_commands" ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body);
}
