/** An operator of a tenant on the WebSocket: asks any number of things at once and keeps every event that came. */
import { once } from "node:events";
import { type MethodName, type Params, type Result, SCOPES } from "@switchboard/protocol";
import { WebSocket } from "ws";
import type { GatewayOptions } from "../../gateway.ts";

/** Who says so in its display name is of that tenant: in tests only. */
export const tenantByName: NonNullable<GatewayOptions["tenantOf"]> = ({ params }) =>
  (/^tenant (\S+)$/.exec(params.client.displayName ?? "")?.[1] ?? "default") as ReturnType<
    NonNullable<GatewayOptions["tenantOf"]>
  >;

export interface LineAnswer {
  readonly ok: boolean;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly error?: Readonly<Record<string, unknown>>;
}

interface Frame extends LineAnswer {
  readonly type: "res" | "event";
  readonly id: string;
  readonly event: string;
}

const PATIENCE_MS = 30_000;

export class Line {
  /** As they came, each as JSON. */
  readonly events: { readonly name: string; readonly text: string }[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (answer: LineAnswer) => void>();
  #asked = 0;
  #over = false;

  /** Of a socket that is through the handshake. */
  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("close", () => {
      for (const answer of this.#waiting.values()) answer({ ok: false, error: { message: "the line was closed" } });
      this.#waiting.clear();
      this.#over = true;
    });
    socket.on("message", (data) => {
      const text = data.toString();
      const frame = JSON.parse(text) as Frame;
      if (frame.type === "event") {
        this.events.push({ name: frame.event, text });
        return;
      }
      this.#waiting.get(frame.id)?.({
        ok: frame.ok,
        ...(frame.payload && { payload: frame.payload }),
        ...(frame.error && { error: frame.error }),
      });
      this.#waiting.delete(frame.id);
    });
  }

  static async open(url: string, token: string, tenant: string): Promise<Line> {
    const socket = new WebSocket(url.replace("http", "ws"), { perMessageDeflate: false });
    const line = new Line(socket);
    await once(socket, "open");
    const hello = await line.ask("connect", {
      minProtocol: 4,
      maxProtocol: 4,
      client: { id: "cli", version: "1.0.0", platform: "linux", mode: "cli", displayName: `tenant ${tenant}` },
      scopes: [...SCOPES],
      caps: ["tool-events"],
      auth: { token },
    });
    if (!hello.ok) throw new Error(`refused: ${JSON.stringify(hello.error)}`);
    return line;
  }

  /** The first answer, whatever it is. */
  async ask(method: string, params: unknown): Promise<LineAnswer> {
    if (this.#over) throw new Error(`${method} cannot be asked: the line was closed`);
    this.#asked += 1;
    const id = `q${this.#asked}`;
    const { promise, reject, resolve } = Promise.withResolvers<LineAnswer>();
    const late = setTimeout(() => reject(new Error(`${method} was not answered`)), PATIENCE_MS);
    this.#waiting.set(id, (answer) => {
      clearTimeout(late);
      resolve(answer);
    });
    this.#socket.send(JSON.stringify({ type: "req", id, method, params }));
    return promise;
  }

  /** What a good answer says. */
  async get<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    const { error, ok, payload } = await this.ask(method, params);
    if (!ok) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return payload as Result<M>;
  }

  close(): void {
    this.#socket.terminate();
  }
}
