/**
 * One connection to Discord's gateway: identify or resume, heartbeat, and every dispatch handed on as it came. Why it is
 * our own: docs/adr/0037-a-gateway-client-of-our-own.md. The protocol: https://discord.com/developers/docs/events/gateway
 */
import { SwitchboardError } from "@switchboard/domain";
import { WebSocket } from "ws";
import { closed, endsSession } from "./errors.ts";

export interface ShardSession {
  readonly id: string;
  /** Where Discord wants it to be resumed. */
  readonly url: string;
  /** The newest dispatch that is stored. */
  readonly seq: number;
}

export interface Dispatch {
  readonly t: string;
  readonly s: number;
  readonly d: unknown;
}

export interface ShardConnectionOptions {
  readonly url: string;
  readonly token: string;
  readonly intents: number;
  /** Its number and how many there are. */
  readonly shard: readonly [number, number];
  /** Resumed, if there is one; its `seq` is what heartbeats say. */
  readonly session: () => ShardSession | undefined;
  /** Called in order; READY and RESUMED too. */
  readonly onDispatch: (dispatch: Dispatch) => void;
  readonly onPong: () => void;
  /** Once, after `connect` had resolved. */
  readonly onEnd: (error: SwitchboardError) => void;
  readonly timeoutMs: number;
}

const OP = { dispatch: 0, heartbeat: 1, identify: 2, resume: 6, reconnect: 7, invalid: 9, hello: 10, ack: 11 } as const;

/** Any code but 1000 and 1001 keeps the session: …/events/gateway#initiating-a-disconnect */
const KEEP_SESSION = 4200;
/** Whoever identifies too often is sent away; one may every five seconds. */
const IDENTIFY_MS = 5_000;

interface Frame {
  readonly op: number;
  readonly d?: unknown;
  readonly s?: number | null;
  readonly t?: string | null;
}

/** Used once: after it ended a new one is made. */
export class ShardConnection {
  readonly #options: ShardConnectionOptions;
  readonly #ready = Promise.withResolvers<void>();
  #socket: WebSocket | undefined;
  #beating: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #acked = true;
  #isReady = false;
  #ended = false;
  #greeted = false;
  #sessionOver = false;

  constructor(options: ShardConnectionOptions) {
    this.#options = options;
    this.#ready.promise.catch(() => {});
  }

  /** Whether the gateway said hello: there is one at the address. */
  get greeted(): boolean {
    return this.#greeted;
  }

  /** After the end: Discord has forgotten the session. What happened since is lost there; a new one is all one can have. */
  get sessionOver(): boolean {
    return this.#sessionOver;
  }

  /** Resolves on READY or RESUMED. @throws CONN_001, or what `closed` says of the gateway's refusal. */
  connect(): Promise<void> {
    if (this.#ended) return this.#ready.promise;
    const { timeoutMs, url } = this.#options;
    const address = `${url.replace(/\/+$/, "")}/?v=10&encoding=json`;
    try {
      const socket = new WebSocket(address, { handshakeTimeout: timeoutMs, perMessageDeflate: false });
      this.#socket = socket;
      socket.on("message", (data) => this.#onMessage(String(data)));
      socket.on("close", (code) => {
        this.#sessionOver ||= endsSession(code);
        this.#end(closed(code));
      });
      socket.on("error", (error) => this.#end(unreachable(error.message)));
    } catch (thrown) {
      this.#end(unreachable((thrown as Error).message));
    }
    this.#timer = setTimeout(() => this.#end(unreachable("it took too long")), timeoutMs);
    return this.#ready.promise;
  }

  /** The session stays, so that it can be resumed. Resolves when the socket is closed. */
  async close(): Promise<void> {
    this.#end(new SwitchboardError("SYS_001", "The connection was closed."), false);
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const hurry = setTimeout(() => socket.terminate(), 1_000);
      socket.once("close", () => {
        clearTimeout(hurry);
        resolve();
      });
    });
  }

  #end(error: SwitchboardError, tell = true): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#beating);
    clearTimeout(this.#timer);
    const wasReady = this.#isReady;
    this.#isReady = false;
    const socket = this.#socket;
    if (socket?.readyState === WebSocket.CONNECTING) socket.terminate();
    else socket?.close(KEEP_SESSION);
    // An error event after this has nobody left to tell.
    socket?.on("error", () => {});
    if (!wasReady) this.#ready.reject(error);
    else if (tell) this.#options.onEnd(error);
  }

  #onMessage(text: string): void {
    if (this.#ended) return;
    try {
      this.#onFrame(JSON.parse(text) as Frame);
    } catch (thrown) {
      this.#end(unreachable(`it said what is none of its frames: ${(thrown as Error).message}`));
    }
  }

  #onFrame(frame: Frame): void {
    switch (frame.op) {
      case OP.hello:
        this.#onHello((frame.d as { heartbeat_interval?: unknown }).heartbeat_interval);
        break;
      case OP.heartbeat:
        this.#beat();
        break;
      case OP.ack:
        this.#acked = true;
        this.#options.onPong();
        break;
      case OP.reconnect:
        this.#end(new SwitchboardError("CONN_001", "Discord asked for a new connection.", { scope: "account" }));
        break;
      case OP.invalid:
        this.#onInvalid(frame.d === true);
        break;
      case OP.dispatch:
        if (frame.t === "READY" || frame.t === "RESUMED") this.#onReady();
        this.#options.onDispatch({ t: frame.t ?? "", s: frame.s ?? 0, d: frame.d });
        break;
    }
  }

  /** Without a pause between two of them heartbeats would never end; more than one row of them nobody wants either. */
  #onHello(interval: unknown): void {
    if (this.#greeted) return;
    if (typeof interval !== "number" || !(interval >= 1)) throw new Error("a hello without an interval");
    this.#greeted = true;
    // The first beat comes at a random moment, so that not all bots beat at once.
    this.#beating = setTimeout(() => {
      this.#beat();
      this.#beating = setInterval(() => {
        if (this.#acked) return this.#beat();
        // A zombie: it takes what we write and says nothing.
        this.#end(unreachable("it no longer answers heartbeats"));
        this.#socket?.terminate();
      }, interval);
    }, interval * Math.random());
    this.#greet();
  }

  #greet(): void {
    const { intents, session, shard, token } = this.#options;
    const known = session();
    if (known) {
      this.#write(OP.resume, { token, session_id: known.id, seq: known.seq });
      return;
    }
    const properties = { os: process.platform, browser: "switchboard", device: "switchboard" };
    this.#write(OP.identify, { token, intents, shard, properties });
  }

  #onReady(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    clearTimeout(this.#timer);
    this.#ready.resolve();
  }

  /** In answer to a resume, or to whoever identifies too often; sometimes in between. */
  #onInvalid(resumable: boolean): void {
    const had = this.#options.session() !== undefined;
    this.#sessionOver = had && !resumable;
    const message = had ? "Discord has ended the session." : "Discord does not let the bot into the gateway now.";
    this.#end(
      new SwitchboardError("CONN_001", message, { scope: "account", ...(!had && { retryAfterMs: IDENTIFY_MS }) }),
    );
  }

  #beat(): void {
    this.#acked = false;
    this.#write(OP.heartbeat, this.#options.session()?.seq ?? null);
  }

  #write(op: number, d: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ op, d }));
  }
}

function unreachable(why: string): SwitchboardError {
  return new SwitchboardError("CONN_001", `Discord's gateway could not be reached: ${why}.`, { scope: "account" });
}
