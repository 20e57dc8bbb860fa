/** Stands before a simulator and notes every call with its answer, to hold them against a platform's description. */
import { createServer, type IncomingHttpHeaders, request as requestHttp } from "node:http";
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
  const own = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const { headers, method = "GET", url: path = "/" } = incoming;
    const sent = { ...headers, host: new URL(target).host };
    const outgoing = requestHttp(target + path, { method, headers: sent }, async (answered) => {
      const said = await buffer(answered);
      const { headers: told, statusCode: status = 0 } = answered;
      const isJson = /^application\/json\b/.test(told["content-type"] ?? "");
      const bytes = isJson ? Buffer.from(said.toString().replaceAll(target, own())) : said;
      if (isJson || status === 204) {
        const answer = isJson ? JSON.parse(bytes.toString()) : undefined;
        calls.push({ method, path, headers, body, status, answer });
      }
      const { "content-length": _, "transfer-encoding": __, ...kept } = told;
      response.writeHead(status, kept).end(bytes);
    });
    outgoing.on("error", () => response.destroy());
    outgoing.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: own(),
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
