/** A webhook's other end that does as it is told. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface TakenDelivery {
  /** Path and query. */
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WebhookTarget extends AsyncDisposable {
  readonly url: string;
  readonly deliveries: readonly TakenDelivery[];
  /** Most deliveries that were waiting for their answer at the same time. */
  readonly mostAtOnce: () => number;
  /** Resolves when there have been this many deliveries. */
  count(wanted: number): Promise<void>;
}

/** `answer` may take its time; `false` breaks the connection. */
export async function webhookTarget(
  answer: (delivery: TakenDelivery, index: number) => Reply | false | Promise<Reply | false>,
): Promise<WebhookTarget> {
  const deliveries: TakenDelivery[] = [];
  const waiting: { readonly wanted: number; readonly resolve: () => void }[] = [];
  let open = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    open += 1;
    most = Math.max(most, open);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const delivery = { path: request.url ?? "", body, headers: request.headers };
    deliveries.push(delivery);
    const reply = await answer(delivery, deliveries.length - 1);
    open -= 1;
    if (reply === false) request.socket.destroy();
    else response.writeHead(reply.status, reply.headers).end(reply.body);
    for (const one of waiting) if (deliveries.length >= one.wanted) one.resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    mostAtOnce: () => most,
    count: (wanted) =>
      deliveries.length >= wanted
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push({ wanted, resolve });
          }),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
