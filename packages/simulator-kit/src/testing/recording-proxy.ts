/** Stands before a simulator and notes every call with its answer, to hold them against a platform's description. */
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface SeenCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly status: number;
  /** The answer's JSON; `undefined` for 204. */
  readonly answer: unknown;
}

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  /** Calls that were answered with JSON or 204; files pass unnoted. */
  readonly calls: readonly SeenCall[];
}

/** `target`: the simulator's address; where its answers name it they name the proxy instead. */
export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const calls: SeenCall[] = [];
  const server = createServer((incoming, response) => {
    // Either side may hang up at any moment, also after the proxy was closed.
    passOn(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function passOn(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const { headers, method = "GET", url: path = "/" } = incoming;
    const outgoing = requestHttp(target + path, { method, headers: { ...headers, host: new URL(target).host } });
    outgoing.end(body);
    const [answered] = (await once(outgoing, "response")) as [IncomingMessage];
    const said = await buffer(answered);
    const { headers: told, statusCode: status = 0 } = answered;
    const isJson = /^application\/json\b/.test(told["content-type"] ?? "");
    const bytes = isJson ? Buffer.from(said.toString().replaceAll(target, url)) : said;
    if (isJson || status === 204) {
      const answer = isJson ? JSON.parse(bytes.toString()) : undefined;
      calls.push({ method, path, headers, body, status, answer });
    }
    const { "content-length": _, "transfer-encoding": __, ...kept } = told;
    response.writeHead(status, kept).end(bytes);
  }

  return {
    url,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
