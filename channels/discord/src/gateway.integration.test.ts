/** The channel in the real gateway: its process, the simulated Discord, and what its people see. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConversationId, JsonObject, SimulatedMessage, ThreadId } from "@switchboard/domain";
import { freePort, type GatewayProcess, startGatewayProcess } from "@switchboard/testkit/gateway-process";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { type DiscordSimulator, startSimulator } from "../simulator/index.ts";

interface GatewayScene extends AsyncDisposable {
  readonly simulator: DiscordSimulator;
  readonly url: string;
  /** Ends the process, in good order or with SIGKILL, and starts another. `meanwhile` happens when there is none. */
  restart(how: "stop" | "kill", meanwhile: () => Promise<unknown>): Promise<void>;
}

const OPEN: JsonObject = { dmPolicy: "open", groupPolicy: "open" };

/** `before`: what happens at Discord before there is a gateway; it gives more settings. */
async function scene(
  settings = OPEN,
  before: (simulator: DiscordSimulator) => Promise<JsonObject> = async () => ({}),
): Promise<GatewayScene> {
  const place = await temporaryDirectory();
  const simulator = await startSimulator();
  const more = await before(simulator);
  const port = await freePort();
  const fast = { perSecond: 1_000, burst: 1_000 };
  const account = {
    config: { ...simulator.accountConfig(), publicKey: simulator.publicKey },
    settings: { rateLimit: fast, conversationRateLimit: fast, ...settings, ...more },
  };
  writeFileSync(
    join(place.path, "config.json"),
    JSON.stringify({ agents: [{ id: "main", runtime: "echo" }], channels: { discord: { default: account } } }),
  );
  const start = async (): Promise<GatewayProcess> => {
    const token = "a-token-of-some-length-0123456789";
    const gateway = startGatewayProcess({ stateDirectory: place.path, port, token, form: "source" });
    await gateway.ready;
    // Discord keeps nothing for a bot that was never there.
    const deadline = performance.now() + 30_000;
    while (!simulator.online()) {
      if (performance.now() > deadline) throw new Error(`the bot did not come online: ${gateway.log.slice(-3)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return gateway;
  };
  let gateway = await start();
  return {
    simulator,
    url: `http://127.0.0.1:${port}`,
    async restart(how, meanwhile) {
      await gateway[how]();
      await meanwhile();
      gateway = await start();
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await simulator.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

describe("CH-3 in the gateway", { timeout: 120_000 }, () => {
  it("MSG-4 people talk, press and choose, in direct messages, channels and threads", async () => {
    await using it = await scene();
    const { simulator } = it;
    const { conversation } = await simulator.say({ from: "Ann", text: "hello there" });
    await simulator.waitFor(({ text }) => text.includes("hello there"), { conversation });
    await simulator.say({ from: "Ann", text: "demo buttons" });
    const offer = await simulator.waitFor(({ controls }) => controls.length > 0, { conversation });
    await simulator.press({ from: "Ann", conversation, messageId: offer.id, label: "Yes" });
    await simulator.waitFor(({ id, text }) => id !== offer.id && /yes/i.test(text), { conversation });
    const group = await simulator.createGroup({ title: "general", people: ["Ann", "Bob"], threads: ["Ideas"] });
    const thread = group.threads[0] as NonNullable<(typeof group.threads)[0]>;
    await simulator.say({ from: "Bob", conversation: group.conversation, text: "among ourselves" });
    await simulator.say({
      from: "Bob",
      conversation: group.conversation,
      thread,
      text: "in the thread",
      mention: true,
    });
    const answer = await simulator.waitFor(({ text }) => text.includes("in the thread"), {
      conversation: group.conversation,
    });
    expect(answer.thread).toBe(thread);
    expect(simulator.sent({ conversation: group.conversation }).map(({ text }) => text)).toEqual([answer.text]);
  });

  it("slash commands are registered, and what concerns one person is shown to that person alone", async () => {
    await using it = await scene();
    const { simulator } = it;
    const names = simulator.commands().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["status", "menu", "model"]));
    const { conversation } = await simulator.createGroup({ title: "general", people: ["Ann", "Bob"] });
    await simulator.command({ from: "Ann", name: "status", conversation });
    await simulator.waitFor(({ text }) => text.startsWith("Switchboard"), { conversation });
    expect(simulator.whispers("Ann")).toHaveLength(1);
    expect(simulator.whispers("Bob")).toEqual([]);
    // What changes a session takes an authority in a group, which Bob has not.
    await simulator.command({ from: "Bob", name: "thinking", text: "high", conversation });
    await simulator.waitFor(({ text }) => !text.startsWith("Switchboard"), { conversation });
    expect(simulator.whispers("Bob")).toHaveLength(1);
    expect(simulator.whispers("Ann")).toHaveLength(1);
    expect(simulator.thinking()).toBe(0);
    expect(simulator.unconfirmed()).toBe(0);
  });

  it.each(["stop", "kill"] as const)("Q-1 what is said between two processes is answered once (%s)", async (how) => {
    await using it = await scene();
    const { simulator } = it;
    const { conversation } = await simulator.say({ from: "Ann", text: "before" });
    await simulator.waitFor(({ text }) => text.includes("before"), { conversation });
    await it.restart(how, () => simulator.say({ from: "Ann", text: "into the silence" }));
    await simulator.waitFor(({ text }) => text.includes("into the silence"), { conversation });
    await simulator.say({ from: "Ann", text: "after" });
    await simulator.waitFor(({ text }) => text.includes("after"), { conversation });
    const answers = simulator.sent({ conversation }).map(({ text }) => text);
    expect(answers.filter((text) => text.includes("into the silence"))).toHaveLength(1);
    expect(answers.filter((text) => text.includes("before"))).toHaveLength(1);
  });

  it("GHSA-xh72 interactions come over HTTP where Discord is told to, signed, and nobody else's are taken", async () => {
    await using it = await scene();
    const { simulator } = it;
    const address = `${it.url}/webhooks/discord/default/default`;
    // Discord takes an address only if it refuses what is not signed.
    await simulator.enterWebhook(address);
    const { conversation } = await simulator.say({ from: "Ann", text: "hello there" });
    await simulator.waitFor(({ text }) => text.includes("hello there"), { conversation });
    await simulator.command({ from: "Ann", name: "status" });
    await simulator.waitFor(({ text }) => text.startsWith("Switchboard"), { conversation });
    expect(simulator.unconfirmed()).toBe(0);
    const forged = await fetch(address, {
      method: "POST",
      body: JSON.stringify({ id: "1", type: 2, token: "t", data: { name: "status" } }),
      headers: { "x-signature-ed25519": "0".repeat(128), "x-signature-timestamp": "1700000000" },
    });
    expect(forged.status).toBe(401);
  });

  it("Q-1 what people write before the bot ever came online is answered when it does, once", async () => {
    const said: { conversation: ConversationId }[] = [];
    await using it = await scene(OPEN, async (simulator) => {
      said.push(await simulator.say({ from: "Ann", text: "anybody there" }));
      return {};
    });
    const { simulator } = it;
    const conversation = said[0]?.conversation as ConversationId;
    await simulator.waitFor(({ text }) => text.includes("anybody there"), { conversation });
    await it.restart("kill", async () => {});
    await simulator.say({ from: "Ann", text: "and again" });
    await simulator.waitFor(({ text }) => text.includes("and again"), { conversation });
    expect(simulator.sent({ conversation }).filter(({ text }) => text.includes("anybody there"))).toHaveLength(1);
  });

  it("ACC-2 a stranger gets a code, and nothing else", async () => {
    await using it = await scene({});
    const { conversation } = await it.simulator.say({ from: "Eve", text: "let me in" });
    const answer = await it.simulator.waitFor(() => true, { conversation });
    expect(answer.text).toContain("pairing approve discord");
    expect(answer.text).not.toContain("let me in");
  });

  it("ACC-3 in a thread for approvals owners let people in by a button, and others are told privately that they cannot", async () => {
    const places: { conversation: ConversationId; thread: ThreadId }[] = [];
    await using it = await scene({ groupPolicy: "allowlist" }, async (simulator) => {
      const made = await simulator.createGroup({ title: "staff", people: ["Ann", "Bob"], threads: ["Approvals"] });
      const [thread] = made.threads as [ThreadId];
      places.push({ conversation: made.conversation, thread });
      const state = (await (await fetch(`${simulator.url}/pane/state`)).json()) as {
        readonly people: readonly { readonly id: string; readonly name: string }[];
      };
      const owners = state.people.filter(({ name }) => name === "Ann").map(({ id }) => id);
      return { owners, approvals: `${made.conversation}:${thread}` };
    });
    const { simulator } = it;
    const [{ conversation, thread }] = places as [(typeof places)[0]];
    const eve = await simulator.say({ from: "Eve", text: "let me in" });
    const request = await simulator.waitFor(({ controls }) => controls.length > 0, { conversation });
    expect(request.thread).toBe(thread);
    expect(request.text).toContain("Eve");
    await simulator.press({ from: "Bob", conversation, messageId: request.id, label: "Approve" });
    await simulator.waitFor(({ id }) => id !== request.id, { conversation });
    expect(simulator.whispers("Bob").map(({ text }) => text)).toEqual([expect.stringContaining("SEC_001")]);
    expect(simulator.whispers("Ann")).toEqual([]);
    await simulator.press({ from: "Ann", conversation, messageId: request.id, label: "Approve" });
    const decided = ({ id, text }: SimulatedMessage) => id === request.id && text.includes("Let in by Ann");
    expect((await simulator.waitFor(decided, { conversation })).controls).toEqual([]);
    await simulator.waitFor(({ text }) => text.includes("You are known here now"), { conversation: eve.conversation });
    expect(simulator.unconfirmed()).toBe(0);
  });
});
