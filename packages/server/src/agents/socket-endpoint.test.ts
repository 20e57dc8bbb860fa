/** The agents' WebSocket by itself, on a real port: who is whose, and what is too much. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect as connectTo } from "node:net";
import { promisify } from "node:util";
import { createAgentRuntimes } from "@switchboard/agents";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopesOf } from "../identity/principal.ts";
import type { GatewayLimits } from "../lines/limits.ts";
import type { MethodDeps } from "../methods/deps.ts";
import { connectAgent } from "../test-support/connected-agent.ts";
import { eventually } from "../test-support/eventually.ts";
import { agentSocketListener } from "./socket-listener.ts";

const MOST_BUFFERED = 200_000;
const { links } = createAgentRuntimes();
const refused = new Set<string>();
/** Too often, for what is asked like this. */
const tooOften = new Set<string>();
/** What those of a tenant who ask over their line wait for. */
const gates = new Map<string, Promise<void>>();
const looks: string[] = [];
let phase: "ready" | "draining" = "ready";
function serve(limits: Partial<GatewayLimits>) {
  const agents = agentSocketListener({
    deps: {
      agentLinks: links,
      engine: { routing: { agents: [{ id: "main", runtime: "websocket" }] } },
    } as unknown as MethodDeps,
    async authenticate({ headers }, asking = "request") {
      const tenant = String(headers.authorization).slice("Bearer ".length);
      if (asking !== "request") {
        looks.push(tenant);
        await gates.get(tenant);
      }
      if (tooOften.has(`${asking} ${tenant}`))
        throw new SwitchboardError("SEC_011", undefined, { retryAfterMs: 5_000 });
      if (refused.has(tenant)) throw new SwitchboardError("SEC_009");
      const id = `key:${tenant}`;
      return { kind: "key", id, tenant: tenant as TenantId, role: "admin", scopes: scopesOf("admin") };
    },
    trust: { proxies: [], tailscale: false },
    allowedOrigins: [],
    phase: () => phase,
    limits,
  });
  const server = createServer().on("upgrade", (request, socket, head) => agents.takes(request, socket, head));
  return {
    connections: () => promisify(server.getConnections.bind(server))(),
    async open() {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      await agents.close();
      server.close();
    },
  };
}
const patient = serve({ maxBufferedBytes: MOST_BUFFERED, maxPayload: 100_000 });
const hasty = serve({ handshakeMs: 100 });
let url = "";
let hastyUrl = "";
beforeAll(async () => {
  [url, hastyUrl] = await Promise.all([patient.open(), hasty.open()]);
});
afterAll(() => Promise.all([patient.close(), hasty.close()]));

const connect = (tenant: string, ready: Parameters<typeof connectAgent>[1] = {}) =>
  connectAgent({ url, token: tenant }, ready);
const room = (tenant: string) => links.room(tenant as TenantId, "main");

describe("TEN-6 the agents' WebSocket", () => {
  it("TEN-1 an agent of one tenant has room for that tenant's turns only, and none once it is gone", async () => {
    const agent = await connect("ours", { turns: 3 });
    expect([room("ours"), room("theirs"), links.room("ours" as TenantId, "other")]).toEqual([3, 0, 0]);
    const run = links.begin("ours" as TenantId, "main");
    expect(room("ours")).toBe(2);
    run.end("stopped");
    expect(room("ours")).toBe(3);
    agent.socket.terminate();
    await eventually(() => room("ours") === 0, { what: "it is gone" });
    expect(() => links.begin("ours" as TenantId, "main")).toThrowError(expect.objectContaining({ code: "AGENT_009" }));
  });

  it("TEN-6 a slow reader is sent away before too much waits for it, and its runs fail", async () => {
    await using agent = await connect("slow", { turns: 100 });
    agent.socket.pause();
    let given = 0;
    const failure = await eventually(async () => {
      const run = links.begin("slow" as TenantId, "main");
      const event = { data: { text: "x".repeat(100_000) } } as never;
      try {
        await run.start(event);
        given += 1;
        return undefined;
      } catch (error) {
        return error;
      } finally {
        run.end("stopped");
      }
    });
    expect(failure).toMatchObject({ code: "AGENT_009" });
    expect(given).toBeGreaterThan(0);
    await eventually(() => room("slow") === 0, { what: "it is gone" });
  });

  it("A15 whoever may no longer is sent away soon, also when nothing happens, and is given nothing meanwhile", async () => {
    await using agent = await connect("suspended");
    const run = links.begin("suspended" as TenantId, "main");
    refused.add("suspended");
    await expect(run.start({} as never)).rejects.toMatchObject({ code: "AGENT_009" });
    expect((await agent.closed()).code).toBe(4001);
    expect(agent.heard.some(({ type }) => type === "turn")).toBe(false);
    await expect(connect("suspended")).rejects.toThrow("403");
    await using idle = await connect("leaving");
    refused.add("leaving");
    expect((await idle.closed()).code).toBe(4001);
  });

  it("TEN-6 ends the line of who says too much at once, or nothing at all", async () => {
    await using agent = await connect("loud");
    agent.socket.send("x".repeat(200_000));
    expect((await agent.closed()).code).toBe(1009);
    await using silent = await connectAgent({ url: hastyUrl, token: "silent" }, false);
    expect((await silent.closed()).code).toBe(1008);
  });

  it("TEN-6 a run that says more than an answer may have fails, and the agent is told to stop", async () => {
    await using agent = await connect("long");
    const run = links.begin("long" as TenantId, "main");
    await run.start({ data: { messages: [{ text: "go" }] } } as never);
    for (let count = 0; count < 5; count += 1) {
      agent.say({ type: "tool", run: run.id, phase: "start", id: "1", name: "look", value: "x".repeat(80_000) });
    }
    const heard = async () => {
      for await (const _ of run.frames());
    };
    await expect(heard()).rejects.toMatchObject({ code: "AGENT_004", retryable: false });
    expect((await agent.next("cancel")).reason).toBe("refused");
    run.end("stopped");
  });

  it("TEN-6 who speaks of runs that it was never given is looked up no more often, and sent away", async () => {
    await using agent = await connect("inventive");
    const run = links.begin("inventive" as TenantId, "main");
    await run.start({} as never);
    const before = looks.filter((each) => each === "inventive").length;
    for (let count = 0; count < 1_000; count += 1) {
      agent.say({ type: "done", run: `run_0${count}`, answer: { text: "" } });
      agent.say({ type: "thinking", run: run.id, delta: "" });
    }
    expect(await agent.closed()).toMatchObject({ code: 1008, reason: expect.stringContaining("no sense") });
    const problems = agent.heard.filter(({ type }) => type === "problem");
    expect(problems).toHaveLength(10);
    expect(problems.every((frame) => frame.type === "problem" && frame.error.code === "REQ_002")).toBe(true);
    // The line looks by itself now and then.
    expect(looks.filter((each) => each === "inventive").length - before).toBeLessThan(100);
    run.end("stopped");
  });

  it("TEN-6 the last words of runs that were just stopped are refused, and not held against it", async () => {
    await using agent = await connect("late", { turns: 20 });
    const runs = Array.from({ length: 20 }, () => links.begin("late" as TenantId, "main"));
    for (const run of runs) {
      await run.start({} as never);
      run.end("stopped");
    }
    for (const run of runs) agent.say({ type: "done", run: run.id, answer: { text: "" } });
    for (const { id } of runs)
      expect((await agent.next("problem", ({ run }) => run === id)).error.code).toBe("REQ_002");
    expect(agent.ended).toBeUndefined();
  });

  it("TEN-6 a run has one last word: the next is refused while the first is looked at; nothing is read while many are", async () => {
    const tenant = "talkative";
    await using agent = await connect(tenant, { turns: 32 });
    const runs = Array.from({ length: 32 }, () => links.begin(tenant as TenantId, "main"));
    await Promise.all(runs.map((run) => run.start({} as never)));
    const gate = Promise.withResolvers<void>();
    gates.set(tenant, gate.promise);
    const asked = () => looks.filter((each) => each === tenant).length;
    const before = asked();
    const [first, ...others] = runs.map(({ id }) => id);
    if (first === undefined) throw new Error("runs");
    agent.say({ type: "done", run: first, answer: { text: "the first" } });
    agent.say({ type: "done", run: first, answer: { text: "the second" } });
    expect(await agent.next("problem")).toMatchObject({ run: first, error: { code: "REQ_002" } });
    for (const run of others) agent.say({ type: "done", run, answer: { text: "" } });
    await eventually(() => asked() - before >= 32, { what: "all are looked at" });
    agent.socket.send("senseless");
    await using other = await connect("patient");
    for (let count = 0; count < 20; count += 1) {
      other.say({ type: "ready", agent: "main" });
      await other.next("ready");
    }
    expect(agent.heard.filter(({ type }) => type === "problem")).toHaveLength(1);
    gates.delete(tenant);
    gate.resolve();
    expect((await agent.next("problem")).error.code).toBe("REQ_001");
    const heard = runs[0] && (await runs[0].frames().next()).value;
    expect(heard).toMatchObject({ type: "done", answer: { text: "the first" } });
    for (const run of runs) run.end("stopped");
  });

  it("A15 too many calls are refused as that; a line that cannot be looked up counts as nobody's, not as before", async () => {
    await using agent = await connect("busy");
    tooOften.add("call busy");
    agent.say({ type: "send", id: "1", conversation: "agent:main", text: "x", idempotencyKey: "1" });
    const { error } = (await agent.next("result")) as { readonly error?: unknown };
    expect(error).toMatchObject({ code: "SEC_011", retryAfterMs: 5_000 });
    const run = links.begin("busy" as TenantId, "main");
    await run.start({} as never);
    tooOften.add("line busy");
    agent.say({ type: "done", run: run.id, answer: { text: "" } });
    expect((await agent.next("problem")).error.code).toBe("SEC_011");
    const next = Promise.resolve(run.end("stopped")).then(() => links.begin("busy" as TenantId, "main"));
    await expect(next.then((another) => another.start({} as never))).rejects.toMatchObject({ code: "AGENT_009" });
    (await next).end("stopped");
    expect(agent.ended).toBeUndefined();
  });

  it("TEN-6 whoever is refused keeps no connection, also when it never says goodbye", async () => {
    const before = await patient.connections();
    refused.add("stubborn");
    const port = Number(new URL(url).port);
    const visitors = Array.from({ length: 5 }, () => connectTo({ port, host: "127.0.0.1", allowHalfOpen: true }));
    const answers = visitors.map(async (socket) => {
      socket.on("error", () => {});
      socket.write(
        "GET /agents/connect HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          "Authorization: Bearer stubborn\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      );
      const [answer] = await once(socket, "data");
      return String(answer);
    });
    for (const answer of await Promise.all(answers)) expect(answer).toContain("SEC_009");
    await eventually(async () => (await patient.connections()) <= before, { what: "they are gone here" });
    for (const socket of visitors) socket.destroy();
  });

  it("TEN-6 takes so many connections of a tenant, and nobody new while the gateway ends", async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => connect("many", false)));
    await expect(connect("many", false)).rejects.toThrow("429");
    for (const agent of all) agent.socket.terminate();
    phase = "draining";
    await expect(connect("ours")).rejects.toThrow("503");
    phase = "ready";
  });
});
