/** What a node offers, and what an operator makes of it. */
import { describe, expect, it } from "vitest";
import { calling, nodeWorld } from "../test-support/node-world.ts";
import { ELSEWHERE, refusalOf, TestDevice } from "../test-support/pairing-world.ts";

const NOTIFY = { commands: ["system.notify"] };

describe("a node's surface", () => {
  it("DEV-9 an approved device has no commands until its surface is approved, and says so", async () => {
    await using world = await nodeWorld();
    const { admin, watcher } = world;
    const device = new TestDevice();
    const offer = { caps: ["shell"], commands: ["system.notify", "system.run"], permissions: { notify: true } };
    const node = await world.node(device, {
      ...offer,
      client: { displayName: "Attic\u202e\n", modelIdentifier: "X1" },
    });
    const { payload: request } = await watcher.event("node.pair.requested");
    expect(request).toEqual({
      requestId: expect.any(String),
      nodeId: device.id,
      displayName: "Attic",
      platform: "linux",
      version: "1.0.0",
      clientId: "node-host",
      clientMode: "node",
      modelIdentifier: "X1",
      ...offer,
      requiredApproveScopes: ["operator.admin"],
      ts: world.clock.now(),
    });
    expect((await admin.call("node.pair.list")).payload).toEqual({ pending: [request], paired: [] });
    const [listed] = (await admin.call("node.list")).payload.nodes as Record<string, unknown>[];
    expect(listed).toMatchObject({
      nodeId: device.id,
      caps: [],
      commands: [],
      permissions: {},
      approvalState: "pending-approval",
      pendingRequestId: request.requestId,
      pendingDeclaredCommands: offer.commands,
      connected: true,
      paired: true,
    });
    expect((await admin.call("node.invoke", calling(device, "system.notify"))).error).toMatchObject({
      code: "INVALID_REQUEST",
      details: { reason: "command not approved", command: "system.notify" },
    });
    expect(node.received().filter(({ event }) => event === "node.invoke.request")).toEqual([]);
  });

  it("DEV-9 once approved it is told, has to come back, and can be used; who only reads sees no requests", async () => {
    await using world = await nodeWorld();
    const { admin, watcher } = world;
    const device = new TestDevice();
    const offer = { caps: ["shell"], commands: ["system.notify", "screen.record"] };
    const node = await world.node(device, offer);
    const { requestId } = (await watcher.event("node.pair.requested")).payload;
    const reader = await world.operator(["operator.read"]);
    const seen = (await reader.call("node.describe", { nodeId: device.id })).payload;
    expect(Object.keys(seen).filter((key) => key.startsWith("pending"))).toEqual([]);
    expect((await reader.call("node.pair.list")).error.details).toMatchObject({ missingScope: "operator.pairing" });
    const { payload } = await admin.call("node.pair.approve", { requestId });
    expect(payload).toMatchObject({
      requestId,
      node: { nodeId: device.id, commands: ["screen.record", "system.notify"] },
    });
    const told = await node.event("node.pair.resolved");
    expect(told.payload).toMatchObject({ requestId, nodeId: device.id, decision: "approved" });
    expect(told).not.toHaveProperty("seq");
    expect(await node.closed).toEqual({ code: 1012, reason: "node capabilities changed" });
    expect((await watcher.event("node.pair.resolved")).payload).toMatchObject({ requestId, decision: "approved" });
    await world.node(device, offer);
    // What is dangerous needs the configuration's word, too.
    expect((await reader.call("node.describe", { nodeId: device.id })).payload).toMatchObject({
      approvalState: "approved",
      caps: ["shell"],
      commands: ["system.notify"],
    });
    expect((await admin.call("node.invoke", calling(device, "screen.record"))).error.details).toMatchObject({
      reason: "command not allowlisted",
    });
    world.commands.allow.push("screen.record");
    expect((await reader.call("node.describe", { nodeId: device.id })).payload.commands).toContain("screen.record");
    world.commands.deny.push("system.notify");
    expect((await reader.call("node.describe", { nodeId: device.id })).payload.commands).toEqual(["screen.record"]);
    // And after a restart of the gateway it is known still.
    const registry = await world.reload();
    expect(registry.get("default" as never, device.id)?.surface?.commands).toEqual(["screen.record", "system.notify"]);
  });

  it("DEV-9 the same surface keeps its request, however long; another one takes its place", async () => {
    await using world = await nodeWorld();
    const device = new TestDevice();
    await world.node(device, { commands: ["system.notify", "location.get"] });
    const { requestId } = (await world.watcher.event("node.pair.requested")).payload;
    // Longer than any connection lasts that nobody answers on.
    world.clock.advance(2 * 86_400_000);
    const [admin, watcher] = [await world.operator(), await world.operator()];
    await world.node(device, { commands: ["location.get", "system.notify"] });
    const pending = async () => (await admin.call("node.pair.list")).payload.pending as { requestId: string }[];
    expect(await pending()).toMatchObject([{ requestId }]);
    await world.node(device, { commands: ["system.run"] });
    expect((await watcher.event("node.pair.resolved")).payload).toMatchObject({ requestId, decision: "rejected" });
    const next = (await watcher.event("node.pair.requested")).payload;
    expect(next).toMatchObject({ commands: ["system.run"], requiredApproveScopes: ["operator.admin"] });
    expect((await admin.call("node.pair.approve", { requestId })).error).toMatchObject({
      message: "unknown requestId",
    });
    expect(await pending()).toMatchObject([{ requestId: next.requestId }]);
  });

  it("DEV-9 what was approved stays usable while more is asked for, and after that was refused", async () => {
    await using world = await nodeWorld();
    const { admin, watcher } = world;
    const { device } = await world.approved(NOTIFY);
    const node = await world.node(device, { commands: ["system.notify", "system.run"] });
    const { requestId } = (await watcher.event("node.pair.requested")).payload;
    const describe_ = async () => (await admin.call("node.describe", { nodeId: device.id })).payload;
    expect(await describe_()).toMatchObject({ approvalState: "pending-reapproval", commands: NOTIFY.commands });
    const use = async () => {
      const answer = admin.call("node.invoke", calling(device, "system.notify"));
      const { id } = (await node.event("node.invoke.request")).payload;
      await node.call("node.invoke.result", { id, nodeId: device.id, ok: true });
      return (await answer).ok;
    };
    expect(await use()).toBe(true);
    expect((await admin.call("node.pair.reject", { requestId })).payload).toEqual({ requestId, nodeId: device.id });
    expect((await node.event("node.pair.resolved")).payload).toMatchObject({ requestId, decision: "rejected" });
    expect(await describe_()).toMatchObject({ approvalState: "approved", commands: NOTIFY.commands });
    expect(await use()).toBe(true);
  });

  it("DEV-9 a request that is not needed any more is resolved when the node comes back with less", async () => {
    await using world = await nodeWorld();
    const { watcher } = world;
    const { device } = await world.approved(NOTIFY);
    await world.node(device, { commands: ["system.notify", "location.get"] });
    const { requestId } = (await watcher.event("node.pair.requested")).payload;
    await world.node(device, NOTIFY);
    const resolved = await watcher.next(
      ({ event, payload }) => event === "node.pair.resolved" && payload.requestId === requestId,
    );
    expect(resolved.payload).toMatchObject({ nodeId: device.id });
    expect((await world.admin.call("node.pair.list")).payload.pending).toEqual([]);
  });

  it("DEV-8 approving takes the scopes that the commands take, whoever may pair", async () => {
    await using world = await nodeWorld();
    const { admin, watcher } = world;
    const kinds = [
      { offer: { caps: ["screen"] }, scope: undefined },
      { offer: { commands: ["system.notify"] }, scope: "operator.write" },
      { offer: { commands: ["system.notify", "system.run"] }, scope: "operator.admin" },
    ];
    for (const { offer, scope } of kinds) {
      const device = new TestDevice();
      await world.node(device, offer);
      const { requestId } = (await watcher.event("node.pair.requested")).payload;
      const held = ["operator.pairing", "operator.write", "operator.admin"];
      for (const holds of held.slice(0, held.indexOf(scope ?? "operator.pairing"))) {
        const weak = await world.operator(["operator.pairing", holds]);
        expect((await weak.call("node.pair.approve", { requestId })).error).toMatchObject({
          code: "FORBIDDEN",
          details: { code: "MISSING_SCOPE", missingScope: scope },
        });
      }
      const enough = await world.operator(["operator.pairing", ...(scope === undefined ? [] : [scope])]);
      expect((await enough.call("node.pair.approve", { requestId })).ok).toBe(true);
    }
    expect((await admin.call("node.pair.list")).payload.pending).toEqual([]);
  });

  it("CVE-2026-41299 what it calls itself gives it nothing, and calling itself otherwise later keeps it out", async () => {
    await using world = await nodeWorld();
    const { admin } = world;
    const offer = { commands: ["system.run"], client: { platform: "ios 18.1", deviceFamily: "iPhone" } };
    const { device } = await world.approved({ ...offer, commands: ["system.notify", "system.run"] });
    const described = async () => (await admin.call("node.describe", { nodeId: device.id })).payload;
    expect(await described()).toMatchObject({ commands: ["system.notify"], platform: "ios 18.1" });
    const elsewhere = { role: "node", ip: ELSEWHERE, commands: offer.commands } as const;
    const disguised = await world.connect(device, {
      ...elsewhere,
      client: { id: "node-host", platform: "linux", deviceFamily: "iPhone" },
    });
    expect(refusalOf(disguised)).toMatchObject({ code: "PAIRING_REQUIRED", reason: "metadata-upgrade" });
    const half = await world.connect(device, {
      ...elsewhere,
      client: { id: "node-host", platform: "ios 19", deviceFamily: "Mac" },
    });
    expect(refusalOf(half)).toMatchObject({ reason: "metadata-upgrade" });
  });

  it("CVE-2026-41299 another kind of machine under the same key starts with nothing approved", async () => {
    await using world = await nodeWorld();
    const { admin } = world;
    const { device } = await world.approved({ ...NOTIFY, client: { platform: "android 15" } });
    await world.node(device, { ...NOTIFY, client: { platform: "linux" } });
    expect((await world.watcher.event("node.pair.requested")).payload).toMatchObject(NOTIFY);
    expect((await admin.call("node.describe", { nodeId: device.id })).payload).toMatchObject({
      platform: "linux",
      approvalState: "pending-approval",
      commands: [],
    });
  });
});

describe("nodes as operators manage them", () => {
  it("DEV-9 are listed with the connected ones first, renamed, and unknown ones are said to be unknown", async () => {
    await using world = await nodeWorld();
    const { admin } = world;
    const [away, here] = [await world.approved(NOTIFY), await world.approved(NOTIFY)];
    await admin.call("node.rename", { nodeId: away.device.id, displayName: "A" });
    expect((await admin.call("node.rename", { nodeId: here.device.id, displayName: "B" })).payload).toEqual({
      nodeId: here.device.id,
      displayName: "B",
    });
    away.client.drop();
    await world.watcher.next(({ event, payload }) => event === "node.presence" && payload.connected === false);
    await world.connect(new TestDevice(), { scopes: ["operator.read"] });
    const { nodes, ts } = (await admin.call("node.list")).payload as { nodes: unknown[]; ts: number };
    expect(ts).toBe(world.clock.now());
    expect(nodes).toMatchObject([
      { displayName: "B", connected: true, connectedAtMs: ts },
      { displayName: "A", connected: false, lastDisconnectedAtMs: ts },
    ]);
    for (const [method, more] of [
      ["node.describe", {}],
      ["node.rename", { displayName: "x" }],
      ["node.pair.remove", {}],
      ["node.invoke", { command: "x", idempotencyKey: "k" }],
      ["node.pending.enqueue", { type: "status.request" }],
    ] as const) {
      const { error } = await admin.call(method, { nodeId: "nobody", ...more });
      expect([method, error.code, error.message]).toEqual([method, "INVALID_REQUEST", "unknown nodeId"]);
    }
  });

  it("DEV-9 removing one takes its role, ends its connection, and forgets a device that is nothing else", async () => {
    await using world = await nodeWorld();
    const { admin, watcher } = world;
    const { client, device } = await world.approved(NOTIFY);
    const weak = await world.operator(["operator.pairing"]);
    expect((await weak.call("node.pair.remove", { nodeId: device.id })).error.code).toBe("FORBIDDEN");
    expect((await admin.call("node.pair.remove", { nodeId: device.id })).payload).toEqual({ nodeId: device.id });
    expect(await client.closed).toEqual({ code: 4001, reason: "device removed" });
    const removed = await watcher.next(
      ({ event, payload }) => event === "node.pair.resolved" && payload.decision === "removed",
    );
    expect(removed.payload).toMatchObject({ requestId: "", nodeId: device.id });
    expect((await admin.call("device.pair.list")).payload.paired).toEqual([]);
  });

  it("DEV-9 a device that is an operator, too, stays one; as a node it starts anew", async () => {
    await using world = await nodeWorld();
    const { admin } = world;
    const both = new TestDevice();
    await world.connect(both, { ip: ELSEWHERE, scopes: ["operator.read"] });
    await world.connect(both, { ip: ELSEWHERE, role: "node", client: { id: "node-host" }, ...NOTIFY });
    const approveDevice = async () => {
      const { pending } = (await admin.call("device.pair.list")).payload as { pending: { requestId: string }[] };
      await admin.call("device.pair.approve", { requestId: pending[0]?.requestId });
    };
    await approveDevice();
    const { client } = await world.approved(NOTIFY, both);
    await admin.call("node.pair.remove", { nodeId: both.id });
    expect(await client.closed).toEqual({ code: 4001, reason: "device token revoked" });
    expect((await admin.call("node.list")).payload.nodes).toEqual([]);
    const asked = await world.connect(both, { ip: ELSEWHERE, role: "node", client: { id: "node-host" }, ...NOTIFY });
    expect(refusalOf(asked)).toMatchObject({ reason: "role-upgrade" });
    await approveDevice();
    expect((await admin.call("node.describe", { nodeId: both.id })).payload).toMatchObject({
      approvalState: "unapproved",
      commands: [],
    });
    const paired = (await admin.call("device.pair.list")).payload.paired;
    expect(paired).toMatchObject([{ deviceId: both.id, roles: ["node", "operator"] }]);
  });

  it("DEV-9 a new connection of a node ends the one before; presence shows one row for both", async () => {
    await using world = await nodeWorld();
    const { admin } = world;
    const device = new TestDevice();
    const first = await world.node(device, NOTIFY);
    await world.node(device, NOTIFY);
    expect(await first.closed).toEqual({ code: 1012, reason: "node connection replaced" });
    const rows = (await admin.call("system-presence")).payload as unknown as Record<string, unknown>[];
    expect(rows.filter(({ deviceId }) => deviceId === device.id)).toMatchObject([
      { reason: "connect", roles: ["node"], mode: "node" },
    ]);
    expect((await admin.call("node.list")).payload.nodes).toMatchObject([{ connected: true }]);
  });

  it("DEV-9 readers hear who came, went and was used; the one used last is the active one", async () => {
    await using world = await nodeWorld();
    const { admin } = world;
    const reader = await world.operator(["operator.read"]);
    const { client, device } = await world.approved({ caps: ["screen"] });
    expect((await reader.event("node.presence")).payload).toEqual({
      nodeId: device.id,
      connected: true,
      ts: world.clock.now(),
    });
    const used = { event: "node.presence.activity", payload: { idleSeconds: 5 } };
    expect((await client.call("node.event", used)).payload).toEqual({ ok: true, event: used.event, handled: true });
    const at = world.clock.now() - 5_000;
    expect((await reader.event("node.presence")).payload).toMatchObject({ lastActiveAtMs: at });
    expect((await admin.call("node.list")).payload).toMatchObject({
      activeNodeId: device.id,
      nodes: [{ active: true, lastActiveAtMs: at }],
    });
    client.drop();
    expect((await reader.event("node.presence")).payload).toMatchObject({ connected: false });
  });
});
