/** What we send, held against the schemas that clients of the wider world were built from. */
import { DEFAULT_TENANT, problemsOf } from "@switchboard/domain";
import {
  type EventPayload,
  METHODS,
  type MethodName,
  methodSpec,
  type Params,
  type Result,
} from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { oracle as document, fits } from "../test-support/oracle.ts";
import { connectParams, startGateway } from "./harness.test.util.ts";
import type { Handlers } from "./registry.ts";

const ts = 1_800_000_000_000;
const key = "agent:main:webchat:default:direct:me";

const health: EventPayload<"health"> = {
  ok: true,
  ts,
  durationMs: 3,
  eventLoop: {
    degraded: false,
    reasons: [],
    intervalMs: 1_000,
    delayP99Ms: 1.5,
    delayMaxMs: 4,
    utilization: 0.1,
    cpuCoreRatio: 0.2,
  },
  deliveryQueues: { failed: [{ queueName: "delivery", count: 2, oldestFailedAt: ts }] },
  channels: { x: { configured: true, linked: true, accounts: { default: { connected: true } } } },
  channelOrder: ["x"],
  channelLabels: { x: "X" },
  heartbeatSeconds: 0,
  defaultAgentId: "main",
  agents: [
    {
      agentId: "main",
      name: "Main",
      isDefault: true,
      heartbeat: { enabled: false, every: "", everyMs: null, prompt: "", target: "", ackMaxChars: 0 },
      sessions: { path: "[redacted]", count: 1, recent: [{ key, updatedAt: ts, age: 5 }] },
    },
  ],
  sessions: { path: "[redacted]", count: 1, recent: [] },
};

const channels: Result<"channels.status"> = {
  ts,
  channelOrder: ["x"],
  channelLabels: { x: "X" },
  channelMeta: [{ id: "x", label: "X", detailLabel: "X bot" }],
  channels: { x: { configured: true } },
  channelAccounts: {
    x: [
      {
        accountId: "default",
        name: "bot",
        enabled: true,
        configured: true,
        linked: true,
        running: true,
        connected: true,
        reconnectAttempts: 0,
        lastConnectedAt: ts,
        lastError: null,
        healthState: "connected",
        lastInboundAt: null,
        lastProbeAt: ts,
        mode: "polling",
        dmPolicy: "open",
        state: "CONNECTED",
        evidence: { kind: "probe", at: ts },
      },
    ],
  },
  channelDefaultAccountId: { x: "default" },
};

const agents: Result<"agents.list"> = {
  defaultId: "main",
  mainKey: "main",
  scope: "per-sender",
  agents: [{ id: "main", name: "Main", model: { primary: "some/model" } }],
};

const run = { runId: "r", sessionKey: key, agentId: "main", seq: 1 };
const reply = { role: "assistant", content: [{ type: "text", text: "hi" }], timestamp: ts } as const;
const chatEvents: EventPayload<"chat">[] = [
  { ...run, state: "status", phase: "starting_model" },
  { ...run, state: "delta", deltaText: "h", message: reply, usage: { inputTokens: 1 } },
  { ...run, state: "delta", deltaText: "hi", replace: true },
  { ...run, state: "final", message: reply, stopReason: "stop" },
  { ...run, state: "aborted", stopReason: "user" },
  { ...run, state: "error", errorMessage: "no", errorKind: "timeout" },
];

describe("what clients of the wider world expect", () => {
  it("DEV-1 hello-ok, every frame, presence and errors", async () => {
    await using gateway = await startGateway({
      snapshot: {
        version: "1.2.3",
        startedAt: 0,
        health: () => health,
        sessionDefaults: () => ({ defaultAgentId: "main", mainKey: "main", mainSessionKey: "agent:main:main" }),
      },
    });
    const client = await gateway.open();
    expect(fits("EventFrame", await client.next())).toEqual([]);
    const hello = await client.connect();
    expect(fits("ResponseFrame", hello)).toEqual([]);
    // `auth.method` came into the protocol after this package; its clients skip what they do not know.
    const { method, ...auth } = hello.payload.auth as { method: string };
    expect(method).toBe("token");
    expect(fits("HelloOk", { ...hello.payload, auth })).toEqual([]);
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts });
    const tick = await client.event("tick");
    expect(fits("EventFrame", tick)).toEqual([]);
    expect(fits("TickEvent", tick.payload)).toEqual([]);
    const error = await client.call("chat.send", {});
    expect(fits("ResponseFrame", error)).toEqual([]);
    expect(fits("ErrorShape", error.error)).toEqual([]);
    void gateway.socket.close({ reason: "restart", restartExpectedMs: 5 });
    expect(fits("ShutdownEvent", (await client.event("shutdown")).payload)).toEqual([]);
  });

  it("DEV-1 hello-ok of a gateway that is not well, which they know as a missing ok", async () => {
    await using gateway = await startGateway({
      snapshot: { version: "1.2.3", startedAt: 0, health: () => ({ ...health, ok: false }) },
    });
    const hello = await (await gateway.open()).connect();
    const { method: _, ...auth } = hello.payload.auth as { method: string };
    expect(fits("HelloOk", { ...hello.payload, auth })).toEqual([]);
    expect((hello.payload.snapshot as { health: object }).health).toMatchObject({ defaultAgentId: "main" });
  });

  it("DEV-1 presence of operators", async () => {
    await using gateway = await startGateway();
    const ui = { id: "test", version: "1", platform: "linux", mode: "ui", timeZone: "Europe/London" } as const;
    await gateway.join({ client: ui });
    const { payload } = await (await gateway.join()).call("system-presence");
    expect(payload).toHaveLength(2);
    for (const entry of payload as unknown as unknown[]) expect(fits("PresenceEntry", entry)).toEqual([]);
  });

  it("DEV-1 results that have a schema there", async () => {
    const handlers: Handlers = { "channels.status": () => channels, "agents.list": () => agents };
    await using gateway = await startGateway({ handlers });
    const client = await gateway.join();
    expect(fits("ChannelsStatusResult", (await client.call("channels.status")).payload)).toEqual([]);
    expect(fits("AgentsListResult", (await client.call("agents.list")).payload)).toEqual([]);
  });

  it("ACC-3 who waits to be let in, and what was decided", () => {
    const account = {
      channel: "x",
      channelLabel: "X",
      accountId: "default",
      accountLabel: "bot",
      notifySupported: true,
    };
    const time = new Date(ts).toISOString();
    const request = { requestId: "r", ...account, senderId: "42", senderLabel: "Ann", metadata: { username: "ann" } };
    const list: Result<"channels.pairing.list"> = {
      accounts: [account],
      requests: [{ ...request, createdAt: time, lastSeenAt: time, expiresAt: time }],
      commandOwnerConfigured: true,
      limits: { pendingPerAccount: 3, ttlMs: 3_600_000 },
    };
    expect(fits("ChannelsPairingListResult", list)).toEqual([]);
    const decided = { requestId: "r", senderId: "42" };
    expect(fits("ChannelsPairingDismissResult", decided)).toEqual([]);
    for (const notification of ["not-requested", "sent", "unsupported", "failed"] as const) {
      for (const owner of ["not-requested", "configured", "already-configured", "unavailable"] as const) {
        const approved: Result<"channels.pairing.approve"> = { ...decided, notification, commandOwnerBootstrap: owner };
        expect(fits("ChannelsPairingApproveResult", approved)).toEqual([]);
      }
    }
  });

  it("DEV-9 what nodes are sent and answered", () => {
    const queued = { id: "i", type: "status.request", priority: "high", createdAtMs: ts, expiresAtMs: ts } as const;
    const enqueued: Result<"node.pending.enqueue"> = { nodeId: "n", revision: 1, queued, wakeTriggered: false };
    expect(fits("NodePendingEnqueueResult", enqueued)).toEqual([]);
    const drained: Result<"node.pending.drain"> = { nodeId: "n", revision: 1, items: [queued], hasMore: false };
    expect(fits("NodePendingDrainResult", drained)).toEqual([]);
    const heard: Result<"node.event"> = { ok: true, event: "e", handled: false, reason: "r" };
    expect(fits("NodeEventResult", heard)).toEqual([]);
    const request: EventPayload<"node.invoke.request"> = {
      id: "i",
      nodeId: "n",
      command: "c",
      paramsJSON: "{}",
      timeoutMs: 5,
      idempotencyKey: "k",
    };
    expect(fits("NodeInvokeRequestEvent", request)).toEqual([]);
  });

  it("DEV-1 chat events in every state", () => {
    for (const event of chatEvents) {
      expect(fits("ChatEvent", event)).toEqual([]);
      expect(fits("EventFrame", { type: "event", event: "chat", payload: event, seq: 1 })).toEqual([]);
    }
  });

  it("DEV-1 agent events, but for two fields that every gateway adds", () => {
    const event: EventPayload<"agent"> = {
      runId: "r",
      seq: 1,
      stream: "assistant",
      ts,
      data: { text: "hi", delta: "hi" },
    };
    expect(fits("AgentEvent", event)).toEqual([]);
    const { definitions } = document;
    expect(Object.keys((definitions.AgentEvent as { properties: object }).properties)).not.toContain("sessionKey");
  });
});

describe("what clients of the wider world send", () => {
  const change = { raw: "{}", baseHash: "h" };
  const requests: { [M in MethodName]?: [schema: string, params: Params<M>] } = {
    "agents.list": ["AgentsListParams", {}],
    "channels.logout": ["ChannelsLogoutParams", { channel: "x", accountId: "default" }],
    "commands.list": ["CommandsListParams", { agentId: "main", scope: "native", includeArgs: false }],
    "config.get": ["ConfigGetParams", {}],
    "config.set": ["ConfigSetParams", change],
    "config.apply": ["ConfigApplyParams", change],
    "config.patch": ["ConfigPatchParams", { ...change, replacePaths: ["bindings"] }],
    "config.schema": ["ConfigSchemaParams", {}],
    "config.schema.lookup": ["ConfigSchemaLookupParams", { path: "gateway.port" }],
    "cron.list": ["CronListParams", { limit: 5, offset: 0 }],
    "cron.status": ["CronStatusParams", {}],
    "logs.tail": ["LogsTailParams", { cursor: 1, limit: 5, maxBytes: 1_000 }],
    "models.list": ["ModelsListParams", { agentId: "main" }],
    "system.info": ["SystemInfoParams", {}],
    "channels.status": ["ChannelsStatusParams", { probe: true, timeoutMs: 1_000, channel: "x" }],
    "channels.start": ["ChannelsStartParams", { channel: "x", accountId: "default" }],
    "channels.stop": ["ChannelsStopParams", { channel: "x", accountId: "default" }],
    "channels.pairing.list": ["ChannelsPairingListParams", { channel: "x", accountId: "default" }],
    "channels.pairing.approve": [
      "ChannelsPairingApproveParams",
      { channel: "x", accountId: "default", requestId: "r", notify: true, bootstrapCommandOwner: true },
    ],
    "channels.pairing.dismiss": [
      "ChannelsPairingDismissParams",
      { channel: "x", accountId: "default", requestId: "r" },
    ],
    "sessions.list": ["SessionsListParams", { limit: 5, offset: 0, activeMinutes: 5, search: "x", agentId: "main" }],
    "sessions.messages.subscribe": ["SessionsMessagesSubscribeParams", { key, agentId: "main" }],
    "sessions.messages.unsubscribe": ["SessionsMessagesUnsubscribeParams", { key, agentId: "main" }],
    "chat.history": ["ChatHistoryParams", { sessionKey: key, limit: 200, maxChars: 1_000, offset: 0 }],
    "chat.send": [
      "ChatSendParams",
      {
        sessionKey: key,
        message: "hi",
        idempotencyKey: "k",
        thinking: "low",
        queueMode: "collect",
        deliver: false,
        attachments: [{ type: "image", mimeType: "image/png", fileName: "a.png", content: "AAAA" }],
        timeoutMs: 0,
      },
    ],
    "chat.abort": ["ChatAbortParams", { sessionKey: key, runId: "r" }],
    "chat.inject": ["ChatInjectParams", { sessionKey: key, message: "hi", label: "x" }],
    agent: [
      "AgentParams",
      { message: "hi", idempotencyKey: "k", sessionKey: key, deliver: true, timeout: 5, thinking: "low" },
    ],
    "chat.startup": ["ChatHistoryParams", { sessionKey: key, limit: 200, agentId: "main" }],
    "chat.metadata": ["ChatMetadataParams", { sessionKey: key, agentId: "main" }],
    "chat.message.get": ["ChatMessageGetParams", { sessionKey: key, messageId: "m", maxChars: 10 }],
    "sessions.preview": ["SessionsPreviewParams", { keys: [key], limit: 3, maxChars: 20 }],
    "sessions.describe": ["SessionsDescribeParams", { key }],
    "sessions.resolve": ["SessionsResolveParams", { label: "x", agentId: "main", allowMissing: true }],
    "sessions.create": [
      "SessionsCreateParams",
      { key, idempotencyKey: "k", agentId: "main", label: "x", model: "m", parentSessionKey: key, message: "hi" },
    ],
    "sessions.send": ["SessionsSendParams", { key, message: "hi", thinking: "low", idempotencyKey: "k" }],
    "sessions.abort": ["SessionsAbortParams", { key, runId: "r", clearQueued: true }],
    "sessions.patch": [
      "SessionsPatchParams",
      { key, expectedSessionId: "s", label: null, model: "m", thinkingLevel: "low", reasoningLevel: null },
    ],
    "sessions.reset": ["SessionsResetParams", { key, agentId: "main", reason: "new" }],
    "sessions.delete": ["SessionsDeleteParams", { key, deleteTranscript: true, expectedSessionId: "s" }],
    "sessions.compact": ["SessionsCompactParams", { key, maxLines: 5 }],
    "sessions.usage": ["SessionsUsageParams", { key, startDate: "2026-01-01", mode: "utc", limit: 5 }],
    "agent.identity.get": ["AgentIdentityParams", { agentId: "main" }],
    "message.action": [
      "MessageActionParams",
      { channel: "x", action: "send", params: { to: "t" }, idempotencyKey: "k", accountId: "default" },
    ],
    poll: ["PollParams", { to: "t", question: "?", options: ["a", "b"], idempotencyKey: "k", durationSeconds: 60 }],
    "agent.wait": ["AgentWaitParams", { runId: "r", timeoutMs: 5 }],
    "node.list": ["NodeListParams", {}],
    "node.describe": ["NodeDescribeParams", { nodeId: "n" }],
    "node.rename": ["NodeRenameParams", { nodeId: "n", displayName: "Attic" }],
    "node.pair.list": ["NodePairListParams", {}],
    "node.pair.approve": ["NodePairApproveParams", { requestId: "r" }],
    "node.pair.reject": ["NodePairRejectParams", { requestId: "r" }],
    "node.pair.remove": ["NodePairRemoveParams", { nodeId: "n" }],
    "node.invoke": [
      "NodeInvokeParams",
      { nodeId: "n", command: "c", params: { a: 1 }, timeoutMs: 0, idempotencyKey: "k", sessionKey: key },
    ],
    "node.invoke.result": [
      "NodeInvokeResultParams",
      { id: "i", nodeId: "n", ok: false, payload: 1, payloadJSON: "1", error: { code: "X", message: "y" } },
    ],
    "node.invoke.progress": ["NodeInvokeProgressParams", { invokeId: "i", nodeId: "n", seq: 0, chunk: "" }],
    "node.event": ["NodeEventParams", { event: "e", payload: {}, payloadJSON: "{}" }],
    "node.pending.enqueue": [
      "NodePendingEnqueueParams",
      { nodeId: "n", type: "status.request", priority: "high", expiresInMs: 1_000, wake: true },
    ],
    "node.pending.drain": ["NodePendingDrainParams", { maxItems: 10 }],
    "node.pending.ack": ["NodePendingAckParams", { ids: ["i"] }],
    send: ["SendParams", { to: "t", idempotencyKey: "k", message: "hi", mediaUrls: [], channel: "x", threadId: "1" }],
  };

  it.each(Object.entries(requests))("DEV-2 %s is read the same way on both sides", (name, [schema, params]) => {
    expect(fits(schema, params)).toEqual([]);
    expect(problemsOf(methodSpec(name as MethodName).params, params)).toEqual([]);
  });

  it.each(Object.entries(requests))("DEV-2 %s needs no field that clients there leave out", (name, [schema]) => {
    const theirs = document.definitions[schema] as { required?: string[] };
    const ours = methodSpec(name as MethodName).params as unknown as { required?: string[] };
    expect((ours.required ?? []).filter((field) => !theirs.required?.includes(field))).toEqual([]);
  });

  it("DEV-2 connect parameters", () => {
    expect(fits("ConnectParams", connectParams({ caps: ["tool-events"], role: "operator", locale: "en" }))).toEqual([]);
    const frame = { type: "req", id: "1", method: "connect", params: connectParams() };
    expect(fits("RequestFrame", frame)).toEqual([]);
  });

  it("DEV-1 methods that both have need the same scope", () => {
    // `users.self` takes less since a release that came after the package.
    const later = ["users.self"];
    const shared = (Object.keys(METHODS) as MethodName[]).filter((name) => document.methods[name]);
    expect(shared.length).toBeGreaterThan(15);
    const different = shared.filter((name) => {
      const { scope, alsoScopes } = methodSpec(name);
      const ours = alsoScopes ? "dynamic" : scope;
      return ours !== null && !later.includes(name) && ours !== document.methods[name]?.scope;
    });
    expect(different).toEqual([]);
  });
});

it("the schemas there do refuse what is wrong", () => {
  expect(fits("TickEvent", { ts: -1 })).not.toEqual([]);
  expect(fits("HelloOk", { type: "hello-ok" })).not.toEqual([]);
  expect(fits("ErrorShape", { code: "X", message: "y", surprise: 1 })).not.toEqual([]);
});
