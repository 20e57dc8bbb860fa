/** The examples of agents that connect by themselves, as somebody would run them, at a whole gateway. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { canRun, type Example, killExample, type Language, startExample } from "../test-support/example.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

const languages: readonly Language[] = ["TypeScript", "Python"];

describe.each(languages.filter(canRun))("TEN-6 the example in %s", (language) => {
  let gateway: TestGateway;
  let agent: Example | undefined;
  beforeAll(async () => {
    gateway = await startTestGateway({
      agent: "echo",
      config: { agents: [{ id: "main", runtime: "websocket" }] },
      // A fixed port, so that the agent finds the gateway again.
      webhooks: true,
    });
    agent = await start();
  });
  afterAll(async () => {
    if (agent) await killExample(agent);
    await gateway?.[Symbol.asyncDispose]();
  });

  const connected = ({ lines }: Example) => lines.filter((line) => line === "connected as main").length;
  async function start(): Promise<Example> {
    const example = startExample("websocket-agent", language, { GATEWAY_URL: gateway.url, AGENT_KEY: gateway.token });
    await eventually(() => connected(example) > 0, { what: "the example is connected" });
    return example;
  }
  async function answered(from: string, text: string) {
    const { conversation } = await gateway.simulator.say({ from, text });
    await gateway.simulator.waitFor((message) => message.text === `You said: ${text}`, {
      conversation,
      timeoutMs: 40_000,
    });
    return gateway.simulator.sent({ conversation });
  }

  it("TEN-6 answers at once, piece by piece, and later", async () => {
    expect(await answered("Ann", "walrus")).toHaveLength(1);
    expect(await answered("Bob", `slowly ${"walrus ".repeat(20)}and more`)).not.toEqual([]);
    expect(await answered("Cas", "later walrus")).toHaveLength(1);
    expect(await answered("Cas", `a long one, ${"ä".repeat(3_000)}`)).not.toEqual([]);
  });

  it("Q-1 TEN-6 finds the gateway again after its restart; what was asked while it was killed is answered, once", async () => {
    const before = agent && connected(agent);
    await gateway.restart();
    await eventually(() => agent && connected(agent) > (before ?? 0), { what: "it is connected again" });
    expect(await answered("Dan", "after the restart")).toHaveLength(1);
    if (agent) await killExample(agent);
    const { conversation } = await gateway.simulator.say({ from: "Eve", text: "are you there" });
    agent = await start();
    await gateway.simulator.waitFor(({ text }) => text === "You said: are you there", { conversation });
    expect(gateway.simulator.sent({ conversation })).toHaveLength(1);
  });
});
