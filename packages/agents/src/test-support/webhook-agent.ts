/** An agent behind an address, for tests: verifies every request with the reference library and does as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SwitchboardError } from "@switchboard/domain";
import type { AgentTurn } from "@switchboard/protocol";
import { Webhook } from "standardwebhooks";
import type { AgentRuntimesOptions } from "../runtimes.ts";
import type { Post } from "../webhook/webhook-runtime.ts";

export const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes, ok").toString("base64")}`;

export interface Asked {
  readonly id: string;
  readonly event: Readonly<Record<string, unknown>> & { readonly data: AgentTurn };
  readonly headers: IncomingMessage["headers"];
}

export interface WebhookAgent {
  readonly url: string;
  /** Requests whose signature is good, oldest first. */
  readonly asked: readonly Asked[];
  /** How many had a wrong one. */
  forged(): number;
  respond(answer: (response: ServerResponse, asked: Asked) => void): void;
  close(): Promise<void>;
}

export async function startWebhookAgent(secret = SECRET): Promise<WebhookAgent> {
  const webhook = new Webhook(secret);
  const asked: Asked[] = [];
  let forged = 0;
  let answer: (response: ServerResponse, request: Asked) => void = (response) => json(response, { text: "ok" });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    try {
      const event = webhook.verify(body, request.headers as Record<string, string>) as Asked["event"];
      const one = { id: String(request.headers["webhook-id"]), event, headers: request.headers };
      asked.push(one);
      answer(response, one);
    } catch {
      forged += 1;
      response.writeHead(401).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/agent`,
    asked,
    forged: () => forged,
    respond: (next) => {
      answer = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** One server-sent event. */
export function sse(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Opens a stream of events; the first is sent along. */
export function stream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { "content-type": "text/event-stream" });
}

/** Where turns are answered later; nobody is there. */
export const plainReply: NonNullable<AgentRuntimesOptions["replyTo"]> = async (_tenant, turn) => ({
  url: "http://127.0.0.1/agents/replies",
  token: `token of ${turn}`,
  hash: `hash of ${turn}`,
});

/** Calls without asking whether the address may be called. */
export const plainPost: Post = async (url, { body, headers, signal }) => {
  const response = await fetch(url, { method: "POST", body, headers, signal, redirect: "manual" }).catch((error) => {
    throw new SwitchboardError("NET_001", String(error));
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: response.body ?? new Blob([]).stream(),
  };
};
