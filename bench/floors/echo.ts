/**
 * The second floor: what taking an update and answering it costs at least. A bare server that parses the update,
 * acknowledges it and calls `sendMessage`, storing nothing and checking nothing.
 *
 *   node bench/floors/echo.ts <address of the bot's methods> <fetch | agent>
 *
 * `fetch` is how one would write it. `agent` calls through node:http with kept-alive connections, which costs about a
 * third and is what the gateway does.
 */
import { Agent, createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";

const [, , root = "", client = "fetch"] = process.argv;
const agent = new Agent({ keepAlive: true, scheduling: "lifo" });

interface Update {
  readonly message: { readonly chat: { readonly id: number }; readonly text: string };
}

async function byFetch(body: string): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${root}/sendMessage`, { method: "POST", headers, body });
  return response.text();
}

function byAgent(body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const call = httpRequest(`${root}/sendMessage`, { method: "POST", agent, headers });
    call.on("error", reject);
    call.on("response", (response) => {
      let answer = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        answer += piece;
      });
      response.on("end", () => resolve(answer));
    });
    call.end(body);
  });
}

async function answer(update: string): Promise<void> {
  const { message } = JSON.parse(update) as Update;
  const body = JSON.stringify({ chat_id: message.chat.id, text: message.text });
  const { ok } = JSON.parse(await (client === "agent" ? byAgent(body) : byFetch(body))) as { readonly ok: boolean };
  if (!ok) throw new Error("The platform refused a message.");
}

const server = createServer((request, response) => {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (piece: string) => {
    text += piece;
  });
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 11 });
    response.end('{"ok":true}');
    void answer(text);
  });
});

// Connections are idle while the gateway has its turn.
server.keepAliveTimeout = 600_000;
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
