/**
 * HTTP as channels need it, on node:http with kept-alive connections. Other clients cost several times as much and do not
 * tell whether a request that failed had left already, which decides what `delivered` says. Redirects are never followed:
 * a credential goes to no other address than the one that was meant.
 */
import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { Readable } from "node:stream";

/** A call without an answer. */
export class TransportError extends Error {
  /** Node's error code, or `TIMEOUT` or `ABORTED`. */
  readonly code: string;
  /** Whether the request may have reached the other side. */
  readonly sent: boolean;

  constructor(code: string, message: string, sent: boolean) {
    super(message);
    this.name = "TransportError";
    this.code = code;
    this.sent = sent;
  }
}

export interface Exchange {
  readonly url: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: OutgoingHttpHeaders | undefined;
  readonly body?: string | ReadableStream<Uint8Array> | null | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Until the answer is complete for `fetchText`, until its head is there for `openStream`. */
  readonly timeoutMs: number;
}

/** What a platform answers to a call; files come as streams. */
const MOST_BYTES = 16 * 1024 * 1024;
/** An idle connection is let go before the servers' usual limits, so that no request meets one that is closing. */
const agentOptions = { keepAlive: true, scheduling: "lifo", timeout: 15_000 } as const;
const agents: { http?: HttpAgent; https?: HttpsAgent } = {};

export interface TextAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Resolves with the whole answer. Rejects with a TransportError, `TOO_LARGE` for an answer of more than `mostBytes`
 * (default 16 MiB).
 */
export function fetchText(exchange: Exchange, mostBytes = MOST_BYTES): Promise<TextAnswer> {
  return perform(exchange, (response, resolve, fail, done) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    response.on("data", (piece: Buffer) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > mostBytes)
        fail(new TransportError("TOO_LARGE", `The answer has more than ${mostBytes} bytes.`, true));
    });
    response.on("end", () => {
      done();
      const text = Buffer.concat(pieces).toString("utf8");
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    response.on("error", fail);
  });
}

/**
 * Resolves when the answer's head is there; the body is the caller's to consume or destroy, and breaks off when nothing
 * comes for `timeoutMs`. Rejects with a TransportError.
 */
export function openStream(exchange: Exchange): Promise<IncomingMessage> {
  return perform(exchange, (response, resolve, _fail, done) => {
    done();
    const { signal, timeoutMs } = exchange;
    const stop = () => response.destroy(new TransportError("ABORTED", "The call was stopped.", true));
    signal?.addEventListener("abort", stop, { once: true });
    response.on("close", () => signal?.removeEventListener("abort", stop));
    response.setTimeout(timeoutMs, () => {
      response.destroy(new TransportError("TIMEOUT", `Nothing came for ${timeoutMs} ms.`, true));
    });
    resolve(response);
  });
}

type Receive<T> = (
  response: IncomingMessage,
  resolve: (value: T) => void,
  fail: (error: Error) => void,
  done: () => void,
) => void;

function perform<T>(exchange: Exchange, receive: Receive<T>): Promise<T> {
  const { body, signal } = exchange;
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) {
      reject(new TransportError("ABORTED", "The call was stopped.", false));
      return;
    }
    let connected = false;
    const headers: OutgoingHttpHeaders = { ...exchange.headers };
    if (typeof body === "string") headers["content-length"] = Buffer.byteLength(body);
    const request = start(exchange, headers, reject);
    if (!request) return;
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
    const fail = (error: Error & { code?: string }) => {
      done();
      const sent = connected || request.reusedSocket;
      reject(
        error instanceof TransportError
          ? new TransportError(error.code, error.message, sent)
          : new TransportError(error.code ?? "BROKEN", error.message, sent),
      );
      request.destroy();
    };
    const stop = () => fail(new TransportError("ABORTED", "The call was stopped.", false));
    const timer = setTimeout(
      () => fail(new TransportError("TIMEOUT", `No answer within ${exchange.timeoutMs} ms.`, false)),
      exchange.timeoutMs,
    );
    signal?.addEventListener("abort", stop, { once: true });
    request.on("socket", (socket) => {
      if (!socket.connecting) return;
      const secure = exchange.url.startsWith("https:");
      socket.once(secure ? "secureConnect" : "connect", () => {
        connected = true;
      });
    });
    request.on("error", fail);
    request.on("response", (response) => receive(response, resolve, fail, done));
    if (body instanceof ReadableStream) {
      const source = Readable.fromWeb(body as import("node:stream/web").ReadableStream);
      source.on("error", fail);
      request.on("close", () => source.destroy());
      source.pipe(request);
    } else {
      request.end(body ?? undefined);
    }
  });
}

function start(
  { url, method }: Exchange,
  headers: OutgoingHttpHeaders,
  reject: (error: TransportError) => void,
): ClientRequest | undefined {
  try {
    if (url.startsWith("https:")) {
      agents.https ??= new HttpsAgent(agentOptions);
      return requestHttps(url, { method, headers, agent: agents.https });
    }
    agents.http ??= new HttpAgent(agentOptions);
    return requestHttp(url, { method, headers, agent: agents.http });
  } catch (thrown) {
    // Node's own error for an address that is none carries the address, and with it the token.
    reject(new TransportError("ADDRESS", (thrown as Error).message, false));
    return undefined;
  }
}
