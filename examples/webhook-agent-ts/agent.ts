/**
 * An agent behind an address, with nothing but Node: checks who asks, answers each question once. Set AGENT_SECRET to
 * the gateway's signingSecret. It repeats what it is told; "later …" it answers later, "slowly …" piece by piece.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

interface Turn {
  readonly messages: readonly { readonly text: string }[];
  readonly reply?: { readonly url: string; readonly token: string };
}

const secret = process.env.AGENT_SECRET ?? "";
if (!secret.startsWith("whsec_")) throw new Error("Set AGENT_SECRET to the gateway's signingSecret.");
const key = Buffer.from(secret.slice("whsec_".length), "base64");
/** How far the gateway's clock and ours may differ, in seconds. */
const TOLERANCE = 300;
const MOST_BYTES = 32 * 1024 * 1024;
/** Ids that were asked already. A real agent keeps them, with its answers, where they survive a restart. */
const known = new Map<string, Promise<string>>();

createServer((request, response) => {
  answer(request, response).catch(() => response.headersSent || response.writeHead(500).end());
}).listen(Number(process.env.PORT ?? 8080), "127.0.0.1", function (this: { address(): unknown }) {
  const { port } = this.address() as { port: number };
  console.log(`listening on ${port}`);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const id = String(request.headers["webhook-id"]);
  if (!isGenuine(request, body)) {
    response.writeHead(401).end();
    return;
  }
  const turn = JSON.parse(body).data as Turn;
  const text = turn.messages.map((message) => message.text).join("\n");
  if (text.startsWith("slowly ")) {
    stream(response, text);
    return;
  }
  // The gateway asks again under the same id when it did not hear the answer: think once.
  let thought = known.get(id);
  if (!thought) {
    thought = think(text);
    known.set(id, thought);
    if (text.startsWith("later ") && turn.reply) void bring(thought, turn.reply);
  }
  if (text.startsWith("later ")) {
    response.writeHead(202).end();
    return;
  }
  response.writeHead(200, { "content-type": "application/json" }).end(await thought);
}

/** The answer, as JSON. Here a model would be asked. */
async function think(text: string): Promise<string> {
  return JSON.stringify({ text: `You said: ${text}` });
}

/** Brings an answer later. 425 is: the gateway did not hear our 202 yet. */
async function bring(thought: Promise<string>, reply: { readonly url: string; readonly token: string }): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    const headers = { authorization: `Bearer ${reply.token}`, "content-type": "application/json" };
    const sent = await fetch(reply.url, { method: "POST", headers, body: await thought }).catch(() => undefined);
    if (sent && sent.status !== 425 && sent.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

function stream(response: ServerResponse, text: string): void {
  const send = (event: string, data: object) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const word of text.split(/(?<= )/)) send("text", { delta: word });
  send("done", {});
  response.end();
}

/** Signed with our secret (https://www.standardwebhooks.com), and not long ago. */
function isGenuine({ headers }: IncomingMessage, body: string): boolean {
  const { "webhook-id": id, "webhook-signature": signatures = "", "webhook-timestamp": at } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(at)) <= TOLERANCE)) return false;
  const expected = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest();
  return String(signatures)
    .split(" ")
    .some((each) => {
      const given = Buffer.from(each.startsWith("v1,") ? each.slice(3) : "", "base64");
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error("too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
