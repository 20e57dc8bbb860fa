/**
 * One kept-alive HTTP/1.1 connection that makes one call at a time. Written on the socket itself: the load generator
 * shares the machine with what it measures, and every ordinary client costs more than the servers under test.
 */
import { connect, type Socket } from "node:net";

type Answered = (status: number) => void;

export class HttpLine {
  readonly #port: number;
  #socket: Socket;
  #received = "";
  #answered: Answered | undefined;

  private constructor(port: number, socket: Socket) {
    this.#port = port;
    this.#socket = this.#attached(socket);
  }

  static open(port: number): Promise<HttpLine> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1" }, () => {
        socket.off("error", reject);
        resolve(new HttpLine(port, socket));
      });
      socket.once("error", reject);
    });
  }

  /** Sends one whole request; `answered` hears the status once the answer is complete. One at a time. */
  send(request: string, answered: Answered): void {
    if (this.#answered) throw new Error("This connection has a call under way.");
    // A server may close what was idle for long, as while it works off what came before.
    if (this.#socket.destroyed) this.#socket = this.#attached(connect({ port: this.#port, host: "127.0.0.1" }));
    this.#answered = answered;
    this.#socket.write(request);
  }

  call(request: string): Promise<number> {
    return new Promise((resolve) => this.send(request, resolve));
  }

  close(): void {
    this.#answered = undefined;
    this.#socket.destroy();
  }

  #attached(socket: Socket): Socket {
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => this.#take(piece));
    // The end of an earlier socket may be told when the next one is in use.
    const failed = (error: Error) => socket === this.#socket && this.#fail(error);
    socket.on("error", failed);
    socket.on("close", () => failed(new Error("The server closed the connection in the middle of a call.")));
    return socket;
  }

  #take(piece: string): void {
    this.#received += piece;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#received.slice(0, end).toLowerCase();
    const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
    if (length === undefined) {
      this.#fail(new Error(`The server's answer has no length: ${head.slice(0, 200)}`));
      return;
    }
    if (this.#received.length < end + 4 + Number(length)) return;
    this.#received = "";
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(Number(head.slice(9, 12)));
  }

  /** A call that breaks off spoils the whole measurement: it ends here, loudly. */
  #fail(error: Error): void {
    if (!this.#answered) return;
    this.#answered = undefined;
    this.#socket.destroy();
    throw error;
  }
}

/** A POST as one string. The body must be ASCII. */
export function postRequest(path: string, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${more.join("")}\r\n${body}`;
}
