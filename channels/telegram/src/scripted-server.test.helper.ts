/** A Bot API server whose answers a test writes down, on a real socket. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** The body's JSON; empty for other bodies. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly response: ServerResponse;
}

/** A result, a whole answer with `ok`, or `undefined` when the test has answered or will not. */
export type Answer = (call: Call) => unknown;

export const TOKEN = "5550001:AAE-secret_part_of_the_token_0123456";
export const BOT = {
  id: 5550001,
  is_bot: true,
  first_name: "Desk",
  username: "desk_bot",
  can_join_groups: true,
  can_read_all_group_messages: true,
};

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly calls: Call[];
  /** Connections that were ever opened. */
  connections(): number;
  /** The calls of one method. */
  of(method: string): Call[];
}

/** Answers `getMe` and `getWebhookInfo` by itself unless the test does. Unknown methods get `true`. */
export async function scriptedServer(answers: Readonly<Record<string, Answer>> = {}): Promise<ScriptedServer> {
  const calls: Call[] = [];
  let connections = 0;
  const usual: Readonly<Record<string, Answer>> = {
    getMe: () => BOT,
    getWebhookInfo: () => ({ url: "", has_custom_certificate: false, pending_update_count: 0 }),
    getUpdates: () => undefined,
    sendMessage: ({ params }) => ({ message_id: 100, date: 1, chat: { id: params.chat_id, type: "private" } }),
  };
  const server = createServer((request, response) => {
    void read(request, response).then(async (call) => {
      calls.push(call);
      const answer = answers[call.method] ?? usual[call.method] ?? (() => true);
      const result: unknown = await answer(call);
      if (result !== undefined) respond(response, result);
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    connections: () => connections,
    of: (method) => calls.filter((call) => call.method === method),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(request: IncomingMessage, response: ServerResponse): Promise<Call> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    // The other side hung up; what came is what there is.
  }
  const body = Buffer.concat(pieces);
  const path = request.url ?? "";
  const contentType = request.headers["content-type"] ?? "";
  const params = contentType.startsWith("application/json") ? (JSON.parse(body.toString()) as Call["params"]) : {};
  return { method: path.split("/").at(-1) ?? "", path, contentType, body, params, response };
}

function respond(response: ServerResponse, result: unknown): void {
  const whole = typeof result === "object" && result !== null && "ok" in result;
  const answer = whole ? result : { ok: true, result };
  const status = whole && "error_code" in result ? Number(result.error_code) : 200;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}

/** An unsuccessful answer. */
export function refusal(error_code: number, description: string, parameters?: object): object {
  return { ok: false, error_code, description, ...(parameters && { parameters }) };
}
