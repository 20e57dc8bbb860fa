/**
 * HTTP as this channel needs it, on node:http: the usual clients do not tell whether a request that failed had left
 * already, which decides what `delivered` says. Redirects are never followed here.
 */
import { type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

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
  readonly method: "GET" | "POST";
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Until the answer's head is there, and then between two pieces of it. */
  readonly timeoutMs: number;
}

/** Resolves when the answer's head is there; the body is the caller's to read or destroy. Rejects with a TransportError. */
export function exchange({ body, headers = {}, method, signal, timeoutMs, url }: Exchange): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new TransportError("ABORTED", "The call was stopped.", false));
      return;
    }
    let sent = false;
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const start = url.startsWith("https:") ? requestHttps : requestHttp;
    const request = start(url, { method, headers: { ...headers, ...length } });
    const fail = (error: Error & { readonly code?: string }, code = error.code ?? "BROKEN") => {
      reject(new TransportError(code, error.message, sent || request.reusedSocket));
      request.destroy();
    };
    const stop = () => fail(new Error("The call was stopped."), "ABORTED");
    signal.addEventListener("abort", stop, { once: true });
    request.on("close", () => signal.removeEventListener("abort", stop));
    request.setTimeout(timeoutMs, () => fail(new Error(`No answer within ${timeoutMs} ms.`), "TIMEOUT"));
    request.on("socket", (socket) => {
      if (!socket.connecting) return;
      socket.once(url.startsWith("https:") ? "secureConnect" : "connect", () => {
        sent = true;
      });
    });
    request.on("error", (error) => fail(error));
    request.on("response", resolve);
    request.end(body);
  });
}

/** The whole body. Rejects with a TransportError when it breaks off or is larger than `most` bytes. */
export async function readText(response: IncomingMessage, most: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of response) {
      bytes += (piece as Buffer).length;
      if (bytes > most) throw new Error(`The answer has more than ${most} bytes.`);
      pieces.push(piece as Buffer);
    }
  } catch (thrown) {
    response.destroy();
    throw new TransportError("BROKEN", (thrown as Error).message, true);
  }
  return Buffer.concat(pieces).toString("utf8");
}
