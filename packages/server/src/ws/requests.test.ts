import { noLog } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import { describe, expect, expectTypeOf, it } from "vitest";
import { HandClock, startGateway } from "./harness.test.util.ts";
import { type Handler, type Handlers, MethodRegistry } from "./registry.ts";

const AGENTS = { defaultId: "main", mainKey: "main", scope: "per-sender", agents: [] } as const;
const message = { sessionKey: "agent:main:main", message: "hi" };

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
    await using gateway = await startGateway({ handlers: { "audit.list": () => ({ entries: [circle as never] }) } });
    const client = await gateway.join();
    expect((await client.call("audit.list")).error).toEqual({
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

describe("a side effect that is asked for twice", () => {
  it("DEV-10 needs a key", async () => {
    await using gateway = await startGateway({ handlers: { "chat.send": () => ({ runId: "x", status: "started" }) } });
    const client = await gateway.join();
    expect((await client.call("chat.send", message)).error.message).toContain("idempotencyKey");
    expect((await client.call("chat.send", { ...message, idempotencyKey: "" })).ok).toBe(false);
  });

  it("DEV-10 happens once: send joins and replays, also for another client", async () => {
    const gate = Promise.withResolvers<void>();
    let sends = 0;
    const handlers: Handlers = {
      async send({ idempotencyKey }) {
        sends += 1;
        await gate.promise;
        return { runId: idempotencyKey, messageId: `m${sends}`, channel: "x", deliveryIds: [], state: "sent" };
      },
    };
    await using gateway = await startGateway({ handlers });
    const [one, two] = [await gateway.join(), await gateway.join()];
    const params = { to: "t", message: "hi", idempotencyKey: "k", channel: "x" };
    one.send({ type: "req", id: "1", method: "send", params });
    two.send({ type: "req", id: "2", method: "send", params });
    two.send({ type: "req", id: "3", method: "send", params: { ...params, idempotencyKey: "other" } });
    await expect.poll(() => sends).toBe(2);
    gate.resolve();
    const first = (await one.answer("1")).payload;
    expect((await two.answer("2")).payload).toEqual(first);
    expect((await one.call("send", params)).payload).toEqual(first);
    expect(sends).toBe(2);
  });

  it("DEV-10 under one key for something else is an error", async () => {
    await using gateway = await startGateway({
      handlers: {
        send: ({ idempotencyKey }) => ({
          runId: idempotencyKey,
          messageId: "m",
          channel: "x",
          deliveryIds: [],
          state: "sent",
        }),
      },
    });
    const client = await gateway.join();
    const params = { to: "t", message: "hi", idempotencyKey: "k" };
    expect((await client.call("send", params)).ok).toBe(true);
    for (const other of [{ to: "u" }, { channel: "y" }, { accountId: "z" }, { message: "ho" }]) {
      expect((await client.call("send", { ...params, ...other })).error).toEqual({
        code: "INVALID_REQUEST",
        message: "idempotency key is already bound to a different request",
      });
    }
    expect((await client.call("send", { ...params, silent: true })).ok).toBe(true);
  });

  it("DEV-10 chat.send says in_flight meanwhile, and later what the run became", async () => {
    const gate = Promise.withResolvers<void>();
    let ended = () => {};
    const handlers: Handlers = {
      async "chat.send"({ idempotencyKey: runId }, context) {
        context.underWay(new Promise((resolve) => (ended = () => resolve({ runId, status: "ok" }))));
        await gate.promise;
        return { runId, status: "started" };
      },
    };
    await using gateway = await startGateway({ handlers });
    const client = await gateway.join();
    const params = { ...message, idempotencyKey: "k" };
    client.send({ type: "req", id: "1", method: "chat.send", params });
    expect((await client.call("chat.send", params)).payload).toEqual({ runId: "k", status: "in_flight" });
    gate.resolve();
    expect((await client.answer("1")).payload).toEqual({ runId: "k", status: "started" });
    expect((await client.call("chat.send", params)).payload).toEqual({ runId: "k", status: "in_flight" });
    ended();
    expect((await client.call("chat.send", params)).payload).toEqual({ runId: "k", status: "ok" });
  });

  it("DEV-10 what was refused before it began binds nothing: put right, it may be sent under its key", async () => {
    let begun = 0;
    const handlers: Handlers = {
      agent({ message: text, idempotencyKey: runId }, context) {
        if (text === "begun") {
          context.accepted({ runId, sessionKey: "s", agentId: "a", status: "accepted", acceptedAt: 1 });
          begun += 1;
        }
        throw new SwitchboardError("REQ_002", "no such session");
      },
      "chat.send": ({ message: text, idempotencyKey: runId }) => {
        if (text === "wrong") throw new SwitchboardError("REQ_001", "wrong");
        return { runId, status: "started" };
      },
    };
    await using gateway = await startGateway({ handlers });
    const client = await gateway.join();
    const send = (text: string) => client.call("chat.send", { ...message, message: text, idempotencyKey: "k" });
    expect((await send("wrong")).error.message).toBe("wrong");
    expect((await send("right")).payload).toEqual({ runId: "k", status: "started" });
    expect((await send("wrong")).error.code).toBe("INVALID_REQUEST");
    expect((await send("wrong")).error.message).toContain("already bound");
    // After the first answer there is something to repeat, whatever became of it.
    const run = async (text: string, id: string) => {
      client.send({ type: "req", id, method: "agent", params: { message: text, idempotencyKey: "a" } });
      return client.next((frame) => frame.type === "res" && frame.id === id && !frame.ok);
    };
    for (const id of ["1", "2"]) expect((await run("begun", id)).error.message).toBe("no such session");
    expect((await run("other", "3")).error.message).toContain("already bound");
    expect(begun).toBe(1);
  });

  it("DEV-10 a run that goes on after its answer keeps its key, however long and whatever else there is", async () => {
    const clock = new HandClock();
    const ends = new Map<string, () => void>();
    const calls: string[] = [];
    const handlers: Handlers = {
      "chat.send"({ idempotencyKey: runId }, context) {
        calls.push(runId);
        if (runId.startsWith("long")) {
          context.underWay(new Promise((resolve) => ends.set(runId, () => resolve({ runId, status: "ok" }))));
        }
        return { runId, status: "started" };
      },
    };
    const limits = { idempotency: { entries: 2, ttlMs: 300_000 } };
    await using gateway = await startGateway({ clock, handlers, limits });
    let client = await gateway.join();
    const send = async (idempotencyKey: string) =>
      (await client.call("chat.send", { ...message, idempotencyKey })).payload.status;
    for (const key of ["long-1", "long-2", "long-3", "a", "b", "c"]) expect(await send(key)).toBe("started");
    clock.advance(3_600_000);
    client = await gateway.join();
    for (const key of ["long-1", "long-2", "long-3"]) expect(await send(key)).toBe("in_flight");
    expect(await send("c")).toBe("started");
    expect(calls).toEqual(["long-1", "long-2", "long-3", "a", "b", "c", "c"]);
    ends.get("long-2")?.();
    await expect.poll(() => send("long-2")).toBe("ok");
    clock.advance(299_999);
    expect(await send("long-2")).toBe("ok");
    clock.advance(1);
    expect(await send("long-2")).toBe("started");
  });

  it("DEV-10 a run whose end nobody learns is forgotten like everything else", async () => {
    const clock = new HandClock();
    const gate = Promise.withResolvers<undefined>();
    let calls = 0;
    const handlers: Handlers = {
      "chat.send"({ idempotencyKey: runId }, context) {
        calls += 1;
        context.underWay(gate.promise);
        return { runId, status: "started" };
      },
    };
    await using gateway = await startGateway({ clock, handlers });
    const client = await gateway.join();
    const send = async () => (await client.call("chat.send", { ...message, idempotencyKey: "k" })).payload.status;
    expect(await send()).toBe("started");
    expect(await send()).toBe("in_flight");
    gate.reject(new Error("lost"));
    await expect.poll(send).toBe("started");
    expect(calls).toBe(1);
    clock.advance(300_000);
    await send();
    expect(calls).toBe(2);
  });

  it("DEV-10 a lasting failure is repeated, a passing one is tried again", async () => {
    const errors = [new SwitchboardError("MSG_004", "blocked"), new SwitchboardError("STORE_001")];
    let calls = 0;
    const handlers: Handlers = {
      "chat.send": ({ idempotencyKey: runId }) => {
        const error = errors[calls];
        calls += 1;
        if (error) throw error;
        return { runId, status: "started" };
      },
    };
    await using gateway = await startGateway({ handlers });
    const client = await gateway.join();
    const call = (idempotencyKey: string) => client.call("chat.send", { ...message, idempotencyKey });
    expect((await call("lasting")).error.message).toBe("blocked");
    expect((await call("lasting")).error.message).toBe("blocked");
    expect((await call("passing")).error).toMatchObject({ retryable: true });
    expect((await call("passing")).payload).toEqual({ runId: "passing", status: "started" });
    expect(calls).toBe(3);
  });

  it("DEV-10 is remembered for five minutes and for a thousand keys; what is under way is never forgotten", async () => {
    const clock = new HandClock();
    const gate = Promise.withResolvers<void>();
    const calls: string[] = [];
    const handlers: Handlers = {
      async "chat.send"({ idempotencyKey: runId }) {
        calls.push(runId);
        if (runId === "open") await gate.promise;
        return { runId, status: "started" };
      },
    };
    await using gateway = await startGateway({
      clock,
      handlers,
      limits: { idempotency: { entries: 3, ttlMs: 300_000 } },
    });
    const client = await gateway.join();
    const call = (idempotencyKey: string) => client.call("chat.send", { ...message, idempotencyKey });
    client.send({ type: "req", id: "open", method: "chat.send", params: { ...message, idempotencyKey: "open" } });
    for (const key of ["a", "b", "a", "c"]) await call(key);
    expect(calls).toEqual(["open", "a", "b", "c"]);
    await call("a");
    expect(calls.at(-1)).toBe("a");
    expect((await call("open")).payload).toEqual({ runId: "open", status: "in_flight" });
    clock.advance(299_999);
    await call("c");
    clock.advance(1);
    await call("c");
    expect(calls).toEqual(["open", "a", "b", "c", "a", "c"]);
    gate.resolve();
    expect((await client.answer("open")).payload).toEqual({ runId: "open", status: "started" });
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
