/** Calling a node's commands: every call ends once, whatever the node, the caller and the network do. */
import { DEFAULT_TENANT } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { asked, calling, nodeWorld, start } from "../test-support/node-world.ts";
import { TestDevice } from "../test-support/pairing-world.ts";
import type { Frame } from "../ws/harness.test.util.ts";

const COMMAND = "system.notify";
const OFFER = { commands: [COMMAND] };
const write = ["operator.write"];

describe("calling a node's command", () => {
  it("DEV-9 takes it to the node and brings the answer back, as value or as text", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const caller = await world.operator(write);
    const params = calling(device, COMMAND, { params: { title: "hi" }, sessionKey: "s", timeoutMs: 5_000 });
    const call = start(caller, params);
    const frame = await client.event("node.invoke.request");
    expect(frame).toEqual({
      type: "event",
      event: "node.invoke.request",
      payload: {
        id: expect.any(String),
        nodeId: device.id,
        command: COMMAND,
        paramsJSON: '{"title":"hi"}',
        timeoutMs: 5_000,
        idempotencyKey: params.idempotencyKey,
        sessionKey: "s",
      },
    });
    const { id } = frame.payload;
    const result = { id, nodeId: device.id, ok: true, payload: { shown: true } };
    expect((await client.call("node.invoke.result", result)).payload).toEqual({ ok: true });
    const answer = { ok: true, nodeId: device.id, command: COMMAND };
    expect((await call.answer()).payload).toEqual({ ...answer, payload: { shown: true }, payloadJSON: null });
    // The same key again acts once; the node is not asked again.
    expect((await start(caller, params).answer()).payload).toMatchObject({ payload: { shown: true } });
    const bare = start(caller, calling(device, COMMAND));
    const second = await asked(client);
    expect([second.id === id, second.paramsJSON, second.timeoutMs]).toEqual([false, null, 30_000]);
    await client.call("node.invoke.result", { id: second.id, nodeId: device.id, ok: true, payloadJSON: '{"a":1}' });
    expect((await bare.answer()).payload).toEqual({ ...answer, payload: { a: 1 }, payloadJSON: '{"a":1}' });
  });

  it("DEV-9 tells whoever asked for it, and nobody else, what the node says while it works", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const [caller, other] = [await world.operator(write), await world.operator(write)];
    const params = calling(device, COMMAND, { progress: true });
    const call = start(caller, params);
    const { id } = await asked(client);
    const says = async (seq: number, chunk: string, more = {}) =>
      (await client.call("node.invoke.progress", { invokeId: id, nodeId: device.id, seq, chunk, ...more })).payload;
    expect(await says(0, "one")).toEqual({ ok: true });
    expect(await says(1, "two")).toEqual({ ok: true });
    // What came before, or belongs to no call, is not told.
    for (const again of [await says(1, "two"), await says(0, "one"), await says(2, "x", { invokeId: "none" })]) {
      expect(again).toEqual({ ok: true, ignored: true });
    }
    expect((await client.call("node.invoke.progress", { invokeId: id, nodeId: "other", seq: 3, chunk: "" })).ok).toBe(
      false,
    );
    const large = { invokeId: id, nodeId: device.id, seq: 3, chunk: "ü".repeat(8_193) };
    expect((await client.call("node.invoke.progress", large)).ok).toBe(false);
    const told = { nodeId: device.id, idempotencyKey: params.idempotencyKey };
    expect((await caller.event("node.invoke.progress")).payload).toEqual({ ...told, seq: 0, chunk: "one" });
    expect((await caller.event("node.invoke.progress")).payload).toEqual({ ...told, seq: 1, chunk: "two" });
    await client.call("node.invoke.result", { id, nodeId: device.id, ok: true });
    expect((await call.answer()).ok).toBe(true);
    expect(await says(4, "late")).toEqual({ ok: true, ignored: true });
    // Without having asked, a caller hears nothing; neither does anybody else.
    const quiet = start(other, calling(device, COMMAND));
    const second = await asked(client);
    expect(await says(0, "unheard", { invokeId: second.id })).toEqual({ ok: true });
    world.gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 1 });
    const first = ({ event }: Frame) => event === "node.invoke.progress" || event === "tick";
    for (const each of [other, caller]) expect((await each.next(first)).event).toBe("tick");
    await client.call("node.invoke.result", { id: second.id, nodeId: device.id, ok: true });
    expect((await quiet.answer()).ok).toBe(true);
  });

  it("DEV-9 names the node's own failure, in bounds", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const call = start(world.admin, calling(device, COMMAND));
    const { id } = await asked(client);
    const error = { code: "MISSING_SCOPE", message: "no\nway" };
    await client.call("node.invoke.result", { id, nodeId: device.id, ok: false, error });
    expect((await call.answer()).error).toMatchObject({
      code: "UNAVAILABLE",
      message: "MISSING_SCOPE: no way",
      details: {
        code: "NODE_ERROR",
        nodeError: { code: "MISSING_SCOPE", message: "no way" },
        nodeCommandDispatched: true,
      },
    });
  });

  it("DEV-9 what was not declared, and nodes that are away, are said so at once", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    expect((await world.admin.call("node.invoke", calling(device, "location.get"))).error).toMatchObject({
      code: "INVALID_REQUEST",
      details: { reason: "command not declared by node", command: "location.get" },
    });
    client.drop();
    await world.watcher.next(({ event, payload }) => event === "node.presence" && payload.connected === false);
    const refused = await world.admin.call("node.invoke", calling(device, COMMAND));
    expect(refused.error).toMatchObject({
      code: "UNAVAILABLE",
      retryable: true,
      details: { code: "NOT_CONNECTED", nodeCommandDispatched: false },
    });
  });

  it("DEV-8 takes admin for what reaches into the machine, and write for the rest", async () => {
    await using world = await nodeWorld();
    const { device } = await world.approved(OFFER);
    const [reader, writer] = [await world.operator(["operator.read"]), await world.operator(write)];
    const missing = async (client: typeof reader, command: string) =>
      (await client.call("node.invoke", calling(device, command))).error.details.missingScope;
    expect(await missing(reader, COMMAND)).toBe("operator.write");
    for (const command of ["browser.proxy", "browser.proxy.x", "fs.listDir", "terminal.upload"]) {
      expect([command, await missing(writer, command)]).toEqual([command, "operator.admin"]);
      expect(await missing(world.admin, command)).toBeUndefined();
    }
    expect(await missing(writer, "system.execApprovals.set")).toBe("operator.admin");
    for (const command of ["fs.listDirs", "my.fs.listDir"]) expect(await missing(writer, command)).toBeUndefined();
  });
});

describe("an answer", () => {
  it("DEV-9 counts only from the node that was asked, once, and in time", async () => {
    await using world = await nodeWorld();
    const [one, other] = [await world.approved(OFFER), await world.approved(OFFER)];
    const call = start(world.admin, calling(one.device, COMMAND, { timeoutMs: 1_000 }));
    const { id } = await asked(one.client);
    const result = (nodeId: string, payload: unknown) => ({ id, nodeId, ok: true, payload });
    const posing = await other.client.call("node.invoke.result", result(one.device.id, "forged"));
    expect(posing.error).toMatchObject({ code: "INVALID_REQUEST", message: "nodeId mismatch" });
    const ignored = { ok: true, ignored: true };
    expect((await other.client.call("node.invoke.result", result(other.device.id, "forged"))).payload).toEqual(ignored);
    const progress = { invokeId: id, seq: 0, chunk: "half" };
    expect((await other.client.call("node.invoke.progress", { ...progress, nodeId: other.device.id })).payload).toEqual(
      ignored,
    );
    expect((await one.client.call("node.invoke.progress", { ...progress, nodeId: one.device.id })).payload).toEqual({
      ok: true,
    });
    expect((await one.client.call("node.invoke.result", result(one.device.id, "mine"))).payload).toEqual({ ok: true });
    expect((await one.client.call("node.invoke.result", result(one.device.id, "again"))).payload).toEqual(ignored);
    expect((await call.answer()).payload.payload).toBe("mine");
    const late = start(world.admin, calling(one.device, COMMAND, { timeoutMs: 1_000 }));
    const { id: lateId } = await asked(one.client);
    world.clock.advance(1_000);
    expect((await late.answer()).error.details).toMatchObject({ code: "TIMEOUT" });
    const answered = await one.client.call("node.invoke.result", { id: lateId, nodeId: one.device.id, ok: true });
    expect(answered.payload).toEqual(ignored);
  });

  it("DEV-9 that nobody can use fails the call: no JSON, too deep, too large", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const hostile = ["{", "[".repeat(5_000), `"${"x".repeat(11_000_000)}"`];
    for (const payloadJSON of hostile) {
      const call = start(world.admin, calling(device, COMMAND));
      const { id } = await asked(client);
      await client.call("node.invoke.result", { id, nodeId: device.id, ok: true, payloadJSON });
      expect((await call.answer()).error.details.nodeError).toMatchObject({ code: "INVALID_ANSWER" });
    }
    const call = start(world.admin, calling(device, COMMAND));
    const { id } = await asked(client);
    const nested = '{"x":{"__proto__":{"admin":true},"constructor":{"prototype":{"a":1}},"kept":1}}';
    client.send(`{"type":"req","id":"p","method":"node.invoke.result","params":{"id":"${id}","nodeId":"${device.id}",
      "ok":true,"payload":{"__proto__":{"admin":true}},"payloadJSON":${JSON.stringify(nested)}}}`);
    expect((await call.answer()).payload).toMatchObject({
      payload: { x: { kept: 1 } },
      payloadJSON: '{"x":{"kept":1}}',
    });
    // A frame that is too deep is none: the node is told, and the caller waits for a better one.
    const waiting = start(world.admin, calling(device, COMMAND));
    const next = await asked(client);
    const deep = `${"[".repeat(150)}${"]".repeat(150)}`;
    client.send(`{"type":"req","id":"d","method":"node.invoke.result","params":{"id":"${next.id}","nodeId":"${device.id}",
      "ok":true,"payload":${deep}}}`);
    expect((await client.answer("invalid")).error.message).toContain("nested too deeply");
    await client.call("node.invoke.result", { id: next.id, nodeId: device.id, ok: true });
    expect((await waiting.answer()).ok).toBe(true);
  });
});

describe("a call that ends without an answer", () => {
  it("DEV-9 after its time, which is bounded; the node is told to stop", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const cases = [
      [{}, 30_000],
      [{ timeoutMs: 0 }, 30_000],
      [{ timeoutMs: 200 }, 200],
      [{ timeoutMs: 1e12 }, 600_000],
    ] as const;
    for (const [more, expected] of cases) {
      const params = calling(device, COMMAND, more);
      const call = start(world.admin, params);
      const { id, timeoutMs } = await asked(client);
      expect(timeoutMs).toBe(expected);
      if (expected > 200) {
        await client.call("node.invoke.result", { id, nodeId: device.id, ok: true });
        expect((await call.answer()).ok).toBe(true);
        continue;
      }
      world.clock.advance(expected);
      expect((await client.event("node.invoke.cancel")).payload).toEqual({ invokeId: id, nodeId: device.id });
      expect((await call.answer()).error).toMatchObject({
        code: "UNAVAILABLE",
        details: { code: "TIMEOUT", nodeCommandDispatched: true },
      });
      // Whether the node did it is not known: the same key does not ask again.
      expect((await start(world.admin, params).answer()).error.details).toMatchObject({ code: "TIMEOUT" });
    }
  });

  it("DEV-9 when its caller goes, the node is told to stop", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const caller = await world.operator(write);
    start(caller, calling(device, COMMAND));
    const { id } = await asked(client);
    caller.drop();
    expect((await client.event("node.invoke.cancel")).payload).toEqual({ invokeId: id, nodeId: device.id });
    expect((await client.call("node.invoke.result", { id, nodeId: device.id, ok: true })).payload).toEqual({
      ok: true,
      ignored: true,
    });
  });

  it("DEV-9 at once when the node goes, loses its role, or is replaced", async () => {
    await using world = await nodeWorld();
    const { admin } = world;
    const end = { code: "UNAVAILABLE", details: { code: "NOT_CONNECTED", nodeCommandDispatched: true } };
    const underWay = async () => {
      const node = await world.approved(OFFER);
      const call = start(await world.operator(), calling(node.device, COMMAND));
      return { ...node, call, ...(await asked(node.client)) };
    };
    const gone = await underWay();
    gone.client.drop();
    expect((await gone.call.answer()).error).toMatchObject(end);
    const removed = await underWay();
    // It neither reads nor answers; the call ends all the same.
    removed.client.socket.pause();
    await admin.call("device.pair.remove", { deviceId: removed.device.id });
    expect((await removed.call.answer()).error).toMatchObject(end);
    const revoked = await underWay();
    revoked.client.socket.pause();
    await admin.call("device.token.revoke", { deviceId: revoked.device.id, role: "node" });
    expect((await revoked.call.answer()).error).toMatchObject(end);
    expect((await admin.call("node.invoke", calling(revoked.device, COMMAND))).error.message).toBe("unknown nodeId");
    const replaced = await underWay();
    replaced.client.socket.pause();
    const next = await world.node(replaced.device, OFFER);
    expect((await replaced.call.answer()).error).toMatchObject(end);
    // What the earlier connection was asked, the next one cannot answer.
    const late = { id: replaced.id, nodeId: replaced.device.id, ok: true };
    expect((await next.call("node.invoke.result", late)).payload).toEqual({ ok: true, ignored: true });
  });

  it("DEV-9 a node that is not ready is asked four times more, within the time there is", async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const notReady = (id: string) => ({ id, nodeId: device.id, ok: false, error: { code: "NODE_NOT_READY" } });
    const call = start(world.admin, calling(device, COMMAND));
    const ids = new Set<string>();
    for (let wait = 250; ids.size < 4; wait *= 2) {
      const { id } = await asked(client);
      ids.add(id);
      await client.call("node.invoke.result", notReady(id));
      // An answer to what is not asked any more counts for nothing.
      expect((await client.call("node.invoke.result", notReady(id))).payload).toEqual({ ok: true, ignored: true });
      world.clock.advance(wait);
    }
    const last = await asked(client);
    expect([ids.has(last.id), last.timeoutMs]).toEqual([false, 30_000 - 250 - 500 - 1_000 - 2_000]);
    await client.call("node.invoke.result", notReady(last.id));
    expect((await call.answer()).error.details.nodeError).toMatchObject({ code: "NODE_NOT_READY" });
    const short = start(world.admin, calling(device, COMMAND, { timeoutMs: 250 }));
    await client.call("node.invoke.result", notReady((await asked(client)).id));
    expect((await short.answer()).error.details.nodeError).toMatchObject({ code: "NODE_NOT_READY" });
  });
});

describe("many calls", () => {
  it("DEV-9 a thousand at a time each get their own answer; one more is refused", { timeout: 60_000 }, async () => {
    await using world = await nodeWorld();
    const { client, device } = await world.approved(OFFER);
    const requests: { id: string; paramsJSON: string }[] = [];
    const calls = [];
    while (calls.length < 1_000) {
      for (let n = 0; n < 50; n += 1) {
        calls.push(start(world.admin, calling(device, COMMAND, { params: calls.length })));
      }
      while (requests.length < calls.length)
        requests.push((await asked(client)) as unknown as (typeof requests)[number]);
    }
    const [caller, bystander] = [await world.operator(), await world.approved(OFFER, new TestDevice())];
    expect((await caller.call("node.invoke", calling(device, COMMAND))).error).toMatchObject({ code: "UNAVAILABLE" });
    // Another node is none the worse for it.
    const beside = start(caller, calling(bystander.device, COMMAND));
    const { id } = await asked(bystander.client);
    await bystander.client.call("node.invoke.result", { id, nodeId: bystander.device.id, ok: true, payload: "fine" });
    expect((await beside.answer()).payload.payload).toBe("fine");
    for (const request of requests.reverse()) {
      const payload = Number(request.paramsJSON) * 2;
      await client.call("node.invoke.result", { id: request.id, nodeId: device.id, ok: true, payload });
    }
    const answers = new Map<string, unknown>();
    while (answers.size < 1_000) {
      const frame = await world.admin.next(({ type }) => type === "res");
      answers.set(frame.id, frame.payload.payload);
    }
    expect([...answers.values()].sort((a, b) => Number(a) - Number(b))).toEqual(calls.map((_, n) => n * 2));
    // And there is room again.
    const again = start(caller, calling(device, COMMAND));
    await client.call("node.invoke.result", { id: (await asked(client)).id, nodeId: device.id, ok: true });
    expect((await again.answer()).ok).toBe(true);
  });
});
