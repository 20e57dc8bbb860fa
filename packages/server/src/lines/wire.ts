/** One WebSocket, as the rest sees it: text out, bytes in, an end that always comes. */
import type { Clock } from "@switchboard/core/ports";
import { CLOSE } from "@switchboard/protocol";
import type { RawData, WebSocket } from "ws";
import type { GatewayLimits } from "./limits.ts";

export interface WireEvents {
  message(bytes: Buffer): void;
  /** The last thing that happens. */
  closed(code: number, reason: string): void;
}

export class Wire {
  readonly #socket: WebSocket;
  readonly #limits: GatewayLimits;
  readonly #clock: Clock;
  #ending: { readonly code: number; readonly reason: string } | undefined;
  #cancelPing = () => {};
  #cancelGrace = () => {};
  #pings = 0;
  /** The number of the last ping that went out, and of the last that was answered. */
  #flushed = 0;
  #answered = 0;

  constructor(socket: WebSocket, limits: GatewayLimits, clock: Clock, events: WireEvents) {
    this.#socket = socket;
    this.#limits = limits;
    this.#clock = clock;
    socket.on("message", (data) => {
      if (!this.#ending) events.message(bytesOf(data));
    });
    socket.on("pong", () => {
      this.#answered = this.#pings;
    });
    // A frame that is no frame: ws closes with the fitting code itself; "close" follows.
    socket.on("error", () => {});
    socket.on("close", (code, reason) => {
      this.#cancelPing();
      this.#cancelGrace();
      events.closed(this.#ending?.code ?? code, this.#ending?.reason ?? reason.toString());
    });
  }

  get open(): boolean {
    return this.#ending === undefined && this.#socket.readyState === this.#socket.OPEN;
  }

  /**
   * Sends a frame. One that does not fit into what may wait is left out when `dropIfSlow`; otherwise it ends the
   * connection, since a client must never miss an answer without knowing.
   */
  send(text: string, options: { readonly dropIfSlow?: boolean } = {}): boolean {
    if (!this.open) return false;
    if (this.#socket.bufferedAmount + Buffer.byteLength(text) > this.#limits.maxBufferedBytes) {
      if (!options.dropIfSlow) this.close(CLOSE.policy, "slow consumer");
      return false;
    }
    this.#socket.send(text);
    return true;
  }

  /** Reads nothing more for now, except what has arrived already. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says goodbye; cuts the line when the other side does not answer. */
  close(code: number, reason = ""): void {
    if (this.#ending) return;
    this.#ending = { code, reason };
    this.#cancelPing();
    this.#socket.close(code, fitting(reason, this.#limits.closeReasonBytes));
    this.#cancelGrace = this.#clock.after(this.#limits.closeGraceMs, () => this.#socket.terminate());
  }

  /** From now on large frames are taken, and proof of life is asked for. */
  established(): void {
    raiseMaxPayload(this.#socket, this.#limits.maxPayload);
    this.#pingLater();
  }

  #pingLater(): void {
    this.#cancelPing = this.#clock.after(this.#limits.pingMs, () => {
      // A ping that still stands behind other frames proves nothing.
      if (this.#flushed > this.#answered) return this.#socket.terminate();
      this.#pings += 1;
      const number = this.#pings;
      this.#socket.ping(undefined, undefined, () => {
        this.#flushed = number;
      });
      this.#pingLater();
    });
  }
}

/**
 * ws has no public way to change a socket's limit, and a large limit from the start would let strangers fill our
 * memory. The field is checked, so that another version of ws fails here and not in silence.
 */
function raiseMaxPayload(socket: WebSocket, bytes: number): void {
  const receiver = (socket as unknown as { _receiver?: { _maxPayload?: unknown } })._receiver;
  if (typeof receiver?._maxPayload !== "number") throw new TypeError("this version of ws keeps its limit elsewhere");
  receiver._maxPayload = bytes;
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** The first `most` bytes of UTF-8 without half a character. */
function fitting(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  return new TextDecoder().decode(bytes.subarray(0, most), { stream: true });
}
