import { describe, expect, it } from "vitest";
import { BACKOFF, delayBefore } from "./backoff.ts";
import { GatewayClient } from "./client.ts";
import type { GatewayClientOptions } from "./options.ts";
import { challenge, hello, type ScriptedGateway, scriptedGateway, welcome } from "./scripted-gateway.test.util.ts";

const quick = { minMs: 5, maxMs: 20, stableMs: 10_000 };

function clientOf({ url }: Pick<ScriptedGateway, "url">, changes: Partial<GatewayClientOptions> = {}) {
  const client = new GatewayClient({
    url,
    client: { id: "cli", version: "1", platform: "linux", mode: "cli" },
    reconnect: quick,
    ...changes,
  });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

const tick = (seq: number) => ({ type: "event", event: "tick", payload: { ts: 1 }, seq });

describe("connecting", () => {
  it("DEV-1 waits for the challenge before it says anything, then asks for what it was told to", async () => {
    await using gateway = await scriptedGateway(async (visit) => {
      visit.send({ type: "event", event: "tick", payload: {} });
      visit.send("no json");
      visit.send({ type: "res", id: "connect", ok: true, payload: {} });
      expect(visit.frames).toEqual([]);
      await welcome(visit);
    });
    using client = clientOf(gateway, { token: () => Promise.resolve("t"), scopes: ["operator.read"], caps: ["x"] });
    await client.connect();
    expect(gateway.visits[0]?.frames).toEqual([
      {
        type: "req",
        id: "connect",
        method: "connect",
        params: {
          minProtocol: 4,
          maxProtocol: 4,
          client: { id: "cli", version: "1", platform: "linux", mode: "cli" },
          role: "operator",
          scopes: ["operator.read"],
          caps: ["x"],
          auth: { token: "t" },
        },
      },
    ]);
  });

  it.each([
    ["without a nonce", { ts: 1 }],
    ["with an empty nonce", { nonce: "", ts: 1 }],
    ["without a time", { nonce: "n" }],
    ["with a time that is no number", { nonce: "n", ts: "1" }],
    ["that is nothing", null],
  ])("DEV-3 signs no challenge %s", async (_what, payload) => {
    await using gateway = await scriptedGateway((visit) => visit.send({ ...challenge, payload }));
    using client = clientOf(gateway, { reconnect: false });
    await expect(client.connect()).rejects.toMatchObject({ code: "SYS_004" });
    expect(gateway.visits[0]?.frames).toEqual([]);
  });

  it("DEV-1 answers the first challenge only", async () => {
    await using gateway = await scriptedGateway(async (visit) => {
      visit.send(challenge);
      visit.send({ ...challenge, payload: { nonce: "other", ts: 1 } });
      await visit.next();
      visit.send(hello());
    });
    using client = clientOf(gateway);
    await client.connect();
    expect(gateway.visits[0]?.frames).toHaveLength(1);
  });

  it("DEV-1 gives up on a gateway of another version, or one that refuses", async () => {
    for (const answer of [
      hello({ protocol: 5 }),
      hello({ type: "hello" }),
      { type: "res", id: "connect", ok: false, error: { code: "INVALID_REQUEST", message: "protocol mismatch" } },
      { type: "res", id: "connect", ok: false },
    ]) {
      await using gateway = await scriptedGateway(async (visit) => {
        visit.send(challenge);
        await visit.next();
        visit.send(answer);
      });
      using client = clientOf(gateway);
      await expect(client.connect()).rejects.toMatchObject({ name: "SwitchboardError" });
      expect(client.state.name).toBe("refused");
      expect(await gateway.visits[0]?.closed).toBe(1000);
    }
  });

  it("CONN-2 tries again when the gateway says later, not before it says", async () => {
    await using gateway = await scriptedGateway(async (visit, number) => {
      if (number > 1) return welcome(visit);
      visit.send(challenge);
      await visit.next();
      const error = { code: "UNAVAILABLE", message: "starting", retryable: true, retryAfterMs: 70 };
      visit.send({ type: "res", id: "connect", ok: false, error });
      visit.socket.close(1013, "gateway starting");
    });
    using client = clientOf(gateway);
    const delays: number[] = [];
    client.onState((state) => {
      if (state.name === "waiting") delays.push(state.delayMs);
    });
    await client.connect();
    expect(delays).toEqual([70]);
    expect(gateway.visits).toHaveLength(2);
  });

  it("DEV-1 leaves a gateway that says nothing", async () => {
    await using gateway = await scriptedGateway(() => {});
    using client = clientOf(gateway, { reconnect: false, connectTimeoutMs: 1_000 });
    await expect(client.connect()).rejects.toThrow("did not shake hands in time");
    expect(await gateway.visits[0]?.closed).toBe(4000);
  });

  it("connects once, however often it is asked to", async () => {
    await using gateway = await scriptedGateway((visit) => welcome(visit));
    using client = clientOf(gateway);
    const [one, two] = await Promise.all([client.connect(), client.connect()]);
    expect(one).toBe(two);
    expect(await client.connect()).toBe(one);
    expect(gateway.visits).toHaveLength(1);
  });

  it("asked again while it waits, it does not wait longer, and makes no second connection", async () => {
    await using gateway = await scriptedGateway((visit, number) =>
      number === 1 ? visit.socket.close() : welcome(visit),
    );
    using client = clientOf(gateway, { reconnect: { minMs: 60_000, maxMs: 60_000 } });
    const first = client.connect().catch(() => {});
    await expect.poll(() => client.state.name).toBe("waiting");
    client.close();
    await first;
    await client.connect();
    expect(gateway.visits).toHaveLength(2);
  });

  it("a token that cannot be read is no reason to hang", async () => {
    await using gateway = await scriptedGateway((visit) => visit.send(challenge));
    using client = clientOf(gateway, { reconnect: false, token: () => Promise.reject(new Error("vault closed")) });
    await expect(client.connect()).rejects.toThrow("the credential could not be read");
  });
});

describe("asking", () => {
  it("matches answers to questions, in any order", async () => {
    await using gateway = await scriptedGateway(async (visit) => {
      await welcome(visit);
      const [one, two] = [await visit.next(), await visit.next()];
      visit.send({ type: "res", id: "unknown", ok: true });
      visit.send({ type: "res", id: two.id, ok: true, payload: { n: 2 } });
      visit.send({ type: "res", id: one.id, ok: true, payload: { n: 1 } });
      visit.send({ type: "res", id: one.id, ok: false });
    });
    using client = clientOf(gateway);
    await client.connect();
    const ask = () => client.request("health", {}) as Promise<unknown>;
    expect(await Promise.all([ask(), ask()])).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("ends by time, by signal and by loss, and says whether the question may have arrived", async () => {
    await using gateway = await scriptedGateway((visit, number) => (number === 1 ? welcome(visit) : undefined));
    using client = clientOf(gateway);
    await client.connect();
    await expect(client.request("health", {}, { timeoutMs: 10 })).rejects.toMatchObject({
      code: "SYS_004",
      delivered: "unknown",
    });
    const controller = new AbortController();
    const aborted = client.request("health", {}, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    await expect(client.request("health", {}, { signal: controller.signal })).rejects.toThrow("enough");
    const lost = client.request("health", {});
    gateway.visits[0]?.socket.terminate();
    await expect(lost).rejects.toMatchObject({ code: "SYS_004", retryable: true, delivered: "unknown" });
    await expect(client.request("health", {}, { timeoutMs: 10 })).rejects.toMatchObject({ delivered: "no" });
  });

  it("asked without a connection, waits for one", async () => {
    await using gateway = await scriptedGateway(async (visit) => {
      await welcome(visit);
      const { id, method } = await visit.next();
      visit.send({ type: "res", id, ok: true, payload: { method } });
    });
    using client = clientOf(gateway);
    await expect(client.request("health", {})).rejects.toMatchObject({ code: "SYS_004" });
    void client.connect();
    expect(await client.request("status", {})).toEqual({ method: "status" });
  });

  it("ends everything on close, and stays closed", async () => {
    await using gateway = await scriptedGateway((visit) => welcome(visit));
    const client = clientOf(gateway);
    await client.connect();
    const open = client.request("health", {}, { expectFinal: true });
    client.close();
    await expect(open).rejects.toMatchObject({ code: "SYS_004", retryable: false });
    expect(await gateway.visits[0]?.closed).toBe(1000);
    await expect(client.request("health", {})).rejects.toMatchObject({ code: "SYS_004" });
    expect(client.state.name).toBe("closed");
    expect(gateway.visits).toHaveLength(1);
  });
});

describe("listening", () => {
  it("DEV-1 notices every gap, once, and none where there is none", async () => {
    await using gateway = await scriptedGateway(async (visit) => {
      await welcome(visit);
      for (const seq of [1, 2, 5, 6, 6, 9]) visit.send(tick(seq));
      visit.send({ type: "event", event: "tick", payload: { ts: 1 } });
      const { id } = await visit.next();
      visit.send({ type: "res", id, ok: true });
    });
    using client = clientOf(gateway);
    const gaps: unknown[] = [];
    const seen: unknown[] = [];
    client.onGap((gap) => gaps.push(gap));
    client.on("tick", (_payload, { seq }) => seen.push(seq));
    await client.connect();
    await client.request("health", {});
    expect(gaps).toEqual([
      { expected: 3, received: 5 },
      { expected: 7, received: 9 },
    ]);
    expect(seen).toEqual([1, 2, 5, 6, 6, 9, undefined]);
  });

  it("stops when told to, one listener at a time", async () => {
    await using gateway = await scriptedGateway(async (visit) => {
      await welcome(visit);
      for (let seq = 1; ; seq += 1) {
        const { id } = await visit.next();
        visit.send(tick(seq));
        visit.send({ type: "res", id, ok: true });
      }
    });
    using client = clientOf(gateway);
    let heard = 0;
    const listener = () => {
      heard += 1;
    };
    const [stop] = [client.on("tick", listener), client.on("tick", listener)];
    await client.connect();
    await client.request("health", {});
    stop();
    await client.request("health", {});
    expect(heard).toBe(3);
  });

  it("ignores frames that are none", async () => {
    await using gateway = await scriptedGateway(async (visit) => {
      await welcome(visit);
      for (const junk of [
        "",
        "{",
        "null",
        "[]",
        "7",
        '{"type":"event"}',
        '{"type":"res","id":1}',
        '{"type":"event","event":"tick","seq":"1"}',
      ]) {
        visit.send(junk);
      }
      visit.socket.send(Buffer.from([1, 2, 3]));
      const { id } = await visit.next();
      visit.send({ type: "res", id, ok: true, payload: { ok: 1 } });
    });
    using client = clientOf(gateway);
    await client.connect();
    expect(await client.request("health", {})).toEqual({ ok: 1 });
  });
});

describe("the line", () => {
  it("DEV-1 leaves a gateway that fell silent for two ticks, with 4000, and comes back", async () => {
    await using gateway = await scriptedGateway((visit) => welcome(visit, { tickIntervalMs: 20 }));
    using client = clientOf(gateway);
    await client.connect();
    await expect.poll(() => gateway.visits.length).toBeGreaterThan(1);
    expect(await gateway.visits[0]?.closed).toBe(4000);
  });

  it("DEV-1 stays while there are ticks", async () => {
    await using gateway = await scriptedGateway(async (visit) => {
      await welcome(visit, { tickIntervalMs: 60 });
      const timer = setInterval(() => visit.send(tick(1)), 10);
      visit.socket.on("close", () => clearInterval(timer));
    });
    using client = clientOf(gateway);
    await client.connect();
    let ticks = 0;
    client.on("tick", () => {
      ticks += 1;
    });
    await expect.poll(() => ticks).toBeGreaterThan(20);
    expect(gateway.visits).toHaveLength(1);
  });

  it("DEV-1 stays when it was itself that paused", async () => {
    await using gateway = await scriptedGateway(async (visit) => {
      await welcome(visit, { tickIntervalMs: 40 });
      const timer = setInterval(() => visit.send(tick(1)), 5);
      visit.socket.on("close", () => clearInterval(timer));
    });
    using client = clientOf(gateway);
    let ticks = 0;
    client.on("tick", () => {
      ticks += 1;
    });
    await client.connect();
    for (let pause = 0; pause < 3; pause += 1) {
      const until = performance.now() + 200;
      while (performance.now() < until);
      const before = ticks;
      await expect.poll(() => ticks).toBeGreaterThan(before + 10);
    }
    expect(gateway.visits).toHaveLength(1);
  });

  it("CONN-2 waits longer each time, and from the beginning again after a connection that lasted", async () => {
    await using gateway = await scriptedGateway(async (visit, number) => {
      if (number === 4) await welcome(visit);
      visit.socket.close(1012, "service restart");
    });
    using client = clientOf(gateway, { reconnect: { minMs: 4, maxMs: 10, stableMs: 0 }, random: () => 1 });
    const delays: number[] = [];
    client.onState((state) => {
      if (state.name === "waiting") delays.push(state.delayMs);
    });
    void client.connect().catch(() => {});
    await expect.poll(() => delays.length).toBeGreaterThanOrEqual(5);
    expect(delays.slice(0, 5)).toEqual([4, 8, 10, 4, 8]);
  });

  it("CONN-2 spreads clients that lost the same gateway", () => {
    expect([0, 1, 2, 5, 6, 1_000].map((attempt) => delayBefore(attempt, BACKOFF, () => 1))).toEqual([
      1_000, 2_000, 4_000, 30_000, 30_000, 30_000,
    ]);
    expect(delayBefore(0, BACKOFF, () => 0)).toBe(500);
  });
});
