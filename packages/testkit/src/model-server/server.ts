/** A model provider on loopback: real HTTP, both wire protocols, every way in which providers fail. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fail, perform } from "./answer.ts";
import { anthropicDialect } from "./anthropic-dialect.ts";
import type { ModelRequest, Reaction, RecordedRequest, WireProtocol } from "./behaviour.ts";
import { type Dialect, isRecord, RequestProblem } from "./dialect.ts";
import { openaiDialect } from "./openai-dialect.ts";

export interface ModelServerOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** The only key that is let in; default: any, or none. */
  readonly apiKey?: string;
  /** The only models it knows; default: any name. */
  readonly models?: readonly string[];
  /** What to do when nothing is queued; default: echo. */
  readonly otherwise?: Reaction;
  /** How many requests are remembered. Default 1000. */
  readonly remember?: number;
}

export interface ModelServer {
  /** Base URL of an agent's settings, for either protocol. */
  readonly baseUrl: string;
  /** The newest requests, oldest first; those that the server itself refused (wrong key, wrong form) are not among them. */
  readonly requests: readonly RecordedRequest[];
  /** How many requests were counted in all. */
  readonly count: number;
  /** The next requests are answered so, one each, in order. */
  next(...reactions: readonly Reaction[]): void;
  /** What happens when nothing is queued. */
  otherwise(reaction: Reaction): void;
  /** Forgets requests and what was queued. */
  reset(): void;
  /** Resolves when request `number` (1-based) has an outcome; rejects after `timeoutMs` (default 5 s). */
  settled(number: number, timeoutMs?: number): Promise<RecordedRequest>;
  close(): Promise<void>;
}

const PATHS: Readonly<Record<string, { protocol: WireProtocol; dialect: Dialect }>> = {
  "/v1/chat/completions": { protocol: "openai", dialect: openaiDialect },
  "/v1/messages": { protocol: "anthropic", dialect: anthropicDialect },
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const MAX_BODY_BYTES = 64 * 1024 * 1024;

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const remember = options.remember ?? 1000;
  let fallback: Reaction = options.otherwise ?? { type: "echo" };
  let queue: Reaction[] = [];
  let requests: Mutable<RecordedRequest>[] = [];
  let waiting: { number: number; found: (request: RecordedRequest) => void }[] = [];
  let count = 0;

  const settle = (request: Mutable<RecordedRequest>, outcome: RecordedRequest["outcome"], status?: number) => {
    if (request.outcome !== "running") return;
    request.outcome = outcome;
    if (status !== undefined) request.status = status;
    for (const waiter of waiting) if (waiter.number === request.number) waiter.found(request);
    waiting = waiting.filter((waiter) => waiter.number !== request.number);
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const path = new URL(incoming.url ?? "/", "http://localhost").pathname;
    if (path === "/v1/models") {
      response.writeHead(200, { "content-type": "application/json" });
      const data = (options.models ?? ["test-model"]).map((id) => ({ id, object: "model", owned_by: "test" }));
      response.end(JSON.stringify({ object: "list", data }));
      return;
    }
    const place = PATHS[path];
    if (place === undefined || incoming.method !== "POST") {
      incoming.resume();
      response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found");
      return;
    }
    const { dialect, protocol } = place;
    const headers = headersOf(incoming);
    const left = new AbortController();
    const body = await bodyOf(incoming);
    try {
      authorise(protocol, headers, options.apiKey);
      const read = dialect.read(body);
      if (options.models && !options.models.includes(read.model)) {
        const code = protocol === "openai" ? "model_not_found" : "not_found_error";
        throw new RequestProblem(`The model ${read.model} does not exist`, { status: 404, code });
      }
      const request: ModelRequest = { ...read, number: ++count, protocol, headers, body };
      const recorded: Mutable<RecordedRequest> = { ...request, outcome: "running" };
      requests.push(recorded);
      if (requests.length > remember) requests.shift();
      response.once("close", () => {
        const status = response.headersSent ? response.statusCode : undefined;
        settle(recorded, response.writableFinished ? "answered" : "abandoned", status);
        left.abort(new Error("the other side left"));
      });
      const reaction = queue.shift() ?? fallback;
      const behaviour = typeof reaction === "function" ? reaction(request) : reaction;
      await perform(behaviour, request, dialect, response, left.signal);
    } catch (error) {
      if (left.signal.aborted) return;
      if (!(error instanceof RequestProblem)) throw error;
      fail({ type: "error", status: error.status, message: error.message, code: error.code }, dialect, response);
    }
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    baseUrl: `http://${options.host ?? "127.0.0.1"}:${port}/v1`,
    get requests() {
      return requests;
    },
    get count() {
      return count;
    },
    next: (...reactions) => {
      queue.push(...reactions);
    },
    otherwise: (reaction) => {
      fallback = reaction;
    },
    reset: () => {
      queue = [];
      requests = [];
      count = 0;
    },
    settled: (number, timeoutMs = 5_000) =>
      new Promise((resolve, reject) => {
        const there = requests.find((request) => request.number === number && request.outcome !== "running");
        if (there) return resolve(there);
        const timer = setTimeout(
          () => reject(new Error(`request ${number} has no outcome; ${count} requests came`)),
          timeoutMs,
        );
        const found = (request: RecordedRequest) => {
          clearTimeout(timer);
          resolve(request);
        };
        waiting.push({ number, found });
      }),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

async function bodyOf(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new Error("body too large");
    chunks.push(bytes);
  }
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (!isRecord(body)) throw new Error("the body is no JSON object");
  return body;
}

/** @throws RequestProblem with 401 */
function authorise(protocol: WireProtocol, headers: Record<string, string>, apiKey: string | undefined): void {
  if (apiKey === undefined) return;
  const given = protocol === "openai" ? headers.authorization?.replace(/^Bearer /, "") : headers["x-api-key"];
  if (given !== apiKey) {
    // Real providers repeat the key they refuse, so this one does too.
    throw new RequestProblem(`Incorrect API key provided: ${given ?? "none"}.`, {
      status: 401,
      code: protocol === "openai" ? "invalid_api_key" : "authentication_error",
    });
  }
}
