/** The agents' WebSocket by itself, on a real port: who is whose, and what is too much. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAgentRuntimes } from "@switchboard/agents";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopesOf } from "../identity/principal.ts";
import type { MethodDeps } from "../methods/deps.ts";
import { connectAgent } from "../test-support/connected-agent.ts";
import { eventually } from "../test-support/eventually.ts";
import type { GatewayLimits } from "../ws/limits.ts";
import { agentSocketListener } from "./socket-listener.ts";

const MOST_BUFFERED = 200_000;
const { links } = createAgentRuntimes();
const refused = new Set<string>();
let phase: "ready" | "draining" = "ready";
function serve(limits: Partial<GatewayLimits>) {
  const agents = agentSocketListener({
    deps: {
      agentLinks: links,
      engine: { routing: { agents: [{ id: "main", runtime: "websocket" }] } },
    } as unknown as MethodDeps,
    async authenticate({ headers }) {
      const tenant = String(headers.authorization).slice("Bearer ".length);
      if (refused.has(tenant)) throw new SwitchboardError("SEC_009");
      const id = `key:${tenant}`;
      return { kind: "key", id, tenant: tenant as TenantId, role: "admin", scopes: scopesOf("admin") };
    },
    trustedProxies: [],
    tailscale: false,
    allowedOrigins: [],
    phase: () => phase,
    limits,
  });
  const server = createServer().on("upgrade", (request, socket, head) => agents.takes(request, socket, head));
  return {
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

  it("TEN-6 takes so many connections of a tenant, and nobody new while the gateway ends", async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => connect("many", false)));
    await expect(connect("many", false)).rejects.toThrow("429");
    for (const agent of all) agent.socket.terminate();
    phase = "draining";
    await expect(connect("ours")).rejects.toThrow("503");
    phase = "ready";
  });
});
