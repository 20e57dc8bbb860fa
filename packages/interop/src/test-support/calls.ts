/** One call of every method that the gateway advertises, as a client would make it. */
import { randomUUID } from "node:crypto";
import type { Simulator } from "@switchboard/domain";
import { vi } from "vitest";
import { NODE_CALLS } from "./node-calls.ts";
import { SESSION_CALLS } from "./session-calls.ts";
import { type Connected, Machine } from "./their-client.ts";

/** What the calls know and leave to each other. */
export interface CallContext {
  /** Holds every scope. */
  readonly operator: Connected;
  /** A device that was approved, with every scope. */
  readonly device: Connected;
  readonly channel: string;
  readonly simulator: Simulator;
  /** Asks to be let in as another device; resolves with its request. */
  stranger(): Promise<{ readonly machine: Machine; readonly requestId: string }>;
  /** Connects as a node that offers these commands, once its device was approved. */
  node(machine: Machine, commands: readonly string[]): Promise<Connected>;
}

/** Rejects with the gateway's words when it refuses. */
export type Call = (context: CallContext) => Promise<unknown>;

const SESSION = "agent:main:main";

/** Just the parameters. */
const plain =
  (method: string, params: unknown = {}): Call =>
  ({ operator }) =>
    operator.request(method, params);

type Answer = Readonly<Record<string, unknown>>;

/** Somebody writes to the account and waits to be let in; their request. */
async function knock({ operator, simulator, channel }: CallContext, from: string): Promise<Answer> {
  await simulator.say({ from, text: "hello" });
  return await vi.waitFor(
    async () => {
      const { requests } = (await operator.request("channels.pairing.list", { channel })) as { requests: Answer[] };
      const found = requests.find(({ senderLabel }) => String(senderLabel).includes(from));
      if (!found) throw new Error(`${from} does not wait`);
      return found;
    },
    { timeout: 20_000 },
  );
}

const which = ({ channel, accountId, requestId }: Answer) => ({ channel, accountId, requestId });

/** A run that has ended. */
async function ran({ operator }: CallContext, message = "hello"): Promise<string> {
  const idempotencyKey = randomUUID();
  await operator.request("agent", { message, idempotencyKey, sessionKey: SESSION }, { expectFinal: true });
  return idempotencyKey;
}

/** A message that went out to somebody who wrote before. */
async function sent({ channel, operator, simulator }: CallContext): Promise<Answer> {
  const { conversation } = await simulator.say({ from: "Reader", text: "hello" });
  const params = { channel, to: conversation, message: "hello", idempotencyKey: randomUUID() };
  return (await operator.request("send", params)) as Answer;
}

const first = <T>(list: readonly T[] | undefined): T => {
  const [found] = list ?? [];
  if (found === undefined) throw new Error("the list is empty");
  return found;
};

const PAGE = { documentId: "page", files: [{ path: "index.html", text: "hello" }] };

export const CALLS: Readonly<Record<string, Call>> = {
  ...NODE_CALLS,
  ...SESSION_CALLS,
  health: plain("health", { probe: true }),
  status: plain("status", { includeChannelSummary: true }),
  "system-presence": plain("system-presence"),
  "system.info": plain("system.info"),
  "gateway.identity.get": plain("gateway.identity.get"),
  "system-event": plain("system-event", { text: "the machine is awake", host: "machine", mode: "ui" }),
  "last-heartbeat": plain("last-heartbeat"),
  "set-heartbeats": plain("set-heartbeats", { enabled: false }),
  "users.self": plain("users.self"),
  "config.get": plain("config.get"),
  "config.validate": plain("config.validate", { raw: "{}" }),
  "config.set": changeConfig("config.set"),
  "config.apply": changeConfig("config.apply"),
  "config.patch": async ({ operator }) => {
    const { hash } = (await operator.request("config.get")) as { hash: string };
    return operator.request("config.patch", { raw: JSON.stringify({ limits: { userBurst: 21 } }), baseHash: hash });
  },
  "config.schema": plain("config.schema"),
  "config.schema.lookup": plain("config.schema.lookup", { path: "gateway.port" }),
  "logs.tail": plain("logs.tail", { limit: 5 }),
  "models.list": plain("models.list"),
  "commands.list": plain("commands.list", { includeArgs: true }),
  "cron.list": plain("cron.list"),
  "cron.status": plain("cron.status"),
  "channels.status": plain("channels.status", { probe: true, timeoutMs: 10_000 }),
  "channels.start": ({ channel, operator }) => operator.request("channels.start", { channel, accountId: "default" }),
  // The calls after this one need the account.
  "channels.stop": async ({ channel, operator }) => {
    await operator.request("channels.stop", { channel, accountId: "default" });
    return operator.request("channels.start", { channel, accountId: "default" });
  },
  "channels.list": plain("channels.list"),
  // Not every channel has one; then the caller hears so.
  "channels.manifest": ({ channel, operator }) =>
    operator.request("channels.manifest", { channel }).catch((error: unknown) => error),
  // Not every channel has any; then the caller hears so.
  "channels.act": ({ channel, operator }) =>
    operator.request("channels.act", { channel, action: "nothing" }).catch((error: unknown) => error),
  // Not every channel can; then the caller hears so.
  "channels.install": ({ channel, operator }) =>
    operator.request("channels.install", { channel }).catch((error: unknown) => error),
  "channels.add": addAccount,
  "channels.remove": async (context) => {
    await addAccount(context);
    return context.operator.request("channels.remove", { channel: context.channel, accountId: "second" });
  },
  "channels.logout": async (context) => {
    await addAccount(context);
    return context.operator.request("channels.logout", { channel: context.channel, accountId: "second" });
  },
  "channels.pairing.list": plain("channels.pairing.list"),
  "channels.pairing.approve": async (context) => {
    const request = await knock(context, "Ann");
    return context.operator.request("channels.pairing.approve", { ...which(request), notify: true });
  },
  "channels.pairing.dismiss": async (context) => {
    const request = await knock(context, "Ben");
    return context.operator.request("channels.pairing.dismiss", which(request));
  },
  "device.pair.list": plain("device.pair.list"),
  "device.pair.approve": async ({ operator, stranger }) =>
    operator.request("device.pair.approve", { requestId: (await stranger()).requestId }),
  "device.pair.reject": async ({ operator, stranger }) =>
    operator.request("device.pair.reject", { requestId: (await stranger()).requestId }),
  "device.pair.remove": async ({ operator, stranger }) => {
    const { machine, requestId } = await stranger();
    await operator.request("device.pair.approve", { requestId });
    return operator.request("device.pair.remove", { deviceId: machine.identity.deviceId });
  },
  "device.pair.rename": async ({ operator, stranger }) => {
    const { machine, requestId } = await stranger();
    await operator.request("device.pair.approve", { requestId });
    return operator.request("device.pair.rename", { deviceId: machine.identity.deviceId, label: "In the hall" });
  },
  "device.token.rotate": async ({ operator, stranger }) => {
    const { machine, requestId } = await stranger();
    await operator.request("device.pair.approve", { requestId });
    return operator.request("device.token.rotate", { deviceId: machine.identity.deviceId, role: "operator" });
  },
  "device.token.revoke": async ({ operator, stranger }) => {
    const { machine, requestId } = await stranger();
    await operator.request("device.pair.approve", { requestId });
    return operator.request("device.token.revoke", { deviceId: machine.identity.deviceId, role: "operator" });
  },
  "device.scopes.requestUpgrade": upgrade,
  "device.scopes.waitUpgrade": upgrade,
  "sessions.list": plain("sessions.list", { limit: 10 }),
  "sessions.subscribe": plain("sessions.subscribe"),
  "sessions.messages.subscribe": plain("sessions.messages.subscribe", { key: SESSION }),
  "sessions.messages.unsubscribe": plain("sessions.messages.unsubscribe", { key: SESSION }),
  "agents.list": plain("agents.list"),
  "chat.send": async ({ operator }) => {
    const idempotencyKey = randomUUID();
    await operator.request("chat.send", { sessionKey: SESSION, message: "hello", idempotencyKey });
    return operator.request("agent.wait", { runId: idempotencyKey });
  },
  "chat.history": async (context) => {
    await ran(context);
    return context.operator.request("chat.history", { sessionKey: SESSION, limit: 10 });
  },
  "chat.abort": plain("chat.abort", { sessionKey: SESSION }),
  agent: ran,
  "agent.wait": async (context) => context.operator.request("agent.wait", { runId: await ran(context) }),
  send: sent,
  "deliveries.list": plain("deliveries.list", { limit: 5 }),
  "deliveries.get": async (context) => {
    const { deliveryIds } = await sent(context);
    return context.operator.request("deliveries.get", { id: first(deliveryIds as string[]) });
  },
  "trace.get": async (context) => {
    const { deliveryIds } = await sent(context);
    return context.operator.request("trace.get", { id: first(deliveryIds as string[]) });
  },
  "trace.subscribe": plain("trace.subscribe"),
  "trace.unsubscribe": plain("trace.unsubscribe"),
  "deadLetters.list": plain("deadLetters.list"),
  "deadLetters.get": deadLetter("deadLetters.get"),
  "deadLetters.replay": deadLetter("deadLetters.replay"),
  "deadLetters.discard": deadLetter("deadLetters.discard"),
  "backup.create": plain("backup.create", { name: "copy.sqlite" }),
  // Nobody is told there: then it hears so.
  "alerts.test": ({ operator }) => operator.request("alerts.test", {}).catch((error: unknown) => error),
  "auditLog.list": plain("auditLog.list", { limit: 5 }),
  "auditLog.export": plain("auditLog.export", { limit: 5 }),
  "auditLog.verify": plain("auditLog.verify"),
  "usage.cost": plain("usage.cost", { days: 7 }),
  "usage.report": plain("usage.report", { by: "model" }),
  "usage.records": plain("usage.records", { limit: 5 }),
  "usage.days": plain("usage.days"),
  "vault.status": plain("vault.status"),
  "vault.rotate": plain("vault.rotate"),
  "vault.verify": plain("vault.verify"),
  "vault.shred": plain("vault.shred", { tenant: "nobody", confirm: "nobody" }),
  "limits.get": plain("limits.get"),
  "limits.set": plain("limits.set", { limits: { accounts: { soft: 1_000 } } }),
  "canvas.document.put": plain("canvas.document.put", PAGE),
  "canvas.document.list": plain("canvas.document.list"),
  "canvas.document.remove": plain("canvas.document.remove", { documentId: PAGE.documentId }),
  // It comes by a proxy, and the gateway has no public address: then it hears so.
  "plugin.surface.refresh": ({ operator }) =>
    operator.request("plugin.surface.refresh", { surface: "canvas" }).catch((error: unknown) => error),
  // This node shows no pages, and hears so.
  "node.pluginSurface.refresh": async (context) => {
    await using connected = await context.node(new Machine(), ["system.notify"]);
    return await connected
      .request("node.pluginSurface.refresh", { surface: "canvas" })
      .catch((error: unknown) => error);
  },
  "media.put": plain("media.put", { content: "aGVsbG8=", mimeType: "text/plain", fileName: "a.txt" }),
  "media.get": async ({ operator }) => {
    const { blob } = (await operator.request("media.put", { content: "aGVsbG8=", mimeType: "text/plain" })) as Answer;
    return operator.request("media.get", { blob });
  },
};

/** The file as it is, with another figure in it. */
function changeConfig(method: "config.set" | "config.apply"): Call {
  return async ({ operator }) => {
    const { hash, parsed } = (await operator.request("config.get")) as { hash: string; parsed: object };
    const raw = JSON.stringify({ ...parsed, limits: { userBurst: method === "config.set" ? 22 : 23 } });
    return operator.request(method, { raw, baseHash: hash });
  };
}

function addAccount({ channel, operator, simulator }: CallContext): Promise<unknown> {
  const config = simulator.accountConfig({ transport: "polling" });
  const params = { channel, accountId: "second", config, enabled: false, replace: true };
  return operator.request("channels.add", params);
}

/** A device asks for no more than it has: decided at once by the operator. */
async function upgrade({ device, operator }: CallContext): Promise<unknown> {
  const scopes = ["operator.read", "operator.pairing"];
  const { requestId } = (await device.request("device.scopes.requestUpgrade", { scopes })) as Answer;
  const waiting = device.request("device.scopes.waitUpgrade", { requestId });
  await operator.request("device.pair.approve", { requestId });
  return waiting;
}

/** Of these there is none: whoever asks for one hears so. */
function deadLetter(method: string): Call {
  return async ({ operator }) => {
    const { deadLetters } = (await operator.request("deadLetters.list")) as { deadLetters: readonly Answer[] };
    return operator.request(method, { id: String(deadLetters[0]?.id) }).catch((error: unknown) => error);
  };
}
