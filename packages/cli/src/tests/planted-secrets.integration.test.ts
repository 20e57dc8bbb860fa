/** Secrets are planted wherever one can be; then everything that the gateway wrote and said is searched (CRED-3). */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeGatewayClient } from "@switchboard/client/node";
import { SCOPES } from "@switchboard/protocol";
import { expect, it, vi } from "vitest";
import { TestDevice } from "../test-support/device.ts";
import { type Find, finderOf } from "../test-support/planted/finder.ts";
import { agentsSecrets, browsersSecrets } from "../test-support/planted/handed-out.ts";
import { newSecret, type PlantedWorld, type Platform, startPlantedWorld } from "../test-support/planted/world.ts";

vi.setConfig({ testTimeout: 300_000 });

const soon = { timeout: 60_000, interval: 50 };

/** An operator; whatever is refused is noted, too. */
async function operatorOf({ said, token, url }: PlantedWorld, device?: TestDevice) {
  const client = nodeGatewayClient({
    url,
    token,
    client: { id: "cli", mode: "cli", version: "test", platform: "test" },
    scopes: SCOPES,
    reconnect: false,
    ...(device && { device: await device.identity() }),
  });
  for (const event of ["agent", "chat", "trace", "channels.changed", "health"] as const) {
    client.on(event, (payload) =>
      said.set(`events ${event}`, (said.get(`events ${event}`) ?? "") + JSON.stringify(payload)),
    );
  }
  const hello = await client.connect();
  return { client, hello };
}

/** Asks over HTTP, and notes what was said. */
async function ask({ said, url }: PlantedWorld, method: string, path: string, init: RequestInit = {}) {
  const answer = await fetch(url + path, { method, redirect: "manual", ...init });
  const text = await answer.text();
  said.set(`${method} ${path.slice(0, 40)} ${said.size}`, text);
  return { answer, text };
}

const json = (body: unknown, headers: Record<string, string> = {}) => ({
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

it("CRED-1 CRED-3 no secret stands in anything that a gateway writes or says, whatever goes wrong", async () => {
  await using world = await startPlantedWorld();
  const { model, platforms, secrets, said, url } = world;
  await world.start();
  const { client } = await operatorOf(world);
  await client.request("trace.subscribe", {});
  const readable = async (method: string, params: object = {}) => {
    const answer = await client.request(method as "status", params as never).catch((error: unknown) => String(error));
    said.set(`${method} ${said.size}`, JSON.stringify(answer));
    return answer as unknown as Readonly<Record<string, never>>;
  };

  // Links, passwords, sessions, keys, devices: what is told once to whom it is for, and never again.
  const made = (await client.request("tenants.create", { name: "Acme", owner: "ada@example.com" })) as {
    readonly link?: string;
  };
  const invitation = new URL(made.link ?? "").hash.split("=")[1] ?? "";
  const password = newSecret();
  const origin = { origin: url };
  const signedUp = await fetch(`${url}/auth/sign-up`, {
    method: "POST",
    ...json({ invitation, name: "Ada", password }, origin),
  });
  expect(signedUp.status).toBe(200);
  const cookie = signedUp.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const session = decodeURIComponent(/session_token=([^;]+)/.exec(cookie)?.[1] ?? "");
  const created = await fetch(`${url}/api/v1/keys`, { method: "POST", ...json({ name: "ci" }, { ...origin, cookie }) });
  const { secret: key } = (await created.json()) as { readonly secret: string };
  const setup = await client.request("device.pair.setupCode", { includeQr: false, onThisMachine: true });
  const device = new TestDevice();
  const paired = await operatorOf(world, device);
  paired.client.close();
  const surface = await client.request("plugin.surface.refresh", { surface: "canvas" });
  const handedOut: Record<string, string | undefined> = {
    "an invitation": invitation,
    "a password": password,
    "a session": session.split(".")[0],
    "what signs a session": session.split(".")[1],
    "an API key": key.split("_").slice(2).join("_"),
    "a setup code": (JSON.parse(Buffer.from(setup.setupCode, "base64url").toString()) as Record<string, string>)
      .bootstrapToken,
    "a device's token": paired.hello.auth.deviceToken,
    "a capability": String(surface.pluginSurfaceUrls.canvas).split("/cap/")[1],
    ...(await agentsSecrets(world, client)),
    ...(await browsersSecrets(world)),
  };
  for (const [name, value] of Object.entries(handedOut)) secrets.push({ name, value: value ?? "" });

  // Everybody chats, the model repeats the key that it refuses, platforms fail while their address holds a token.
  const modelKey = secrets.find(({ name }) => name === "a model's key")?.value;
  const words = `Incorrect API key provided: ${modelKey}. ${secrets.find(({ name }) => name.endsWith("header"))?.value}`;
  await vi.waitFor(async () => {
    const { channelAccounts } = await client.request("channels.status", {});
    const states = platforms.map(({ id }) => channelAccounts[id]?.[0]?.state);
    expect(states).toEqual(states.map(() => "CONNECTED"));
  }, soon);
  for (const { channel, id, simulator } of platforms) {
    if (channel.transports.every((each) => each === "webhook"))
      await simulator.enterWebhook?.(`${url}/webhooks/${id}/default/default`);
    await chats(id, simulator);
  }
  const [full] = platforms.filter(({ channel }) => channel.transports.includes("polling"));
  const { id, simulator } = full as Platform;
  model.next({ type: "error", status: 401, message: words });
  const { conversation } = await simulator.say({ from: "Ada", text: "refused" });
  await simulator.waitFor(({ text }) => text.includes("AGENT_006"), { conversation, timeoutMs: 60_000 });
  model.next({ type: "raw", status: 500, body: words });
  await simulator.say({ from: "Ada", text: "fails once" });
  await simulator.waitFor(({ text }) => text.endsWith("fails once"), { conversation, timeoutMs: 60_000 });
  for (const kind of ["server-error", "cut-before", "forbidden"] as const) {
    const home = await simulator.say({ from: kind, text: "hello" });
    await simulator.waitFor(() => true, { ...home, timeoutMs: 60_000 });
    simulator.inject({ on: "send", kind, times: 1, conversation: home.conversation });
    await simulator.say({ from: kind, text: `goes ${kind}` });
  }
  await vi.waitFor(async () => {
    const { deadLetters } = await client.request("deadLetters.list", { kind: "delivery" });
    expect(deadLetters).not.toEqual([]);
  }, soon);
  simulator.inject({ on: "any", kind: "unauthorised", times: 3 });
  await simulator.say({ from: "Ada", text: "wakes the connection" });

  // What everybody may read, and what is said to those who guess, misspell and send what is broken.
  for (const method of [
    "config.get",
    "status",
    "health",
    "channels.list",
    "channels.status",
    "agents.list",
    "system.info",
  ])
    await readable(method);
  for (const method of ["vault.status", "vault.verify", "vault.rotate", "device.pair.list", "node.list", "logs.tail"])
    await readable(method);
  for (const method of ["deliveries.list", "deadLetters.list", "sessions.list", "auditLog.list", "tenants.list"])
    await readable(method, { limit: 200 });
  for (const [name, value] of Object.entries({ ...handedOut, "the gateway's token": world.token })) {
    const secret = encodeURIComponent(value ?? "");
    await ask(world, "GET", `/nowhere?${name.replaceAll(" ", "-")}=${secret}`);
    await ask(world, "POST", "/api/v1/messages", json({ channel: id, to: 1 }, { authorization: `Bearer ${value}x` }));
    await ask(world, "POST", "/auth/sign-in", json({ email: "ada@example.com", password: `${value}x` }, origin));
  }
  await ask(world, "POST", "/api/v1/channels/connect", {
    method: "POST",
    ...json(
      { channel: id, credential: { ...simulator.accountConfig(), nonsense: "x" } },
      { authorization: `Bearer ${key}` },
    ),
  });
  await readable("channels.add", {
    channel: id,
    accountId: "wrong",
    config: { ...simulator.accountConfig(), nonsense: 1 },
  });
  for (const path of ["/chat", "/sign-in", "/metrics", "/readyz", "/api/v1/openapi.json", "/.well-known/nothing"])
    await ask(world, "GET", path);
  await ask(world, "POST", "/auth/provider/start", json({ provider: "corp" }, origin));
  const bearer = { authorization: `Bearer ${key}` };
  await ask(world, "GET", "/api/v1/audit/export", { headers: bearer });
  await ask(world, "GET", "/metrics", { headers: { authorization: `Bearer ${world.token}` } });
  const tool = { name: "messages_send", arguments: { key: invitation, text: 1 } };
  const calls = { jsonrpc: "2.0", id: 1, method: "tools/call", params: tool };
  const accept = "application/json, text/event-stream";
  const mcp = { method: "POST", ...json(calls, { ...bearer, accept }) };
  for (const id of [key, "none"]) await ask(world, "POST", `/mcp?${id}`, mcp);
  await Promise.all(
    ["status", "channels status", "config get", "tenants list", "audit export"].map(async (line) => {
      const ran = await world.run([...line.split(" "), "--json"]);
      expect([line, ran.code, ran.stdout.length > 0]).toEqual([line, 0, true]);
    }),
  );
  await readable("backup.create", { name: "backup.db" });
  client.close();

  // A platform that is gone; Node's own report; the end by force, by an error that nobody caught, and by a signal.
  await simulator.close();
  process.kill(world.process.pid, "SIGUSR2");
  await vi.waitFor(() => expect(reports(world)).toHaveLength(1), soon);
  await world.process.kill();
  await world.start({ GATEWAY_TLS: "true", GATEWAY_PUBLIC_URL: "" });
  const keyOfTls = /PRIVATE KEY-----([^-]+)-----/.exec(readFileSync(join(world.directory, "tls.pem"), "utf8"))?.[1];
  secrets.push({ name: "the private key of TLS", value: String(keyOfTls).replaceAll(/\s/g, "") });
  process.kill(world.process.pid, "SIGURG");
  await world.process.ended;
  await vi.waitFor(() => expect(reports(world)).toHaveLength(2), soon);
  const wrongKey = newSecret();
  secrets.push({ name: "a database's password", value: wrongKey });
  await world.run(["start"], {
    DATABASE_URL: `postgresql://switchboard:${wrongKey}@127.0.0.1:1/none`,
    GATEWAY_PORT: "0",
  });
  await world.run(["start"], {
    CHANNEL_ENCRYPTION_KEY: `${wrongKey}not-hex`,
    GATEWAY_PORT: "0",
    GATEWAY_HOST: wrongKey,
  });

  const found = search(world);
  expect(secrets.length).toBeGreaterThan(30);
  expect(found).toEqual([]);

  // What was written, not an empty place, was searched: one more planted is found.
  writeFileSync(join(world.directory, "logs", "planted.log"), `a line with ${secrets[0]?.value.slice(2, 16)}`);
  expect(search(world)).toMatchObject([{ secret: secrets[0]?.name, place: "planted.log" }]);
});

/** Somebody writes, and is answered. */
async function chats(id: string, simulator: Platform["simulator"]): Promise<void> {
  const { conversation } = await simulator.say({ from: "Ada", text: `hello ${id}` });
  await simulator.waitFor(({ text }) => text.includes(`hello ${id}`), { conversation, timeoutMs: 60_000 });
}

function reports(world: PlantedWorld): unknown[] {
  return world.places().filter(({ place, text }) => /^report\..*\.json$/.test(place) && text.trimEnd().endsWith("}"));
}

function search(world: PlantedWorld): Find[] {
  const find = finderOf(world.secrets);
  const places = world.places();
  const names = places.map(({ place }) => place);
  expect(names).toEqual(
    expect.arrayContaining(["switchboard.db", "identity.db", "gateway.log", "backup.db", "what the process wrote"]),
  );
  return places.flatMap(({ place, text }) => find(place, text)).filter((each) => !isKept(each));
}

/** The sign-in library keeps a session's id as it is; what makes it a cookie is signed, and that is looked for, too. */
function isKept({ place, secret }: Find): boolean {
  return secret === "a session" && /^(identity\.db(-wal)?|backup\.db\.identity)$/.test(place);
}
