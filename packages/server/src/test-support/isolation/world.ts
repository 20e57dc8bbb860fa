/** One gateway with two tenants, each with something of everything; one of them will try to reach the other's. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, Simulator } from "@switchboard/domain";
import { startStepsPlatform } from "@switchboard/testkit/steps";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { WebSocket } from "ws";
import type { Authenticator } from "../../identity/authenticator.ts";
import { type Role, scopesOf } from "../../identity/principal.ts";
import { eventually } from "../eventually.ts";
import { startTestGateway, type TestGateway } from "../gateway.ts";
import { idOf, newMember, newTenant } from "../people.ts";
import { TestDevice } from "../test-device.ts";
import type { Visitor } from "../visitor.ts";
import { laterTurn, OUTSIDE, waysToSignIn } from "./belongings.ts";
import { Line, tenantByName } from "./line.ts";
import { keptOf, type SharedDatabase } from "./rows.ts";

/** Stands in everything that people and programs of the tenant under attack say and name. */
export const MARKER = "quokka";

/** Stands in what only the operator of the gateway has: the log, and who is told of falls. */
export const OPERATORS = "narwhal";
const ALERT = { env: "ALERT_SECRET" };
const ALERT_SECRET = `whsec_${Buffer.from(OPERATORS.padEnd(32, "-")).toString("base64")}`;

export interface Tenant {
  readonly id: string;
  /** Stands in what it says and names. */
  readonly word: string;
  readonly owner: Visitor;
  readonly line: Line;
  /** One of its nodes. */
  readonly node: Line;
  readonly bot: Simulator;
  /** Ids of what it has, by what they are of. */
  readonly ids: Readonly<Record<string, string>>;
  /** What the tenant's requests say of themselves. */
  readonly headers: Readonly<Record<string, string>>;
  close(): void;
}

export interface IsolationWorld extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly channel: string;
  readonly victim: Tenant;
  readonly attacker: Tenant;
  /** Everything that is kept of a tenant, by where. */
  kept(tenant: string): Promise<Map<string, string>>;
}

const byHeader: Authenticator = async ({ headers }) => {
  const { "x-test-tenant": tenant, "x-test-role": role = "owner" } = headers;
  if (typeof tenant !== "string") return undefined;
  const scopes = scopesOf(role as Role);
  return { kind: "person", id: `person:${tenant}`, tenant: tenant as never, role: role as Role, scopes };
};

const MANY = { calls: 1_000_000, windowMs: 60_000 };
/** As much, where the store counts for a window that does not end meanwhile. */
const MANY_A_DAY = { calls: 1_000_000, seconds: 86_400 };
const FAST: JsonObject = {
  dmPolicy: "open",
  groupPolicy: "open",
  requireMention: false,
  rateLimit: { perSecond: 10_000, burst: 10_000 },
  conversationRateLimit: { perSecond: 10_000, burst: 10_000 },
};

/** Browsers allow passkeys for names, not for 127.0.0.1. */
const NAME = "localhost";
/** Where people open it. */
const pageOf = ({ url }: TestGateway) => url.replace("127.0.0.1", NAME);

export async function startIsolationWorld(database?: SharedDatabase): Promise<IsolationWorld> {
  const phone = await startStepsPlatform();
  const log = await temporaryDirectory();
  const logFile = join(log.path, "gateway.log");
  writeFileSync(logFile, `${JSON.stringify({ message: `${OPERATORS} was here` })}\n`);
  const gateway = await startTestGateway({
    logFile,
    account: false,
    agent: "echo",
    config: {
      identity: { enabled: true, ethereum: { enabled: true, chains: [1] } },
      agents: [{ id: "main" }, { id: OUTSIDE, runtime: "websocket", answerLaterMs: 900_000 }],
      bindings: [{ agent: OUTSIDE, kind: "group" }],
      thirdPartyChannels: ["@switchboard/testkit"],
      alerts: { afterMs: 3_600_000, webhooks: [{ url: `http://127.0.0.1:1/${OPERATORS}`, signingSecret: ALERT }] },
      gateway: { trustedProxies: ["127.0.0.1"] },
      limits: { requests: { channels: MANY_A_DAY, invitations: MANY_A_DAY, reports: MANY_A_DAY } },
    },
    authenticators: [byHeader],
    proxy: async (port) => ({ url: `http://${NAME}:${port}` }),
    tenantOf: tenantByName,
    limits: { controlPlaneWrites: MANY, pendingRequests: 100_000 },
    start: false,
  });
  const dispose = async () => {
    await gateway[Symbol.asyncDispose]();
    await phone[Symbol.asyncDispose]();
    await log.remove();
  };
  try {
    const { channel, simulator } = gateway.platform;
    const { env, secrets, tenant: own = [] } = channel.config;
    const whole = simulator.accountConfig();
    const foreign = Object.entries(env).filter(([, name]) => !secrets.includes(name) && !own.includes(name));
    await gateway.start({
      env: {
        ...Object.fromEntries(foreign.map(([variable, name]) => [variable, String(whole[name])])),
        ALERT_SECRET,
        STEPS_BASE_URL: phone.url,
        ...(database && { DATABASE_URL: database.url }),
      },
    });
    const victim = await newInhabitant(gateway, MARKER);
    const attacker = await newInhabitant(gateway, "wombat");
    return {
      gateway,
      channel: channel.id,
      victim,
      attacker,
      kept: (tenant) => keptOf(gateway.directory, tenant, database),
      async [Symbol.asyncDispose]() {
        for (const tenant of [victim, attacker]) tenant.close();
        await dispose();
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

type Row = Readonly<Record<string, string>>;

async function newInhabitant(gateway: TestGateway, word: string): Promise<Tenant> {
  const there = { url: pageOf(gateway), request: gateway.request.bind(gateway) as TestGateway["request"] };
  const { id, owner } = await newTenant(there, `${word} limited`, `owner@${word}.example`);
  const line = await Line.open(gateway.url, gateway.token, id);
  const bot = gateway.other(word);
  const headers = { "x-test-tenant": id };
  const channel = gateway.platform.id;
  const send = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const answer = await fetch(`${gateway.url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...more, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(said)}`);
    return said as { readonly items: Row[] } & Row;
  };
  const { secrets } = gateway.platform.channel.config;
  const credentialOf = (simulator: Simulator) =>
    Object.fromEntries(Object.entries(simulator.accountConfig()).filter(([name]) => secrets.includes(name)));

  // People who chat, a message that failed for good, one for later, somebody who waits to be let in.
  await send("POST", "/channels/connect", { channel, credential: credentialOf(bot), settings: FAST });
  const { conversation, messageId } = await bot.say({ from: `${word} Ada`, text: `a word of ${word}` });
  await bot.waitFor(({ text }) => text.includes(`a word of ${word}`), { conversation });
  const idempotency = `order-of-${id}`;
  const named = { "idempotency-key": idempotency };
  const later = await send(
    "POST",
    "/messages",
    { channel, to: conversation, text: `${word} later`, sendAt: Date.now() + 86_400_000 },
    named,
  );
  bot.inject({ on: "send", kind: "forbidden", times: 1, conversation });
  await send("POST", "/messages", { channel, to: conversation, text: `${word} fails` }).catch(() => {});
  const dead = await eventually(async () => (await send("GET", "/dead-letters")).items[0], { what: "a dead letter" });
  const doors = gateway.other(`${word}-door`);
  const door = await send(
    "POST",
    "/connections",
    {
      channel,
      name: "door",
      credential: credentialOf(doors),
      settings: { ...FAST, dmPolicy: "pairing" },
    },
    named,
  );
  await doors.say({ from: `${word} stranger`, text: "let me in" });
  const waiting = await eventually(async () => (await send("GET", "/pairing")).items[0], { what: "a request" });

  // Sessions, runs, files, pages.
  const session = (await send("GET", "/sessions")).items.find((each) => each.channel === channel) as Row;
  const label = `session of ${id}`;
  const made = await line.get("sessions.create", { label });
  const blob = await line.get("media.put", {
    content: Buffer.from(`a file of ${word}`).toString("base64"),
    mimeType: "text/plain",
  });
  const document = `page-of-${id.toLowerCase()}`;
  await line.get("canvas.document.put", {
    documentId: document,
    title: `${word} page`,
    files: [{ path: "index.html", text: `<p>${word}</p>` }],
  });
  const surface = await line.get("plugin.surface.refresh", { surface: "canvas" });
  const [delivery] = (await send("GET", "/deliveries")).items;
  const history = await line.get("chat.history", { sessionKey: String(session.key) });
  const cursor = (await send("GET", "/deliveries?limit=1")).next;
  const { deliveries } = await line.get("deliveries.list", {});

  // Devices and nodes: some are in, some wait.
  const [paired, stranger, node] = [new TestDevice(), new TestDevice(), new TestDevice()];
  (await connectDevice(gateway, id, paired, {})).terminate();
  (await connectDevice(gateway, id, stranger, { "x-forwarded-for": "192.168.1.7" })).terminate();
  const online = new Line(await connectDevice(gateway, id, node, {}, true));
  const { pending } = await line.get("device.pair.list", {});
  const nodeRequest = await eventually(async () => (await line.get("node.pair.list", {})).pending[0]?.requestId, {
    what: "a node's request",
  });
  const setup = await line.get("device.pair.setupCode", { includeQr: false, onThisMachine: true });

  // Members and keys.
  await newMember(there, owner, `viewer@${word}.example`, "viewer");
  const person = await idOf(owner, `viewer@${word}.example`);
  const key = (await owner.post("/api/v1/keys", { name: `${word} key` })).body as {
    readonly key: { readonly id: string };
    readonly secret: string;
  };
  const invited = await owner.post("/api/v1/members", { email: `guest@${word}.example`, role: "viewer" });
  const { id: invitation } = invited.body.invitation as { readonly id: string };

  // A login that stays as it ended, a turn that waits for its agent, and how its owner signs in.
  const begun = await send("POST", "/channels/steps/login", {});
  await send("DELETE", `/channels/steps/login/${begun.id}`);
  const outside = await laterTurn(gateway, owner, line, bot, word);
  const ways = await waysToSignIn(there.url, owner);

  const ids: Record<string, string | undefined> = {
    tenant: id,
    account: `tenant-${id}`,
    secondAccount: `tenant-${id}.door`,
    connection: door.id,
    conversation,
    message: messageId,
    session: session.key,
    sessionId: session.sessionId,
    ownSession: String(made.key),
    turn: deliveries.find(({ turn }) => turn !== undefined)?.turn,
    delivery: delivery?.id,
    scheduled: (later.deliveryIds as unknown as string[])[0],
    deadLetter: dead.id,
    failed: dead.subject,
    pairingRequest: waiting.requestId,
    idempotencyKey: idempotency,
    label,
    blob: String(blob.blob),
    document,
    entry: history.messages[0]?.__openclaw?.id,
    cursor,
    device: paired.id,
    waitingDevice: stranger.id,
    deviceRequest: pending[0]?.requestId,
    node: node.id,
    nodeRequest,
    setup: String(setup.setupId),
    person,
    key: key.key.id,
    keySecret: key.secret,
    invitation,
    capability: surface.pluginSurfaceUrls.canvas,
    login: begun.id,
    ...outside,
    ...ways,
  };
  const missing = Object.keys(ids).filter((name) => !ids[name]);
  if (missing.length > 0) throw new Error(`the tenant has no ${missing.join(", ")}`);
  const close = () => {
    online.close();
    line.close();
  };
  return { id, word, owner, line, node: online, bot, headers, ids: ids as Record<string, string>, close };
}

/** Resolves with its line when it was answered; whether it is let in is the gateway's business. */
async function connectDevice(
  { token, url }: TestGateway,
  tenant: string,
  device: TestDevice,
  headers: Record<string, string>,
  isNode = false,
): Promise<WebSocket> {
  const socket = new WebSocket(url.replace("http", "ws"), { headers });
  const answered = Promise.withResolvers<void>();
  socket.on("error", answered.reject);
  socket.on("message", (data) => {
    const frame = JSON.parse(data.toString());
    if (frame.event === "connect.challenge") {
      const params = device.params(frame.payload.nonce, {
        auth: { token },
        scopes: isNode ? [] : ["operator.read"],
        client: { displayName: `tenant ${tenant}`, ...(isNode && { id: "node-host" }) },
        ...(isNode && { role: "node", caps: ["system"], commands: ["system.which"] }),
      });
      socket.send(JSON.stringify({ type: "req", id: "c", method: "connect", params }));
    } else if (frame.type === "res") answered.resolve();
  });
  await answered.promise;
  return socket;
}
