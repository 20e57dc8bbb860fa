/** What the layer does with nodes, which another authenticator than the shared secret's will let in. */
import { DEFAULT_TENANT } from "@switchboard/domain";
import type { Scope } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import type { Authenticator } from "./authenticator.ts";
import { startGateway } from "./harness.test.util.ts";

/** Lets everyone in as what they say they are, with the scopes of the moment. */
function open(scopes: () => readonly Scope[] | undefined): Authenticator {
  return {
    identify: async () => ({ ok: true, method: "none", inForce: () => true }),
    admit: async () => ({
      ok: true,
      method: "none",
      principal: { tenant: DEFAULT_TENANT, actor: "test" },
      authority() {
        const now = scopes();
        return now && { scopes: now };
      },
    }),
  };
}

const node = { id: "node-host", version: "1", platform: "linux", mode: "node" } as const;
const AGENTS = { defaultId: "a", mainKey: "main", scope: "per-sender", agents: [] } as const;

describe("a node", () => {
  it("DEV-9 hears what everyone may hear, whatever scopes it holds, and sees no presence", async () => {
    await using gateway = await startGateway({ authenticate: open(() => ["operator.admin"]) });
    const client = await gateway.open();
    const hello = await client.hello({ role: "node", client: node, minProtocol: 3, maxProtocol: 3 });
    expect(hello).toMatchObject({ protocol: 4, auth: { role: "node" }, snapshot: { presence: [] } });
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", { runId: "r", sessionKey: "s", seq: 0, state: "final" });
    gateway.socket.broadcast(DEFAULT_TENANT, "tick", { ts: 1 });
    expect(await client.next()).toMatchObject({ event: "tick", seq: 1 });
  });

  it("DEV-9 may ask for health and nothing of an operator's; asking on and on it is thrown out", async () => {
    await using gateway = await startGateway({
      authenticate: open(() => ["operator.admin"]),
      handlers: { "agents.list": () => AGENTS },
    });
    const client = await gateway.join({ role: "node", client: node });
    const refusal = { code: "INVALID_REQUEST", message: "unauthorized role: node" };
    for (let n = 0; n < 10; n += 1) expect((await client.call("agents.list")).error).toEqual(refusal);
    expect((await client.call("health")).ok).toBe(true);
    for (let n = 0; n < 10; n += 1) expect((await client.call("no.such")).error).toEqual(refusal);
    expect((await client.call("agents.list")).error).toEqual(refusal);
    expect(await client.closed).toEqual({ code: 1008, reason: "repeated unauthorized calls" });
  });
});

describe("an operator whose grant changes", () => {
  it("GHSA-68x5-xx89-w9mm gains and loses between two requests and between two events", async () => {
    let scopes: readonly Scope[] | undefined = ["operator.read"];
    await using gateway = await startGateway({
      authenticate: open(() => scopes),
      handlers: {
        "agents.list": (_params, context) => ({ ...AGENTS, mainKey: String(context.holds("operator.write")) }),
      },
    });
    const client = await gateway.join();
    const mayWrite = async () => (await client.call("agents.list")).payload?.mainKey;
    expect(await mayWrite()).toBe("false");
    scopes = ["operator.write"];
    expect(await mayWrite()).toBe("true");
    scopes = [];
    expect((await client.call("agents.list")).error.details).toMatchObject({ missingScope: "operator.read" });
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", { runId: "hidden", sessionKey: "s", seq: 0, state: "final" });
    scopes = ["operator.read"];
    gateway.socket.broadcast(DEFAULT_TENANT, "chat", { runId: "shown", sessionKey: "s", seq: 0, state: "final" });
    expect(await client.event("chat")).toMatchObject({ payload: { runId: "shown" }, seq: 1 });
    scopes = undefined;
    gateway.socket.reauthorise();
    expect((await client.closed).code).toBe(4001);
  });

  it("GHSA-68x5-xx89-w9mm who loses everything while a request runs hears no more of it", async () => {
    let scopes: readonly Scope[] | undefined = ["operator.admin"];
    const gate = Promise.withResolvers<void>();
    await using gateway = await startGateway({
      authenticate: open(() => scopes),
      handlers: {
        async "agents.list"() {
          await gate.promise;
          return AGENTS;
        },
      },
    });
    const client = await gateway.join();
    client.send({ type: "req", id: "slow", method: "agents.list" });
    await client.call("health");
    scopes = undefined;
    gate.resolve();
    expect((await client.closed).code).toBe(4001);
    expect(client.received().filter(({ id }) => id === "slow")).toEqual([]);
  });
});
