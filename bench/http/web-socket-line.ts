/**
 * One WebSocket to a server on this machine, on the socket itself, for the reason that HttpLine has: text frames only,
 * no fragments, no extensions.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

const UPGRADE =
  "GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n";
const [TEXT, CLOSE, PING, PONG] = [0x1, 0x8, 0x9, 0xa];

export class WebSocketLine {
  /** Hears every text the server sends. */
  onText: (text: string) => void = () => {};
  /** Hears, once, that the line ended without `close`. */
  onBroken: (error: Error) => void = () => {};
  readonly #socket: Socket;
  readonly #mask = randomBytes(4);
  #received: Buffer = Buffer.alloc(0);
  #upgraded = false;
  #ended = false;

  /** Connects at once; `onText` hears what comes from then on. */
  constructor(port: number) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket = socket;
    socket.once("connect", () =>
      socket.write(`${UPGRADE}sec-websocket-key: ${randomBytes(16).toString("base64")}\r\n\r\n`),
    );
    socket.on("data", (piece: Buffer) => this.#take(piece));
    socket.on("error", (error) => this.#broken(error));
    socket.on("close", () => this.#broken(new Error("The server closed a WebSocket.")));
  }

  send(text: string): void {
    this.#socket.write(this.#frame(TEXT, Buffer.from(text)));
  }

  /** Says goodbye; the server ends the line. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.end(this.#frame(CLOSE, Buffer.from([0x03, 0xe8])));
  }

  #take(piece: Buffer): void {
    this.#received = this.#received.length === 0 ? piece : Buffer.concat([this.#received, piece]);
    if (!this.#upgraded) this.#takeUpgrade();
    if (!this.#upgraded) return;
    for (let frame = takeFrame(this.#received); frame; frame = takeFrame(this.#received)) {
      this.#received = this.#received.subarray(frame.size);
      if (this.#ended) continue;
      if (frame.opcode === TEXT) this.onText(frame.payload.toString("utf8"));
      else if (frame.opcode === PING) this.#socket.write(this.#frame(PONG, frame.payload));
      else if (frame.opcode === CLOSE) this.#broken(new Error(`The server said goodbye: ${reasonOf(frame.payload)}`));
    }
  }

  #takeUpgrade(): void {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#received.toString("latin1", 0, end);
    this.#received = this.#received.subarray(end + 4);
    this.#upgraded = head.startsWith("HTTP/1.1 101");
    if (!this.#upgraded) this.#broken(new Error(`The server opened no WebSocket: ${head.split("\r\n")[0]}`));
  }

  #broken(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    this.onBroken(error);
  }

  /** One masked frame. */
  #frame(opcode: number, payload: Buffer): Buffer {
    const { length } = payload;
    const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    const frame = Buffer.allocUnsafe(header + 4 + length);
    frame[0] = 0x80 | opcode;
    frame[1] = 0x80 | (length < 126 ? length : header === 4 ? 126 : 127);
    if (header === 4) frame.writeUInt16BE(length, 2);
    if (header === 10) frame.writeBigUInt64BE(BigInt(length), 2);
    this.#mask.copy(frame, header);
    for (let index = 0; index < length; index++) {
      frame[header + 4 + index] = (payload[index] ?? 0) ^ (this.#mask[index & 3] ?? 0);
    }
    return frame;
  }
}

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes of the whole. */
  readonly size: number;
}

/** The first whole frame in what was received from a server. */
function takeFrame(received: Buffer): Frame | undefined {
  if (received.length < 2) return undefined;
  const [first = 0, second = 0] = received;
  const header = second < 126 ? 2 : second === 126 ? 4 : 10;
  if (received.length < header) return undefined;
  const length = header === 2 ? second : header === 4 ? received.readUInt16BE(2) : Number(received.readBigUInt64BE(2));
  const size = header + length;
  if (received.length < size) return undefined;
  return { opcode: first & 0x0f, payload: received.subarray(header, size), size };
}

function reasonOf(payload: Buffer): string {
  return payload.length < 2 ? "without a reason" : `${payload.readUInt16BE(0)} ${payload.toString("utf8", 2)}`;
}
