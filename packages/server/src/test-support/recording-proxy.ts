/** Stands between the platform and the gateway's webhook: writes down what passes, and can let it pass again. */
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  readonly passed: readonly Passed[];
  /** Changes what passes from now on. */
  rewrite(change: ((body: string) => string) | undefined): void;
  /** Sends a call like one that passed before, changed or not. */
  send(call: Pick<Passed, "method" | "path" | "headers" | "body">): Promise<Passed>;
}

export async function startRecordingProxy(port: number): Promise<RecordingProxy> {
  const passed: Passed[] = [];
  let change: ((body: string) => string) | undefined;
  const forward = (call: Pick<Passed, "method" | "path" | "headers" | "body">): Promise<Passed> =>
    new Promise((resolve, reject) => {
      const { "content-length": _, "transfer-encoding": __, ...headers } = call.headers;
      const { method, path, body } = call;
      const outgoing = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString("utf8");
          const done = { ...call, status: response.statusCode ?? 0, answer };
          passed.push(done);
          resolve(done);
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "GET", url: path = "/", headers } = incoming;
      const body = Buffer.concat(chunks).toString("utf8");
      forward({ method, path, headers, body: change ? change(body) : body }).then(
        ({ status, answer }) => response.writeHead(status).end(answer),
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    rewrite(next) {
      change = next;
    },
    send: forward,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
