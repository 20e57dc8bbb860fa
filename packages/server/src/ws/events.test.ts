import { systemClock } from "@switchboard/core/ports";
import { DEFAULT_TENANT } from "@switchboard/domain";
import type { EventPayload } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { type Frame, HandClock, HEALTH, startGateway } from "./harness.test.util.ts";

const delta = (deltaText: string, sessionKey = "s", runId = "r"): EventPayload<"chat"> => ({
  runId,
  sessionKey,
  seq: 1,
  state: "delta",
  deltaText,
});
const tool = (runId: string): EventPayload<"agent"> => ({
  runId,
  seq: 1,
  stream: "tool",
  ts: 1,
  data: {},
  sessionKey: "s",
});
const step = (turn: string, session: string): EventPayload<"trace"> => ({
  at: 1,
  step: "queued",
  subject: turn,
  turn,
  session,
});
const names = (frames: Frame[]) => frames.map(({ event }) => event);
/** What a client got until now: everything before the answer to a question. */
async function heard(client: {
  call(method: string, params: unknown, id: string): Promise<Frame>;
  received(): Frame[];
  send(frame: unknown): void;
  next(): Promise<Frame>;
}): Promise<Frame[]> {
  client.send({ type: "req", id: "until-now", method: "health" });
  const frames: Frame[] = [];
  for (;;) {
    const frame = await client.next();
    if (frame.id === "until-now") return frames.filter(({ event }) => event !== "presence");
    frames.push(frame);
  }
}

describe("events", () => {
  it("DEV-1 go to those who hold the scope; each connection counts its own", async () => {
    await using gateway = await startGateway();
    const reader = await gateway.join({ scopes: ["operator.read"] });
    const nobody = await gateway.join({ scopes: [] });
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", delta("a"));
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 5 });
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", delta("b"));
    expect(await heard(reader)).toEqual([
      { type: "event", event: "chat", payload: delta("a"), seq: 1 },
      { type: "event", event: "tick", payload: { ts: 5 }, seq: 2 },
      { type: "event", event: "chat", payload: delta("b"), seq: 3 },
    ]);
    expect(await heard(nobody)).toEqual([{ type: "event", event: "tick", payload: { ts: 5 }, seq: 1 }]);
  });

  it("DEV-1 may need another scope than usual", async () => {
    await using gateway = await startGateway();
    const [admin, reader] = [await gateway.join(), await gateway.join({ scopes: ["operator.read"] })];
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", delta("a"), { scope: "operator.admin" });
    expect(names(await heard(admin))).toEqual(["chat"]);
    expect(names(await heard(reader))).toEqual([]);
  });

  it("DEV-1 are not sent again to those who come later", async () => {
    await using gateway = await startGateway();
    const first = await gateway.join();
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", delta("a"));
    const second = await gateway.join();
    expect([names(await heard(first)), names(await heard(second))]).toEqual([["chat"], []]);
  });

  it("DEV-1 for one client only carry no seq and leave no gap", async () => {
    await using gateway = await startGateway({
      handlers: {
        "agents.list"(_params, context) {
          context.emit("chat", delta("mine"));
          return { defaultId: "a", mainKey: "main", scope: "per-sender", agents: [] };
        },
      },
    });
    const [one, two] = [await gateway.join(), await gateway.join()];
    await one.call("agents.list", {}, "x");
    const [mine] = [await one.call("health", {}, "y")];
    expect(mine.ok).toBe(true);
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", delta("all"));
    expect((await heard(one)).map(({ seq }) => seq)).toEqual([1]);
    expect((await heard(two)).map(({ seq }) => seq)).toEqual([1]);
  });

  it("DEV-1 a client that asked for some sessions gets these, and the runs it started", async () => {
    await using gateway = await startGateway({
      handlers: { "chat.send": ({ idempotencyKey: runId }) => ({ runId, status: "started" }) },
    });
    const client = await gateway.join({ caps: ["session-scoped-events"] });
    expect((await client.call("sessions.messages.subscribe", { key: "wanted" })).payload).toEqual({
      subscribed: true,
      key: "wanted",
    });
    await client.call("chat.send", { sessionKey: "own", message: "hi", idempotencyKey: "own-run" });
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", delta("1", "wanted"));
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", delta("2", "other"));
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", delta("3", "own", "own-run"));
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 1 });
    expect((await heard(client)).map(({ event, seq, payload }) => [event, seq, payload.deltaText])).toEqual([
      ["chat", 1, "1"],
      ["chat", 2, "3"],
      ["tick", 3, undefined],
    ]);
    await client.call("sessions.messages.unsubscribe", { key: "wanted" });
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", delta("4", "wanted"));
    expect(await heard(client)).toEqual([]);
  });

  it("DEV-1 about tools go to clients that can show them and started the run", async () => {
    await using gateway = await startGateway({
      handlers: { "chat.send": ({ idempotencyKey: runId }) => ({ runId, status: "started" }) },
    });
    const able = await gateway.join({ caps: ["tool-events"] });
    const unable = await gateway.join();
    for (const [client, run] of [
      [able, "one"],
      [unable, "two"],
    ] as const) {
      await client.call("chat.send", { sessionKey: "s", message: "hi", idempotencyKey: run });
    }
    gateway.socket.broadcast(DEFAULT_TENANT, "agent", tool("one"));
    gateway.socket.broadcast(DEFAULT_TENANT, "agent", tool("two"));
    expect((await heard(able)).map(({ payload }) => payload.runId)).toEqual(["one"]);
    expect(await heard(unable)).toEqual([]);
  });

  it("OPS-4 traces go to those who subscribed: to everything, a session or a message", async () => {
    await using gateway = await startGateway();
    const [all, session, turn, none] = [
      await gateway.join(),
      await gateway.join(),
      await gateway.join(),
      await gateway.join(),
    ];
    await all.call("trace.subscribe", {});
    await session.call("trace.subscribe", { session: "s1" });
    await turn.call("trace.subscribe", { id: "trn_2" });
    for (const each of [step("trn_1", "s1"), step("trn_2", "s2"), step("trn_3", "s3")])
      gateway.socket.broadcast(DEFAULT_TENANT, "trace", each);
    const turns = async (client: typeof all) => (await heard(client)).map(({ payload }) => payload.turn);
    expect(await turns(all)).toEqual(["trn_1", "trn_2", "trn_3"]);
    expect(await turns(session)).toEqual(["trn_1"]);
    expect(await turns(turn)).toEqual(["trn_2"]);
    expect(await turns(none)).toEqual([]);
    await all.call("trace.unsubscribe", {});
    gateway.socket.broadcast(DEFAULT_TENANT, "trace", step("trn_4", "s1"));
    expect([await turns(all), await turns(session)]).toEqual([[], ["trn_4"]]);
  });

  it("DEV-1 sessions.changed goes to those who subscribed", async () => {
    await using gateway = await startGateway();
    const [one, two] = [await gateway.join(), await gateway.join()];
    await one.call("sessions.subscribe", {});
    gateway.socket.broadcast(DEFAULT_TENANT, "sessions.changed", { ts: 1, sessionKey: "s" });
    expect([names(await heard(one)), names(await heard(two))]).toEqual([["sessions.changed"], []]);
  });

  it("DEV-1 nobody subscribes to more than a thousand things", async () => {
    await using gateway = await startGateway({ limits: { subscriptions: 2 } });
    const client = await gateway.join();
    for (const key of ["a", "b", "a"])
      expect((await client.call("sessions.messages.subscribe", { key })).ok).toBe(true);
    expect((await client.call("sessions.messages.subscribe", { key: "c" })).error.details).toMatchObject({
      code: "REQ_003",
    });
  });
});

describe("a client that does not keep up", () => {
  const big = (n: number) => delta(`${n}:${"x".repeat(1_000_000)}`);

  it("DEV-1 misses what may be dropped, and sees the gap", async () => {
    await using gateway = await startGateway({ limits: { maxBufferedBytes: 4_000_000 } });
    const client = await gateway.join();
    client.socket.pause();
    for (let n = 0; n < 40; n += 1) gateway.socket.broadcast(DEFAULT_TENANT, "chat", big(n), { dropIfSlow: true });
    client.socket.resume();
    await client.event("chat");
    await expect
      .poll(async () => {
        gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 1 });
        return (await heard(client)).some(({ event }) => event === "tick");
      })
      .toBe(true);
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 2 });
    const last = await client.next(({ event, payload }) => event === "tick" && payload.ts === 2);
    expect(last.seq).toBeGreaterThan(40);
  });

  it("DEV-1 is closed with 1008 when it misses what may not be dropped", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock, limits: { maxBufferedBytes: 4_000_000 } });
    const client = await gateway.join();
    client.socket.pause();
    for (let n = 0; n < 40; n += 1) gateway.socket.broadcast(DEFAULT_TENANT, "chat", big(n));
    client.socket.resume();
    expect(await client.closed).toEqual({ code: 1008, reason: "slow consumer" });
    await expect.poll(() => gateway.socket.connections()).toEqual([]);
  });

  it("DEV-1 is cut off a second later when it does not even read that", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock, limits: { maxBufferedBytes: 4_000_000 } });
    const client = await gateway.join();
    client.socket.pause();
    for (let n = 0; n < 40; n += 1) gateway.socket.broadcast(DEFAULT_TENANT, "chat", big(n));
    expect(gateway.socket.connections()).toHaveLength(1);
    clock.advance(1_000);
    await expect.poll(() => gateway.socket.connections().length).toBe(0);
    client.socket.resume();
    expect((await client.closed).code).toBe(1006);
  });
});

describe("regular events", () => {
  it("DEV-1 a tick every 30 s, health every 60 s with its version", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock, snapshot: { version: "1", startedAt: 0, health: () => HEALTH } });
    const client = await gateway.join({ scopes: [] });
    clock.advance(30_000);
    expect(await client.event("tick")).toMatchObject({ payload: { ts: clock.now() }, seq: 1 });
    // Behind the pong on the line.
    await client.call("health");
    clock.advance(30_000);
    expect(await client.event("health")).toEqual({
      type: "event",
      event: "health",
      payload: HEALTH,
      seq: 3,
      stateVersion: { presence: 1, health: 2 },
    });
  });

  it("DEV-1 health is made once a minute, unless a reader asks for a fresh look", async () => {
    const clock = new HandClock();
    const probes: boolean[] = [];
    const health = (probe: boolean) => {
      probes.push(probe);
      return HEALTH;
    };
    await using gateway = await startGateway({ clock, snapshot: { version: "1", startedAt: 0, health } });
    const [reader, nobody] = [await gateway.join(), await gateway.join({ scopes: [] })];
    for (let n = 0; n < 5; n += 1) await reader.call("health");
    await nobody.call("health", { probe: true });
    expect(probes).toEqual([false]);
    expect((await reader.call("health", { probe: true })).payload).toEqual(HEALTH);
    expect(probes).toEqual([false, true]);
  });

  it("DEV-1 presence: who came and who left, but not programs that come and go", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock });
    const watcher = await gateway.join();
    const ui = {
      id: "test",
      version: "2",
      platform: "linux",
      mode: "ui",
      displayName: `Tab ${"x".repeat(500)}`,
    } as const;
    const tab = await gateway.join({ client: ui, scopes: [] });
    clock.advance(50);
    const joined = await watcher.event("presence");
    expect(joined.stateVersion).toEqual({ presence: 2, health: 1 });
    const rows = (frame: Frame) => frame.payload.presence as Record<string, unknown>[];
    expect(rows(joined)).toEqual([
      expect.objectContaining({ mode: "gateway", reason: "self", version: "1.2.3" }),
      expect.objectContaining({ mode: "ui", reason: "connect", version: "2", roles: ["operator"] }),
    ]);
    expect(String(rows(joined)[1]?.host)).toHaveLength(120);
    expect(rows(joined)[1]).not.toHaveProperty("ip");
    tab.drop();
    await tab.closed;
    await expect.poll(() => clock.expects(50)).toBe(true);
    clock.advance(50);
    expect(rows(await watcher.event("presence"))[1]).toMatchObject({ reason: "disconnect" });
    clock.advance(300_001);
    expect((await watcher.call("system-presence")).payload).toHaveLength(1);
  });

  it("DEV-1 presence: the more are told, the longer changes are gathered", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock });
    const watcher = await gateway.join();
    for (let others = 0; others < 48; others++) await gateway.join();
    const ui = { id: "test", version: "2", platform: "linux", mode: "ui" } as const;
    await gateway.join({ client: ui, scopes: [] });
    expect([clock.expects(50), clock.expects(100)]).toEqual([false, true]);
    await gateway.join({ client: ui, scopes: [] });
    clock.advance(100);
    expect((await watcher.event("presence")).payload.presence).toHaveLength(3);
  });

  it("DEV-1 a client that answers no ping is cut off after 50 s, one that does stays", async () => {
    const clock = new HandClock();
    await using gateway = await startGateway({ clock });
    const [alive, dead] = [await gateway.join(), await gateway.join()];
    const pings: string[] = [];
    dead.socket.on("ping", () => pings.push("dead"));
    (dead.socket as unknown as { _autoPong: boolean })._autoPong = false;
    const pinged = new Promise<void>((resolve) => alive.socket.once("ping", () => resolve()));
    clock.advance(25_000);
    await pinged;
    await expect.poll(() => pings).toEqual(["dead"]);
    // The pong stands before this answer on the line.
    await alive.call("health");
    clock.advance(25_000);
    expect((await dead.closed).code).toBe(1006);
    expect((await alive.call("health")).ok).toBe(true);
  });
});

describe("ending", () => {
  it("OPS-1 says shutdown, lets answers under way out, then closes every line with 1012", async () => {
    const gate = Promise.withResolvers<void>();
    await using gateway = await startGateway({
      handlers: { "chat.abort": () => gate.promise.then(() => ({ ok: true, aborted: false, runIds: [] })) },
    });
    const [busy, idle, guest] = [await gateway.join(), await gateway.join({ scopes: [] }), await gateway.open()];
    busy.send({ type: "req", id: "slow", method: "chat.abort", params: { sessionKey: "s" } });
    await busy.call("health");
    const closed = gateway.socket.close({ reason: "restart", restartExpectedMs: 1_500, drainMs: 60_000 });
    expect((await idle.event("shutdown")).payload).toEqual({ reason: "restart", restartExpectedMs: 1_500 });
    expect((await idle.call("health")).error).toMatchObject({
      code: "UNAVAILABLE",
      retryable: true,
      details: { reason: "gateway-restarting" },
    });
    expect((await guest.connect()).error).toMatchObject({ code: "UNAVAILABLE", retryable: true });
    await expect(gateway.open()).rejects.toThrow("HTTP 503");
    gate.resolve();
    expect((await busy.answer("slow")).ok).toBe(true);
    for (const client of [busy, idle]) expect(await client.closed).toEqual({ code: 1012, reason: "service restart" });
    await closed;
    expect(gateway.socket.connections()).toEqual([]);
  });

  it("OPS-1 does not wait for ever: not for answers, not for clients", async () => {
    let longest = Number.POSITIVE_INFINITY;
    await using gateway = await startGateway({
      clock: { now: systemClock.now, after: (ms, task) => systemClock.after(Math.min(ms, longest), task) },
      limits: { tickMs: 1_000_000 },
      handlers: { "chat.abort": () => new Promise(() => {}) },
    });
    const client = await gateway.join();
    longest = 20;
    client.send({ type: "req", id: "never", method: "chat.abort", params: { sessionKey: "s" } });
    client.socket.pause();
    await gateway.socket.close({ reason: "stop", drainMs: 10_000 });
    expect(gateway.socket.connections()).toEqual([]);
  });

  it("a client that goes away aborts what waits for it", async () => {
    const aborted = Promise.withResolvers<void>();
    await using gateway = await startGateway({
      handlers: {
        "chat.abort": (_params, { signal }) => {
          signal.addEventListener("abort", () => aborted.resolve());
          return new Promise(() => {});
        },
      },
    });
    const client = await gateway.join();
    client.send({ type: "req", id: "x", method: "chat.abort", params: { sessionKey: "s" } });
    await client.call("health");
    client.drop();
    await aborted.promise;
    await expect.poll(() => gateway.socket.connections().length).toBe(0);
  });
});
