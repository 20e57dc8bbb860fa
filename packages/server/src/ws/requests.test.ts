import { noLog } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import { describe, expect, expectTypeOf, it } from "vitest";
import { HandClock, startGateway } from "./harness.test.util.ts";
import { type Handler, type Handlers, MethodRegistry } from "./registry.ts";

const AGENTS = { defaultId: "main", mainKey: "main", scope: "per-sender", agents: [] } as const;

describe("a request", () => {
  it("DEV-1 is answered under its id, whatever that looks like", async () => {
    await using gateway = await startGateway({ handlers: { "agents.list": () => AGENTS } });
    const client = await gateway.join();
    for (const id of ["1", "🙂", "__proto__", "x".repeat(10_000)]) {
      expect(await client.call("agents.list", {}, id)).toEqual({ type: "res", id, ok: true, payload: AGENTS });
    }
    expect(await client.call("agents.list")).toMatchObject({ ok: true });
  });

  it("DEV-1 may overtake an earlier one", async () => {
    const gate = Promise.withResolvers<void>();
    await using gateway = await startGateway({
      handlers: {
        "agents.list": () => AGENTS,
        "chat.abort": () => gate.promise.then(() => ({ ok: true, aborted: false, runIds: [] })),
      },
    });
    const client = await gateway.join();
    client.send({ type: "req", id: "slow", method: "chat.abort", params: { sessionKey: "s" } });
    expect((await client.call("agents.list")).ok).toBe(true);
    gate.resolve();
    expect((await client.answer("slow")).ok).toBe(true);
  });

  it("DEV-1 that makes no sense gets an error under its id, or under `invalid`", async () => {
    await using gateway = await startGateway();
    const client = await gateway.join();
    const wrong: [unknown, string][] = [
      [{ type: "req", id: "a" }, "a"],
      [{ type: "req", id: "b", method: "" }, "b"],
      [{ type: "res", id: "c", ok: true }, "c"],
      [{ type: "req", id: 7, method: "health" }, "invalid"],
      [{ type: "req", id: "", method: "health" }, "invalid"],
      [{ type: "req", id: "d", method: "health", traceparent: "x".repeat(129) }, "d"],
      [[], "invalid"],
      [null, "invalid"],
      ["text", "invalid"],
    ];
    for (const [frame, id] of wrong) {
      client.send(JSON.stringify(frame));
      expect(await client.next()).toEqual({
        type: "res",
        id,
        ok: false,
        error: { code: "INVALID_REQUEST", message: expect.stringMatching(/^invalid request frame: ./) },
      });
    }
    expect((await client.call("health")).ok).toBe(true);
  });

  it("DEV-1 that is no JSON is not answered and harms nobody", async () => {
    await using gateway = await startGateway();
    const client = await gateway.join();
    for (const junk of ["{", "", Buffer.from([0xff, 0x00]), "undefined"]) client.send(junk);
    expect(await client.call("health", {}, "after")).toMatchObject({ id: "after", ok: true });
  });

  it("DEV-1 with brackets inside brackets is refused before it is parsed", async () => {
    await using gateway = await startGateway();
    const client = await gateway.join();
    const nested = (depth: number) =>
      `{"type":"req","id":"n","method":"health","params":{"x":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
    client.send(nested(1_000_000));
    expect(await client.next()).toMatchObject({
      id: "invalid",
      error: { message: "invalid request frame: nested too deeply" },
    });
    client.send(nested(98));
    expect(await client.answer("n")).toMatchObject({ ok: true });
    client.send({ type: "req", id: "text", method: "health", params: { x: `"\\${"[".repeat(500)}\\"`.repeat(50) } });
    expect(await client.answer("text")).toMatchObject({ ok: true });
  });

  it("DEV-1 cannot reach an object's prototype", async () => {
    const seen: unknown[] = [];
    await using gateway = await startGateway({
      handlers: {
        "channels.add"(params) {
          seen.push(params);
          return { channel: "x", accountId: "y", replaced: false };
        },
      },
    });
    const client = await gateway.join();
    client.send(
      '{"type":"req","id":"p","method":"channels.add","params":{"channel":"x","config":' +
        '{"__proto__":{"polluted":1},"\\u005f_proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"ok":1}}}',
    );
    expect((await client.answer("p")).ok).toBe(true);
    expect(seen).toEqual([{ channel: "x", config: { ok: 1 } }]);
    expect(Object.keys((seen as [{ config: object }])[0].config)).toEqual(["ok"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    for (const method of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect((await client.call(method)).error.message).toBe(`unknown method: ${method}`);
    }
  });

  it("DEV-1 for connect is only valid as the first", async () => {
    await using gateway = await startGateway();
    const client = await gateway.join();
    expect((await client.connect()).error).toEqual({
      code: "INVALID_REQUEST",
      message: "connect is only valid as the first request",
    });
  });

  it("DEV-1 for an unknown method says so to admins and to nobody else", async () => {
    await using gateway = await startGateway();
    const [admin, reader] = [await gateway.join(), await gateway.join({ scopes: ["operator.read"] })];
    const unregistered = "chat.send";
    for (const method of ["no.such", unregistered]) {
      expect((await admin.call(method, {})).error).toEqual({
        code: "INVALID_REQUEST",
        message: `unknown method: ${method}`,
      });
      expect((await reader.call(method, {})).error.details).toMatchObject({ missingScope: "operator.admin" });
    }
    expect((await admin.call("x".repeat(100_000))).error.message).toHaveLength("unknown method: ".length + 128);
  });

  it("DEV-1 needs its method's scope, also when the parameters are wrong", async () => {
    await using gateway = await startGateway({
      handlers: { "chat.abort": () => ({ ok: true, aborted: false, runIds: [] }) },
    });
    const reader = await gateway.join({ scopes: ["operator.read"] });
    expect((await reader.call("chat.abort", 7)).error).toEqual({
      code: "FORBIDDEN",
      message: "missing scope: operator.write",
      details: { code: "MISSING_SCOPE", missingScope: "operator.write", requiredScopes: ["operator.write"] },
    });
    const writer = await gateway.join({ scopes: ["operator.write"] });
    expect((await writer.call("chat.abort", { sessionKey: "s" })).ok).toBe(true);
  });

  it.each(["{}", "[]", '"text"', "7", '{"sessionKey":""}', '{"sessionKey":"s","runId":1e999}'])(
    "DEV-2 with wrong parameters says which: %s",
    async (params) => {
      await using gateway = await startGateway({
        handlers: { "chat.abort": () => ({ ok: true, aborted: false, runIds: [] }) },
      });
      const client = await gateway.join();
      client.send(`{"type":"req","id":"w","method":"chat.abort","params":${params}}`);
      expect((await client.answer("w")).error).toEqual({
        code: "INVALID_REQUEST",
        message: expect.stringMatching(/^invalid chat\.abort params: ./),
      });
    },
  );

  it("DEV-1 that fails tells our own errors and hides all others", async () => {
    const logged: Record<string, unknown>[] = [];
    const log = { ...noLog, error: (fields: Record<string, unknown>) => void logged.push(fields), child: () => log };
    const failures: (() => never)[] = [
      () => {
        throw new SwitchboardError("REQ_002", "There is no such session.", { details: { session: "s" } });
      },
      () => {
        throw new SwitchboardError("STORE_001", undefined, { retryAfterMs: 10 });
      },
      () => {
        throw new TypeError("password=hunter2 in /some/path");
      },
      () => {
        throw undefined;
      },
    ];
    let n = 0;
    await using gateway = await startGateway({ log, handlers: { "agents.list": () => failures[n++]?.() ?? AGENTS } });
    const client = await gateway.join();
    expect((await client.call("agents.list")).error).toMatchObject({
      code: "INVALID_REQUEST",
      message: "There is no such session.",
      details: { code: "REQ_002", session: "s" },
    });
    expect((await client.call("agents.list")).error).toMatchObject({
      code: "UNAVAILABLE",
      retryable: true,
      retryAfterMs: 10,
    });
    for (let hidden = 0; hidden < 2; hidden += 1) {
      const { error } = await client.call("agents.list");
      expect(error).toMatchObject({ code: "UNAVAILABLE", message: "internal error", details: { code: "SYS_005" } });
      expect(JSON.stringify(error)).not.toContain("hunter2");
    }
    expect(JSON.stringify(logged)).toContain("hunter2");
  });

  it("DEV-1 whose answer is no JSON gets an error", async () => {
    const circle: { me?: unknown } = {};
    circle.me = circle;
    await using gateway = await startGateway({ handlers: { "auditLog.list": () => ({ entries: [circle as never] }) } });
    const client = await gateway.join();
    expect((await client.call("auditLog.list")).error).toEqual({
      code: "UNAVAILABLE",
      message: "response serialization failed",
    });
  });

  it("DEV-1 is refused, not piled up, when too many wait", async () => {
    await using gateway = await startGateway({
      limits: { pendingRequests: 3, startsPerTurn: 2 },
      handlers: { "agents.list": () => AGENTS },
    });
    const client = await gateway.join();
    const frames = Array.from({ length: 20 }, (_, n) => ({ type: "req", id: `${n}`, method: "agents.list" }));
    // One write, so that all arrive in one turn of the event loop.
    const { _socket: line } = client.socket as unknown as { _socket: { cork(): void; uncork(): void } };
    line.cork();
    for (const frame of frames) client.send(frame);
    line.uncork();
    const answers = [];
    for (const _ of frames) answers.push(await client.next((frame) => frame.type === "res"));
    const refused = answers.filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ error }) => JSON.stringify(error)))).toEqual(
      new Set([
        JSON.stringify({
          code: "UNAVAILABLE",
          message: "too many requests are waiting",
          retryable: true,
          retryAfterMs: 100,
        }),
      ]),
    );
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(5);
    expect((await client.call("agents.list")).ok).toBe(true);
  });

  it("DEV-1 of one connection take no place from another's, however many they are", async () => {
    await using gateway = await startGateway({
      limits: { pendingRequests: 4, startsPerTurn: 1 },
      handlers: { "agents.list": () => AGENTS },
    });
    const [greedy, modest] = [await gateway.join(), await gateway.join()];
    const { _socket: line } = greedy.socket as unknown as { _socket: { cork(): void; uncork(): void } };
    for (let round = 0; round < 10; round += 1) {
      const ids = Array.from({ length: 60 }, (_, n) => `${round}.${n}`);
      line.cork();
      for (const id of ids) greedy.send({ type: "req", id, method: "agents.list" });
      line.uncork();
      // Both are there before the gateway reads either.
      expect(await modest.call("agents.list", {}, `${round}`)).toMatchObject({ ok: true });
      const answered = new Set<string>();
      for (const _ of ids) answered.add((await greedy.next((frame) => frame.type === "res")).id);
      expect(answered).toEqual(new Set(ids));
    }
  });

  it("TEN-5 that changes the gateway itself is limited to 30 a minute for each method", async () => {
    const clock = new HandClock();
    const done = () => ({ channel: "x", accountId: "y", removed: true });
    await using gateway = await startGateway({
      clock,
      handlers: { "channels.remove": done, "backup.create": () => ({ path: "p", bytes: 1, durationMs: 1 }) },
    });
    const client = await gateway.join();
    for (let n = 0; n < 30; n += 1) expect((await client.call("channels.remove", { channel: "x" })).ok).toBe(true);
    expect((await client.call("channels.remove", { channel: "x" })).error).toEqual({
      code: "UNAVAILABLE",
      message: "rate limit exceeded for channels.remove",
      retryable: true,
      retryAfterMs: 60_000,
      details: { method: "channels.remove", limit: 30 },
    });
    expect((await client.call("backup.create", {})).ok).toBe(true);
    clock.advance(60_000);
    expect((await client.call("channels.remove", { channel: "x" })).ok).toBe(true);
  });
});

describe("a method that answers twice", () => {
  const accepted = { runId: "k", sessionKey: "s", agentId: "a", status: "accepted", acceptedAt: 1 } as const;
  const ended = { runId: "k", status: "ok", summary: "completed" } as const;

  it("AGT-3 sends accepted, then the end, under one id", async () => {
    const gate = Promise.withResolvers<void>();
    const handlers: Handlers = {
      async agent(_params, context) {
        context.accepted(accepted);
        await gate.promise;
        return ended;
      },
    };
    await using gateway = await startGateway({ handlers });
    const client = await gateway.join();
    expect(await client.call("agent", { message: "hi", idempotencyKey: "k" }, "a")).toMatchObject({
      payload: accepted,
    });
    gate.resolve();
    expect(await client.answer("a")).toEqual({ type: "res", id: "a", ok: true, payload: ended });
  });

  it("AGT-3 a repetition joins: it gets both answers, later only the end", async () => {
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const handlers: Handlers = {
      async agent(_params, context) {
        runs += 1;
        context.accepted(accepted);
        await gate.promise;
        return ended;
      },
    };
    await using gateway = await startGateway({ handlers });
    const [one, two] = [await gateway.join(), await gateway.join()];
    const params = { message: "hi", idempotencyKey: "k" };
    await one.call("agent", params, "first");
    expect((await two.call("agent", params, "second")).payload).toEqual(accepted);
    gate.resolve();
    expect([(await one.answer("first")).payload, (await two.answer("second")).payload]).toEqual([ended, ended]);
    expect((await two.call("agent", params, "third")).payload).toEqual(ended);
    expect(runs).toBe(1);
  });

  it("a handler may give a first answer only where the protocol has one", async () => {
    await using gateway = await startGateway({
      handlers: {
        "agents.list"(_params, context) {
          context.accepted(AGENTS as never);
          return AGENTS;
        },
      },
    });
    const client = await gateway.join();
    expect((await client.call("agents.list")).error.details).toMatchObject({ code: "SYS_005" });
  });
});

describe("the registry", () => {
  it("takes only methods the protocol has, with their types", () => {
    expectTypeOf<"chat.abort">().toExtend<keyof Handlers>();
    expectTypeOf<"no.such">().not.toExtend<keyof Handlers>();
    expectTypeOf<() => { ok: true; aborted: boolean; runIds: string[] }>().toExtend<Handler<"chat.abort">>();
    expectTypeOf<() => { ok: true }>().not.toExtend<Handler<"chat.abort">>();
    const registry = new MethodRegistry({
      "chat.abort": (params) => {
        expectTypeOf(params.sessionKey).toEqualTypeOf<string>();
        return { ok: true, aborted: true, runIds: [] };
      },
    });
    expect(registry.advertised()).toEqual(["chat.abort"]);
  });

  it("takes one handler for each method", () => {
    const part: Handlers = { "agents.list": () => AGENTS };
    expect(() => new MethodRegistry(part, part)).toThrow("two handlers");
    expect(() => new MethodRegistry(part).with(part)).toThrow("two handlers");
  });
});
