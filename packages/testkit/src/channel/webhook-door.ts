/** The gateway's webhook route in small: verified before parsed, stored before answered. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AccountContext,
  type Channel,
  type Connection,
  type SelfIdentity,
  toSwitchboardError,
  type WebhookReply,
  type WebhookRequest,
} from "@switchboard/domain";

export interface WebhookDoor {
  readonly url: string;
  readonly secret: string;
  /** Calls as they came, accepted or not. */
  readonly requests: WebhookRequest[];
  /** Whose calls it takes from now on; before that, and after `undefined`, it answers 503. */
  serve(
    account:
      | {
          readonly context: AccountContext;
          readonly self: () => SelfIdentity | undefined;
          readonly connection: Connection;
        }
      | undefined,
  ): void;
  close(): Promise<void>;
}

export async function openWebhookDoor(channel: Channel): Promise<WebhookDoor> {
  const secret = "Door-secret_of-43-characters-0123456789abcd";
  const requests: WebhookRequest[] = [];
  let served: Parameters<WebhookDoor["serve"]>[0];
  const take = async (request: WebhookRequest): Promise<WebhookReply | undefined> => {
    const { webhook } = channel;
    if (!served || !webhook) throw new Error("nobody is served");
    const { connection, context, self } = served;
    webhook.verify(request, { config: context.config, secret });
    const identity = self();
    const reader = { account: context.account, ...(identity && { self: identity }), config: context.config };
    const split = webhook.parse(request).flatMap((update) => channel.split(update, reader));
    const events = (await connection.annotate?.(split).catch(() => undefined)) ?? split;
    if (events.length > 0) await context.receive(events);
    await connection.heard?.(events).catch(() => {});
    return webhook.reply?.(request, { config: context.config });
  };
  const server = createServer((incoming, response) => {
    readRequest(incoming)
      .then(async (request) => {
        requests.push(request);
        const { status = 200, type, body } = (await take(request)) ?? { type: "application/json", body: '{"ok":true}' };
        response.writeHead(status, { "content-type": type }).end(body);
      })
      .catch((thrown: unknown) => response.writeHead(toSwitchboardError(thrown, "STORE_001").http).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/contract`,
    secret,
    requests,
    serve(account) {
      served = account;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<WebhookRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return {
    method: incoming.method ?? "",
    headers: incoming.headers as WebhookRequest["headers"],
    url: `http://${incoming.headers.host}${incoming.url}`,
    body: new Uint8Array(Buffer.concat(pieces)),
  };
}
