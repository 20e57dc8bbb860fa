/** Secrets that a gateway hands out while it runs, besides those of people and devices; each is used, and misused. */
import { on, once } from "node:events";
import type { GatewayClient } from "@switchboard/client";
import type { AgentFrame, FrameToAgent, Params } from "@switchboard/protocol";
import { WebSocket } from "ws";
import { CONNECTED, type PlantedWorld } from "./world.ts";

type Named = Readonly<Record<string, string | undefined>>;

/** Keys of an agent's line, and what proves that a later answer is its own. */
export async function agentsSecrets({ said, token, url }: PlantedWorld, client: GatewayClient): Promise<Named> {
  const made = await fetch(`${url}/api/v1/keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "agent", scopes: ["agents:run", "messages:write"] }),
  });
  const { secret } = (await made.json()) as { readonly secret: string };
  const socket = new WebSocket(`${url.replace("http", "ws")}/agents/connect`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const frames = on(socket, "message");
  const next = async <T extends FrameToAgent["type"]>(type: T): Promise<Extract<FrameToAgent, { type: T }>> => {
    for (;;) {
      const { value = [] } = await frames.next();
      const frame = JSON.parse(String(value[0])) as FrameToAgent;
      if (frame.type === type) return frame as Extract<FrameToAgent, { type: T }>;
    }
  };
  const say = (frame: AgentFrame) => socket.send(JSON.stringify(frame));
  await once(socket, "open");
  say({ type: "ready", agent: CONNECTED });
  await next("ready");
  const { key } = await client.request("sessions.create", { agentId: CONNECTED });
  const question: Params<"chat.send"> = { sessionKey: key, message: "answer later", idempotencyKey: "answers-later" };
  const asked = next("turn");
  await client.request("chat.send", question);
  const { event, run } = await asked;
  const { token: reply = "" } = event.data.reply ?? {};
  say({ type: "later", run });
  for (const wrong of [`${reply}x`, secret, `x${reply}`]) {
    const answered = next("result");
    say({ type: "answer", id: "wrong", token: wrong, answer: { text: "x" } });
    said.set(`an agent's wrong token ${said.size}`, JSON.stringify(await answered));
  }
  const told = next("problem");
  socket.send(JSON.stringify({ type: "done", run: secret, answer: { text: 5 }, token: reply }));
  const { error } = await told;
  said.set("an agent's broken frame", JSON.stringify(error));
  const closed = once(socket, "close");
  socket.close();
  await closed;
  return { "an agent's key": secret.split("_").at(-1), "a token of a reply": reply.split(".").at(-1) };
}

/** What a browser is given while somebody proves who it is. */
export async function browsersSecrets({ url }: PlantedWorld): Promise<Named> {
  const begin = async (path: string, body: object) => {
    const answer = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify(body),
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    return { cookie: cookie.split("=")[1], said: (await answer.json()) as Readonly<Record<string, unknown>> };
  };
  const address = `0x${"a1".repeat(20)}`;
  const wallet = await begin("/auth/wallet/message", { address, chain: 1 });
  const passkey = await begin("/auth/passkey/challenge", {});
  return { "a browser's wallet cookie": wallet.cookie, "a browser's passkey cookie": passkey.cookie };
}
