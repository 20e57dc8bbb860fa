/**
 * The second floor: what taking an update and answering it costs at least. A bare server that parses the update,
 * acknowledges it and calls `sendMessage`, storing nothing and checking nothing.
 *
 *   node bench/floors/echo.ts <address of the bot's methods>
 */
import { Agent, createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";

const root = process.argv[2] ?? "";
const agent = new Agent({ keepAlive: true, scheduling: "lifo" });

function sendMessage(chat: number, text: string): void {
  const body = JSON.stringify({ chat_id: chat, text });
  const call = httpRequest(`${root}/sendMessage`, {
    method: "POST",
    agent,
    headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
  });
  call.on("response", (response) => {
    let answer = "";
    response.setEncoding("utf8");
    response.on("data", (piece: string) => {
      answer += piece;
    });
    response.on("end", () => {
      const { ok } = JSON.parse(answer) as { readonly ok: boolean };
      if (!ok) throw new Error("The platform refused a message.");
    });
  });
  call.end(body);
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
    const { message } = JSON.parse(text) as {
      readonly message: { readonly chat: { readonly id: number }; readonly text: string };
    };
    sendMessage(message.chat.id, message.text);
  });
});

// Connections are idle while the gateway has its turn.
server.keepAliveTimeout = 600_000;
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
