/** Everything that a tenant can ask of a gateway, made from the maps that the gateway itself is made from. */
import { request as httpRequest } from "node:http";
import { type MethodName, methodSpec } from "@switchboard/protocol";
import { type RouteName, type RouteSpec, takesIdempotencyKey } from "@switchboard/protocol/rest";
import { TOOLS } from "../../mcp/tools.ts";
import type { Operation } from "./attack.ts";
import { type IsolationWorld, MARKER } from "./world.ts";

type Strings = Readonly<Record<string, string>>;

export function routeOperation(world: IsolationWorld, name: RouteName, spec: RouteSpec): Operation {
  const { body, method, params, path, query } = spec;
  const parts = { ...(params && { params }), ...(query && { query }), ...(body && { body }) };
  const headers = { type: "object", properties: { "idempotency-key": { type: "string" } } };
  const properties = { ...parts, ...(takesIdempotencyKey(spec) && { headers }) };
  return {
    name: `${name} ${method} ${path}`,
    schema: { type: "object", properties, required: Object.keys(parts) },
    // The channel of the world that one logs in to by steps.
    ...(name.startsWith("logins.") && { usual: { channel: "steps" } }),
    ask(request) {
      const said = request as Readonly<Partial<Record<"params" | "query" | "body" | "headers", Strings>>>;
      const at = path.replaceAll(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(said.params?.[part] ?? "x"));
      const search = said.query && Object.keys(said.query).length > 0 ? `?${new URLSearchParams(said.query)}` : "";
      return call(world, method, `/api/v1${at}${search}`, said.body, said.headers);
    },
  };
}

export function methodOperation({ attacker }: IsolationWorld, name: MethodName): Operation {
  const { params, role } = methodSpec(name);
  const line = role === "node" ? attacker.node : attacker.line;
  return { name, schema: params, ask: (request) => line.ask(name, request) };
}

/** The tools of the MCP server, asked in one session. */
export async function toolOperations(world: IsolationWorld): Promise<Operation[]> {
  const headers = { accept: "application/json, text/event-stream" };
  const clientInfo = { name: "test", version: "1" };
  const hello = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
  const begun = await fetch(`${world.gateway.url}/mcp`, {
    method: "POST",
    headers: { ...headers, ...world.attacker.headers, "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: hello }),
  });
  await begun.text();
  const session = { ...headers, "mcp-session-id": begun.headers.get("mcp-session-id") ?? "" };
  // Two with the same id at once would wait for each other's answer.
  let asked = 1;
  return Object.entries(TOOLS).map(([name, { params }]) => ({
    name,
    schema: params,
    async ask(input) {
      asked += 1;
      const said = { jsonrpc: "2.0", id: asked, method: "tools/call", params: { name, arguments: input } };
      const { body, status } = await call(world, "POST", "/mcp", said, session);
      const [, data = "{}"] = /^data: (.*)$/m.exec(body) ?? [];
      return { status, ...JSON.parse(data), id: 0 };
    },
  }));
}

/** What is not in a map: each takes one id. */
export function pathOperations(world: IsolationWorld): Operation[] {
  const { attacker, channel, victim } = world;
  const canvas = new URL(attacker.ids.capability ?? "").pathname;
  const asOwner: Asker = async (method, path, body) => {
    const { body: said, status } = await attacker.owner.send(method, path, body);
    return { status, body: said };
  };
  const asAnybody: Asker = (method, path, body) => call(world, method, path, body);
  const forged = (turn: string) => Buffer.from(JSON.stringify([victim.id, turn])).toString("base64url");
  const of: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
    "the webhook of an account": (id) => asAnybody("POST", `/webhooks/${channel}/${victim.id}/${id}`, {}),
    "the webhook of a tenant": (id) => asAnybody("POST", `/webhooks/${channel}/${id}/tenant-${id}`, {}),
    "a published file": (id) => asAnybody("GET", `/media/published/${channel}/${victim.id}/${id}/${"a".repeat(43)}/x`),
    "a published file of a tenant": (id) => asAnybody("GET", `/media/published/${channel}/${id}/default/${id}/x`),
    "a file": (id) => asAnybody("GET", `/media/${id}`),
    "a file with a session": (id) => asOwner("GET", `/media/${id}`),
    "an answer of an agent": (id) =>
      call(
        world,
        "POST",
        "/agents/replies",
        { text: "x" },
        { authorization: `Bearer ${forged(id)}.${"a".repeat(43)}` },
      ),
    "a document": (id) => asAnybody("GET", `${canvas}/__openclaw__/canvas/documents/${id}/index.html`),
    "an address of a document": (id) =>
      asAnybody("GET", `/__openclaw__/cap/${id.slice(-24)}/__openclaw__/canvas/documents/x/index.html`),
    "an address in a query": (id) => asAnybody("GET", `/__openclaw__/canvas/documents/${id}/?oc_cap=${id.slice(-24)}`),
    "choosing a tenant": (id) => asOwner("POST", "/auth/tenant", { tenant: id }),
    "an invitation": (id) => asOwner("POST", "/auth/invitation", { invitation: id }),
    "removing a way to sign in": (id) => asOwner("POST", "/auth/credentials/remove", { id }),
    "renaming a passkey": (id) => asOwner("POST", "/auth/passkeys/rename", { id, name: "mine" }),
    "signing in with a passkey": (id) => asOwner("POST", "/auth/passkey/sign-in", { answer: provenBy(id) }),
    "coming back from a provider": (id) => asOwner("GET", `/auth/provider/${id}/callback?state=${id}&code=${id}`),
    "coming back from a platform": (id) => asOwner("GET", `/install/${channel}?state=${id}&code=${id}`),
    "accepting an invitation": (id) => asOwner("POST", "/auth/invitation/accept", { invitation: id }),
    "a bearer": (id) => call(world, "GET", "/mcp", undefined, { "mcp-session-id": id }),
  };
  return Object.entries(of).map(([name, ask]) => ({
    name,
    schema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
    ...(name.startsWith("an address") && { kinds: ["capability"] }),
    ask: (request) => ask(encodeURIComponent((request as { readonly id: string }).id)),
  }));
}

/** What a browser sends for a passkey of this id; it proves nothing. */
function provenBy(id: string) {
  const response = { clientDataJSON: "e30", authenticatorData: "x", signature: "x" };
  return { id, rawId: id, type: "public-key", response };
}

type Asker = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Ways out of a folder, as they are tried on every address that has a name in it. */
const OUT = ["..", "%2e%2e", "%2E%2E", "..%2f..", "..%5c..", "%252e%252e", "..%00", ".%2e", "..;", "%c0%ae%c0%ae", "~"];

/** Addresses that lead to the folders of a tenant, if anything can. */
export function pathsInto({ attacker, channel, victim }: IsolationWorld, tenant: string): string[] {
  const { document = "", blob = "" } = victim.ids;
  const { document: own = "", capability = "" } = attacker.ids;
  const canvas = `${new URL(capability).pathname}/__openclaw__/canvas/documents`;
  const hidden = blob.slice(0, 2);
  return OUT.flatMap((out) => [
    `${canvas}/${own}/${out}/${out}/${tenant}/${document}/index.html`,
    `${canvas}/${out}/${tenant}/${document}/index.html`,
    `${canvas}/${out}%2f${tenant}%2f${document}/index.html`,
    `/media/${out}%2f${tenant}%2f${hidden}%2f${blob.slice(2)}`,
    `/media/${out}/${tenant}/${hidden}/${blob.slice(2)}`,
    `/media/published/${channel}/${tenant}/${out}/${blob}/x`,
    `/media/published/${channel}/${out}/${tenant}/${blob}/${out}`,
    `/assets/${out}/${out}/media/${tenant}/${hidden}/${blob.slice(2)}`,
    `/${out}/media/${tenant}/${hidden}/${blob.slice(2)}`,
    `/${out}/canvas/${tenant}/${document}/document.json`,
    `/webhooks/${channel}/${tenant}/${out}`,
    `/api/v1/${out}/${tenant}`,
  ]);
}

/** Asks for a path as it is written; nothing tidies it up. */
export function askRaw({ attacker, gateway }: IsolationWorld, path: string): Promise<{ status: number; body: string }> {
  const { promise, reject, resolve } = Promise.withResolvers<{ status: number; body: string }>();
  const { hostname, port } = new URL(gateway.url);
  const headers = { ...attacker.headers, cookie: attacker.owner.cookie };
  httpRequest({ hostname, port, path, headers }, (response) => {
    const pieces: Buffer[] = [];
    response.on("data", (piece: Buffer) => pieces.push(piece));
    response.on("end", () =>
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString("latin1") }),
    );
  })
    .on("error", reject)
    .end();
  return promise;
}

async function call(
  { attacker, gateway }: IsolationWorld,
  method: string,
  path: string,
  body?: unknown,
  headers: Strings = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const answer = await fetch(gateway.url + path, {
    method,
    headers: { ...attacker.headers, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.text() };
}

/** Does what a tenant does on a day, so that everybody who may hears of it. */
export async function aDay({ channel, victim: { bot, ids, line } }: IsolationWorld): Promise<void> {
  const { conversation } = await bot.say({ from: `${MARKER} Ben`, text: `${MARKER} in the morning` });
  await bot.waitFor(({ text }) => text.includes(`${MARKER} in the morning`), { conversation });
  const { key } = await line.get("sessions.create", { label: `${MARKER} in the evening` });
  await line.get("chat.inject", { sessionKey: key, message: `${MARKER} says` });
  await line.get("sessions.delete", { key });
  const message = { channel, accountId: String(ids.account), to: conversation, message: `${MARKER} sends` };
  await line.get("send", { ...message, idempotencyKey: `${MARKER} sends` });
  await line.get("system-event", { text: `${MARKER} is awake`, host: MARKER });
}
