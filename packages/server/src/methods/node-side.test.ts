import { DEFAULT_TENANT } from "@switchboard/domain";
/** What nodes may say of their own accord, and what waits for them. */
import type { EventPayload } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { asked, calling, nodeWorld, start } from "../test-support/node-world.ts";
import { TestDevice } from "../test-support/pairing-world.ts";

const KEY = "agent:main:webchat:default:direct:me";
const OFFER = { commands: ["system.notify"] };

const chat = (sessionKey: string, text: string): EventPayload<"chat"> => ({
  runId: "r",
  sessionKey,
  seq: 1,
  state: "delta",
  deltaText: text,
});
const agent = (sessionKey: string, stream: string): EventPayload<"agent"> => ({
  runId: "r",
  seq: 1,
  stream,
  ts: 1,
  data: {},
  sessionKey,
});

describe("a node's events", () => {
  it("DEV-9 chats it subscribed to come to it without a number, and no others", async () => {
    await using world = await nodeWorld();
    const { client } = await world.approved(OFFER);
    const { socket } = world.gateway;
    const say = (event: string, payload: unknown) => client.call("node.event", { event, payload });
    socket.broadcast(DEFAULT_TENANT, "chat", chat(KEY, "before"));
    expect((await say("chat.subscribe", { sessionKey: KEY })).payload).toEqual({
      ok: true,
      event: "chat.subscribe",
      handled: true,
    });
    socket.broadcast(DEFAULT_TENANT, "chat", chat(KEY, "mine"));
    socket.broadcast(DEFAULT_TENANT, "chat", chat("agent:main:other", "another's"));
    socket.broadcast(DEFAULT_TENANT, "agent", agent(KEY, "tool"));
    socket.broadcast(DEFAULT_TENANT, "agent", agent(KEY, "assistant"));
    socket.broadcast(DEFAULT_TENANT, "tick", { ts: 1 });
    expect(await client.next()).toEqual({ type: "event", event: "chat", payload: chat(KEY, "mine") });
    expect(await client.next()).toEqual({ type: "event", event: "agent", payload: agent(KEY, "assistant") });
    expect(await client.next()).toEqual({ type: "event", event: "tick", payload: { ts: 1 }, seq: 1 });
    await say("chat.unsubscribe", { sessionKey: KEY });
    socket.broadcast(DEFAULT_TENANT, "chat", chat(KEY, "after"));
    socket.broadcast(DEFAULT_TENANT, "tick", { ts: 2 });
    expect(await client.next()).toMatchObject({ event: "tick", seq: 2 });
  });

  it("DEV-9 nobody's chats come to a node before an operator approved anything of it", async () => {
    await using world = await nodeWorld();
    const client = await world.node(new TestDevice(), OFFER);
    const params = { event: "chat.subscribe", payloadJSON: JSON.stringify({ sessionKey: KEY }) };
    expect((await client.call("node.event", params)).payload).toMatchObject({
      handled: false,
      reason: "the node is not approved yet",
    });
    world.gateway.socket.broadcast(DEFAULT_TENANT, "chat", chat(KEY, "secret"));
    world.gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 1 });
    expect(await client.next()).toMatchObject({ event: "tick" });
  });

  it("DEV-9 what is not known or not right is answered, and does nothing", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved({ caps: ["screen"] });
    const answer = async (params: Record<string, unknown>) => (await client.call("node.event", params)).payload;
    for (const event of ["made.up", "agent.request", "voice.transcript", "__proto__", "constructor", "toString"]) {
      expect(await answer({ event, payload: { message: "run!" } })).toMatchObject({ ok: true, event, handled: false });
    }
    for (const payload of [undefined, 7, [], { sessionKey: 7 }, { sessionKey: "" }, { sessionKey: "x".repeat(513) }]) {
      expect(await answer({ event: "chat.subscribe", payload })).toMatchObject({ handled: false });
    }
    for (const idleSeconds of [-1, 1.5, 1e12, "5", null]) {
      expect(await answer({ event: "node.presence.activity", payload: { idleSeconds } })).toMatchObject({
        handled: false,
      });
    }
    for (const payloadJSON of ["{", "[".repeat(1_000), `"${"x".repeat(300_000)}"`]) {
      const { error } = await client.call("node.event", { event: "chat.subscribe", payloadJSON });
      expect(error).toMatchObject({ code: "INVALID_REQUEST", message: expect.stringMatching(/^payloadJSON: /) });
    }
    expect(await answer({ event: "node.presence.alive", payload: { trigger: "manual" } })).toMatchObject({
      handled: true,
    });
    expect((await world.admin.call("node.describe", { nodeId: device.id })).payload).toMatchObject({
      lastSeenReason: "node-alive",
    });
  });

  it("DEV-9 an operator may say nothing of a node's, nor a node anything of an operator's", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    for (const [method, params] of [
      ["node.event", { event: "x" }],
      ["node.invoke.result", { id: "x", nodeId: device.id, ok: true }],
      ["node.pending.pull", {}],
    ] as const) {
      expect((await world.admin.call(method, params)).error.message).toBe("unauthorized role: operator");
    }
    for (const method of ["node.list", "node.pair.approve", "node.invoke", "device.pair.list"]) {
      expect((await client.call(method, {})).error.message).toBe("unauthorized role: node");
    }
  });
});

describe("what waits for a node", () => {
  it("DEV-9 a command that came in the background waits, once for its key, until it is acknowledged", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const params = calling(device, "system.notify", { params: { n: 1 } });
    const queued = new Set<unknown>();
    for (let n = 0; n < 2; n += 1) {
      const call = start(world.admin, params);
      const { id } = await asked(client);
      const error = { code: "NODE_BACKGROUND_UNAVAILABLE", message: "in background" };
      await client.call("node.invoke.result", { id, nodeId: device.id, ok: false, error });
      const answer = await call.answer();
      expect(answer.error).toMatchObject({
        code: "UNAVAILABLE",
        retryable: true,
        details: { code: "QUEUED_UNTIL_FOREGROUND" },
      });
      queued.add(answer.error.details.queuedActionId);
    }
    expect(queued.size).toBe(1);
    const [id] = queued;
    const action = { id, command: "system.notify", paramsJSON: '{"n":1}', enqueuedAtMs: world.clock.now() };
    const pull = async () => (await client.call("node.pending.pull")).payload;
    expect(await pull()).toEqual({ nodeId: device.id, actions: [action] });
    expect(await pull()).toMatchObject({ actions: [action] });
    expect((await client.call("node.pending.ack", { ids: [id, "unknown"] })).payload).toEqual({
      nodeId: device.id,
      ackedIds: [id],
      remainingCount: 0,
    });
    expect(await pull()).toMatchObject({ actions: [] });
  });

  it("DEV-9 at most 64 wait, for ten minutes, and only what the node may still do", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const error = { code: "NODE_BACKGROUND_UNAVAILABLE" };
    const enqueue = async () => {
      const call = start(world.admin, calling(device, "system.notify"));
      const { id } = await asked(client);
      await client.call("node.invoke.result", { id, nodeId: device.id, ok: false, error });
      return (await call.answer()).error;
    };
    for (let n = 0; n < 64; n += 1) expect((await enqueue()).details.code).toBe("QUEUED_UNTIL_FOREGROUND");
    expect(await enqueue()).toMatchObject({ code: "INVALID_REQUEST", retryable: true });
    const pulled = async (node: typeof client) => ((await node.call("node.pending.pull")).payload.actions as []).length;
    expect(await pulled(client)).toBe(64);
    world.clock.advance(10 * 60_000);
    const back = await world.node(device, OFFER);
    expect(await pulled(back)).toBe(0);
    const operator = await world.operator();
    const call = start(operator, calling(device, "system.notify"));
    await back.call("node.invoke.result", { id: (await asked(back)).id, nodeId: device.id, ok: false, error });
    await call.answer();
    expect(await pulled(back)).toBe(1);
    world.commands.deny.push("system.notify");
    expect(await pulled(back)).toBe(0);
  });

  it("DEV-9 notes are handed out once, the urgent first, and only to the node they are for", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const other = await world.approved(OFFER);
    const writer = await world.operator(["operator.write"]);
    const enqueue = (more: Record<string, unknown>) =>
      writer.call("node.pending.enqueue", { nodeId: device.id, ...more });
    const first = (await enqueue({ type: "status.request", wake: true })).payload;
    const ts = world.clock.now();
    expect(first).toEqual({
      nodeId: device.id,
      revision: 1,
      queued: {
        id: expect.any(String),
        type: "status.request",
        priority: "normal",
        createdAtMs: ts,
        expiresAtMs: ts + 600_000,
      },
      wakeTriggered: false,
    });
    expect((await enqueue({ type: "status.request" })).payload).toMatchObject({ revision: 1, queued: first.queued });
    await enqueue({ type: "location.request", priority: "high", expiresInMs: 1_000 });
    expect((await other.client.call("node.pending.drain")).payload).toMatchObject({ items: [], revision: 0 });
    expect((await client.call("node.pending.drain", { maxItems: 1 })).payload).toMatchObject({
      nodeId: device.id,
      revision: 2,
      items: [{ type: "location.request", priority: "high" }],
      hasMore: true,
    });
    expect((await client.call("node.pending.drain")).payload).toMatchObject({
      items: [{ type: "status.request" }],
      hasMore: false,
    });
    await enqueue({ type: "location.request", expiresInMs: 1_000 });
    world.clock.advance(1_000);
    expect((await client.call("node.pending.drain")).payload).toMatchObject({ items: [] });
  });
});
