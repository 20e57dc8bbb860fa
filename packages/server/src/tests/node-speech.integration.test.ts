/** What is said to a node reaches an agent, and goes no further than the node's device may. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { type DeviceConnect, TestDevice } from "../test-support/test-device.ts";
import { RawClient } from "../ws/harness.test.util.ts";

const MAIN = "agent:main:webchat:default:direct:main";

describe("a node that hears people", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  async function connect(device: TestDevice, how: DeviceConnect): Promise<RawClient> {
    const client = await RawClient.open(gateway.url, {});
    const { payload } = await client.event("connect.challenge");
    const params = device.params(String(payload.nonce), { auth: { token: gateway.token }, ...how });
    const { error, ok } = await client.call("connect", params);
    if (!ok) throw new Error(JSON.stringify(error));
    return client;
  }

  /** A node of this machine; what it offers is approved unless that is not wanted. */
  async function node(device = new TestDevice(), approved = true) {
    const client = await connect(device, { role: "node", client: { id: "node-host", mode: "node" }, caps: ["voice"] });
    if (approved) {
      const requestId = await eventually(async () => {
        const { pending } = await gateway.request("node.pair.list", {});
        return pending.find(({ nodeId }) => nodeId === device.id)?.requestId;
      });
      await gateway.request("node.pair.approve", { requestId });
    }
    const says = async (event: string, payload: object) =>
      (await client.call("node.event", { event, payload })).payload;
    return { client, device, says };
  }

  const said = async (sessionKey: string) => {
    const { messages, pendingInputs } = await gateway.request("chat.history", { sessionKey });
    if (pendingInputs.total > 0) return undefined;
    return messages.map(({ content, role }) => [role, content[0]?.type === "text" ? content[0].text : ""]);
  };
  const heard = (sessionKey: string, text: string) =>
    eventually(async () => (await said(sessionKey))?.some((each) => each.join(" ") === `assistant ${text}`));

  it("DEV-9 spoken words are said in the main session, once, and the node hears the answer it asked for", async () => {
    const { client, says } = await node();
    const handled = { ok: true, event: "voice.transcript", handled: true };
    // The short name, as apps write it.
    await says("chat.subscribe", { sessionKey: "main" });
    expect(await says("voice.transcript", { text: "good morning", eventId: "e1", sessionKey: null })).toEqual(handled);
    const final = await client.next(({ event, payload }) => event === "chat" && payload.state === "final");
    expect(final.payload).toMatchObject({ sessionKey: MAIN, message: { content: [{ text: "good morning" }] } });
    expect(await says("voice.transcript", { text: "good morning", eventId: "e1" })).toMatchObject({ handled: false });
    // Chat commands are for people who are known by their account.
    await says("voice.transcript", { text: "/new", eventId: "e2", sessionKey: MAIN });
    await heard(MAIN, "/new");
    expect((await said(MAIN))?.filter(([role]) => role === "user")).toEqual([
      ["user", "good morning"],
      ["user", "/new"],
    ]);
    for (const wrong of [{}, { text: " " }, { text: 1 }, { text: "x".repeat(20_001) }]) {
      expect(await says("voice.transcript", wrong)).toMatchObject({ handled: false, reason: "no text" });
    }
    expect(await says("voice.transcript", { text: "hi", sessionKey: "nonsense" })).toMatchObject({
      handled: false,
      reason: expect.stringContaining("no session key"),
    });
  });

  it("DEV-9 what an app shares is said in the node's own session unless it names one", async () => {
    const { device, says } = await node();
    const own = `agent:main:webchat:default:direct:node-${device.id}`;
    expect(await says("agent.request", { message: "look at this", thinking: "low" })).toMatchObject({ handled: true });
    await heard(own, "look at this");
    const elsewhere = "agent:main:webchat:default:direct:shared";
    expect(await says("agent.request", { message: "and this", sessionKey: elsewhere })).toMatchObject({
      handled: true,
    });
    await heard(elsewhere, "and this");
    expect(await says("agent.request", {})).toMatchObject({ handled: false, reason: "no message" });
  });

  it("DEV-9 GHSA-4jpw-hj22-2xmc a node speaks where others are, or delivers, only when its device may write", async () => {
    const { platform, simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "I am Ada" });
    await simulator.waitFor(({ text }) => text === "I am Ada", { conversation });
    const sessionKey = await gateway.sessionOf(conversation);
    const device = new TestDevice();
    const { says } = await node(device);
    const refused = { handled: false, reason: "missing scope: operator.write" };
    for (const where of [{ sessionKey }, { channel: platform.id, to: conversation }, { deliver: true }]) {
      expect(await says("agent.request", { message: "let me in", ...where })).toMatchObject(refused);
    }
    expect(await says("voice.transcript", { text: "let me in", sessionKey })).toMatchObject(refused);
    // The same device as an operator that only reads is no better.
    await connect(device, { role: "operator", scopes: ["operator.read"], client: { id: "cli", mode: "cli" } });
    expect(await says("agent.request", { message: "let me in", sessionKey })).toMatchObject(refused);
    await connect(device, { role: "operator", scopes: ["operator.write"], client: { id: "cli", mode: "cli" } });
    const loud = { message: "for Ada", channel: platform.id, to: conversation, deliver: true };
    expect(await says("agent.request", loud)).toMatchObject({ handled: true });
    await simulator.waitFor(({ text }) => text === "for Ada", { conversation });
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["I am Ada", "for Ada"]);
  });

  it("DEV-9 a node that nobody approved says nothing to anybody", async () => {
    const { device, says } = await node(new TestDevice(), false);
    const refused = { handled: false, reason: "the node is not approved yet" };
    expect(await says("voice.transcript", { text: "hello" })).toMatchObject(refused);
    expect(await says("agent.request", { message: "hello" })).toMatchObject(refused);
    expect(await said(`agent:main:webchat:default:direct:node-${device.id}`)).toEqual([]);
  });
});
