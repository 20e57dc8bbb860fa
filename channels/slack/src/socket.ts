/** One Socket Mode connection, on `ws`: why not on Slack's own client is in docs/adr/0036. */
import { SwitchboardError } from "@switchboard/domain";
import { WebSocket } from "ws";
import { type Body, bodyOf, isBody, wordOf } from "./body.ts";

export interface SocketOptions {
  readonly url: string;
  readonly pingMs: number;
  readonly openMs: number;
  /** Something to be stored; `acknowledge` tells Slack that it is. */
  readonly onEnvelope: (envelope: Body, acknowledge: () => void) => void;
  /** Slack will close it, or wants no sockets any more (`link_disabled`). */
  readonly onGoing: (reason: string) => void;
  readonly onClosed: (why: string) => void;
  readonly onAlive: () => void;
}

const MOST_BYTES = 16 * 1024 * 1024;

export class Socket {
  readonly #options: SocketOptions;
  readonly #socket: WebSocket;
  readonly #hello = Promise.withResolvers<void>();
  #pinging: NodeJS.Timeout | undefined;
  #opening: NodeJS.Timeout | undefined;
  #quiet = 0;
  #open = false;
  #closed = false;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#hello.promise.catch(() => {});
    this.#socket = new WebSocket(options.url, {
      perMessageDeflate: false,
      handshakeTimeout: options.openMs,
      maxPayload: MOST_BYTES,
      followRedirects: false,
    });
    this.#opening = setTimeout(() => this.#end("no hello came in time"), options.openMs);
    this.#socket
      .on("message", (data, isBinary) => {
        if (!isBinary) this.#read(String(data));
      })
      .on("ping", () => this.#lives())
      .on("pong", () => this.#lives())
      // The address holds a ticket: no error of the library is passed on as it is.
      .on("error", (error: Error & { code?: string }) => this.#end(error.code ?? "it broke"))
      .on("close", (code) => this.#end(`closed with ${code}`));
  }

  /** Resolves when Slack said hello. Rejects with CONN_001. */
  ready(): Promise<void> {
    return this.#hello.promise;
  }

  get isOpen(): boolean {
    return this.#open && !this.#closed;
  }

  close(): void {
    if (this.#closed) return;
    this.#socket.close(1000);
    // Nobody waits for the other side's goodbye.
    const timer = setTimeout(() => this.#socket.terminate(), 1_000);
    this.#socket.once("close", () => clearTimeout(timer));
    this.#end("closed here");
  }

  #lives(): void {
    this.#quiet = 0;
    this.#options.onAlive();
  }

  #read(text: string): void {
    this.#lives();
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (!isBody(message)) return;
    if (message.type === "hello") {
      this.#start();
      return;
    }
    if (message.type === "disconnect") {
      this.#options.onGoing(wordOf(message.reason) ?? "unknown");
      return;
    }
    const id = wordOf(message.envelope_id);
    if (id === undefined) return;
    this.#options.onEnvelope(message, () => this.#acknowledge(id));
  }

  #start(): void {
    if (this.#open || this.#closed) return;
    this.#open = true;
    clearTimeout(this.#opening);
    this.#pinging = setInterval(() => this.#ping(), this.#options.pingMs);
    this.#hello.resolve();
  }

  /** A socket from which nothing comes, not even an answer to a ping, is dead whatever it says (oc#54682). */
  #ping(): void {
    this.#quiet += 1;
    if (this.#quiet > 2) {
      this.#end("nothing came any more, not even a pong");
      return;
    }
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
  }

  /** A socket that is gone cannot be told; Slack then sends the envelope again, which is a duplicate. */
  #acknowledge(id: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ envelope_id: id }), () => {});
  }

  #end(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#opening);
    clearInterval(this.#pinging);
    this.#hello.reject(
      new SwitchboardError("CONN_001", `A socket to Slack could not be opened: ${why}.`, { scope: "account" }),
    );
    if (why !== "closed here") {
      if (this.#socket.readyState !== WebSocket.CLOSED) this.#socket.terminate();
      this.#options.onClosed(why);
    }
  }
}

/** The update in an envelope: what would be the body of a call. */
export function updateIn(envelope: Body): unknown {
  return isBody(envelope.payload) ? bodyOf(envelope.payload) : envelope;
}
