/** The toy's addresses: `POST /toy/send` with a token says something, `GET /toy/updates` takes what was said. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseJsonObject, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { type Accounts, readBody, type Serve, underFault } from "../../index.ts";
import { post, type World } from "./world.ts";

export function api(accounts: Accounts<World>): Serve {
  return (request, response) => {
    if (!request.url?.startsWith("/toy/")) return false;
    const world = accounts.byKey(request.headers.authorization ?? "");
    void answer(world, request, response).catch((error: unknown) => {
      const { http, message } = toSwitchboardError(error);
      response.writeHead(http).end(message);
    });
    return true;
  };
}

async function answer(world: World | undefined, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!world) throw new SwitchboardError("REQ_005", "Who are you?");
  if (request.url === "/toy/updates") {
    const updates = [...world.queue.from()];
    for (const { id } of updates) world.queue.confirm(id);
    world.journal.flush();
    response.end(`[${updates.map(({ body }) => body).join(",")}]`);
    return;
  }
  const { chat, text } = parseJsonObject((await readBody(request, 10_000)).toString()) ?? {};
  const outcome = await underFault({
    fault: world.faults.take("send", String(chat)),
    refusal: ({ kind }) => (kind === "rate-limit" ? new SwitchboardError("CONN_003", "Too many messages") : undefined),
    run: () => {
      const { number } = post(world, String(chat), String(text), true);
      world.journal.flush();
      return number;
    },
  });
  if (outcome.kind === "cut") request.socket.destroy();
  else response.end(JSON.stringify({ number: outcome.result }));
}
