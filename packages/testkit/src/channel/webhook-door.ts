/** The gateway's webhook route for one account: a socket, and behind it the gateway's own way of a call. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { takeCall, takeEvents } from "@switchboard/core";
import {
  type Channel,
  type Connection,
  type SelfIdentity,
  SwitchboardError,
  toSwitchboardError,
  type WebhookReply,
  type WebhookRequest,
} from "@switchboard/domain";
import type { ContractAccount } from "./contract-account.ts";

export interface Served {
  readonly account: Pick<ContractAccount, "context">;
  readonly connection: Connection;
  /** Who the account is, once that is known. */
  readonly identified: Promise<SelfIdentity>;
  /** False: events are stored as while the account is not connected. */
  readonly annotates?: boolean;
}

export interface WebhookDoor {
  readonly url: string;
  readonly secret: string;
  /** Calls as they came, accepted or not. */
  readonly requests: WebhookRequest[];
  /** Whose calls it takes from now on; before that, and after `undefined`, it answers 503. */
  serve(account: Served | undefined): void;
  close(): Promise<void>;
}

export async function openWebhookDoor(channel: Channel): Promise<WebhookDoor> {
  const secret = "Door-secret_of-43-characters-0123456789abcd";
  const requests: WebhookRequest[] = [];
  let served: Served | undefined;
  const take = async (request: WebhookRequest): Promise<WebhookReply | undefined> => {
    if (!served) throw new Error("nobody is served");
    const { account, annotates = true, connection, identified } = served;
    const { context } = account;
    const live = () => (connection.isConnected() ? connection : undefined);
    return takeCall(
      {
        account: context.account,
        channel,
        config: context.config,
        secret,
        identified: () => Promise.race([identified, stopped(context.signal)]),
        connection: live,
        sawInbound: () => {},
        take: (events) =>
          takeEvents(events, {
            connection: annotates ? live() : undefined,
            receive: context.receive,
            hear: async (heard) => connection.stored?.(heard).catch(() => {}),
          }),
      },
      request,
    );
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

/** Rejects when the account stops. */
function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new SwitchboardError("CONN_001", "The account was stopped."));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
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
