/** A WebSocket client that may break every rule: it writes the bytes it is told to and reads what it likes. */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame from the gateway, as far as it can be read. */
export interface Heard {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly ok?: unknown;
  readonly event?: unknown;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly error?: Readonly<Record<string, unknown>>;
}

export interface LineOptions {
  readonly port: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Is told every frame and its text. */
  heard(frame: Heard, text: string): void;
}

interface FrameBits {
  readonly opcode?: number;
  readonly fin?: boolean;
  readonly masked?: boolean;
  readonly reserved?: number;
  /** What the header says of the length; default the truth. */
  readonly claims?: number;
}

const OPENING_MS = 10_000;

export class Line {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #options: LineOptions;
  readonly #waiting = new Set<{ fits(frame: Heard): boolean; take(frame: Heard | undefined): void }>();
  #rest: Buffer;
  #over = false;

  private constructor(socket: Socket, rest: Buffer, options: LineOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#rest = rest;
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#over = true;
        for (const each of this.#waiting) each.take(undefined);
        resolve();
      });
    });
    socket.on("data", (bytes) => this.#read(bytes));
    // Whoever opened the line has to be able to wait for what came with the answer.
    setImmediate(() => this.#read(Buffer.alloc(0)));
  }

  /** `undefined`: the gateway did not let the socket in. */
  static open(options: LineOptions): Promise<Line | undefined> {
    const socket = connect(options.port, "127.0.0.1");
    socket.setNoDelay(true);
    return new Promise((resolve) => {
      const refused = () => {
        socket.destroy();
        resolve(undefined);
      };
      socket.on("error", refused).once("close", refused).setTimeout(OPENING_MS, refused);
      socket.write(opening(options.headers ?? {}));
      let head = Buffer.alloc(0);
      const read = (bytes: Buffer) => {
        head = Buffer.concat([head, bytes]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        socket.off("data", read).off("close", refused).setTimeout(0);
        if (!head.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101"))) return refused();
        resolve(new Line(socket, head.subarray(end + 4), options));
      };
      socket.on("data", read);
    });
  }

  get over(): boolean {
    return this.#over;
  }

  /** One text frame. */
  say(frame: unknown): void {
    this.frame(Buffer.from(typeof frame === "string" ? frame : JSON.stringify(frame)));
  }

  /** One frame with whatever bits. */
  frame(payload: Buffer, bits: FrameBits = {}): void {
    this.bytes(frameBytes(payload, bits));
  }

  bytes(bytes: Buffer): void {
    if (!this.#over && this.#socket.writable) this.#socket.write(bytes);
  }

  /** The next frame that fits, from now on; `undefined` when the line closes or `ms` pass before. */
  next(fits: (frame: Heard) => boolean, ms: number): Promise<Heard | undefined> {
    if (this.#over) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const take = (frame: Heard | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(entry);
        resolve(frame);
      };
      const entry = { fits, take };
      const timer = setTimeout(() => take(undefined), ms);
      this.#waiting.add(entry);
    });
  }

  answer(id: string, ms: number): Promise<Heard | undefined> {
    return this.next((frame) => frame.type === "res" && frame.id === id, ms);
  }

  /** Reads no more. */
  deafen(): void {
    this.#socket.pause();
  }

  drop(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const frame = firstFrame(this.#rest);
      if (!frame) return;
      this.#rest = this.#rest.subarray(frame.size);
      if (frame.opcode === OPCODES.ping) this.frame(frame.payload, { opcode: OPCODES.pong });
      else if (frame.opcode === OPCODES.close) this.#socket.end();
      else if (frame.opcode === OPCODES.text) this.#heard(frame.payload.toString());
    }
  }

  #heard(text: string): void {
    const frame = JSON.parse(text) as Heard;
    this.#options.heard(frame, text);
    for (const each of this.#waiting) if (each.fits(frame)) each.take(frame);
  }
}

export function opening(headers: Readonly<Record<string, string>>): string {
  const key = randomBytes(16).toString("base64");
  const all = {
    Host: "127.0.0.1",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": key,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `GET / HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** A client's frame (RFC 6455 §5.2), or what looks like one. */
export function frameBytes(
  payload: Buffer,
  { claims = payload.length, fin = true, masked = true, opcode = OPCODES.text, reserved = 0 }: FrameBits = {},
): Buffer {
  const head = Buffer.alloc(10);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const bit = masked ? 0x80 : 0;
  let size = 2;
  if (claims < 126) head[1] = bit | claims;
  else if (claims < 65_536) {
    head[1] = bit | 126;
    head.writeUInt16BE(claims, 2);
    size = 4;
  } else {
    head[1] = bit | 127;
    head.writeBigUInt64BE(BigInt(claims), 2);
    size = 10;
  }
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head.subarray(0, size), Buffer.alloc(masked ? 4 : 0), payload]);
}

/** The gateway sends whole frames without a mask. */
function firstFrame(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + length) return undefined;
  return {
    opcode: (bytes[0] ?? 0) & 0x0f,
    payload: bytes.subarray(start, start + length),
    size: start + length,
  };
}
