/** Stands before a simulator and notes every call of the Graph API with its answer. */
import { request as call, createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly status: number;
  readonly answer: unknown;
}

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly SeenCall[];
}

export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const calls: SeenCall[] = [];
  const read = async (stream: AsyncIterable<Buffer>) => {
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const server = createServer(async (incoming, response) => {
    const body = await read(incoming);
    const { headers, method = "GET", url: path = "/" } = incoming;
    const sent = { ...headers, host: new URL(target).host };
    const outgoing = call(target + path, { method, headers: sent }, async (answered) => {
      const said = await read(answered);
      const isJson = answered.headers["content-type"] === "application/json";
      // The addresses of files lead here, too.
      const bytes = isJson ? Buffer.from(said.toString().replaceAll(target, own())) : said;
      const { headers: told, statusCode: status = 0 } = answered;
      if (isJson) {
        calls.push({ method, path, headers, body, status, answer: JSON.parse(bytes.toString()) });
      }
      response.writeHead(status, { "content-type": told["content-type"] ?? "text/plain" }).end(bytes);
    });
    outgoing.end(body);
  });
  const own = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: own(),
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
