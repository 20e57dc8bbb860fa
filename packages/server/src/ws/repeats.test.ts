/** Idempotency keys: what is asked for twice happens once. */
import { SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { HandClock, startGateway } from "./harness.test.util.ts";
import type { Handlers } from "./registry.ts";

const message = { sessionKey: "agent:main:main", message: "hi" };

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
