/** The examples of webhook agents, as somebody would run them, behind a whole gateway. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canRun, killExample, type Language, startExample } from "../test-support/example.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes, ok").toString("base64")}`;

async function start(language: Language, port = 0) {
  const example = startExample("webhook-agent", language, { AGENT_SECRET: SECRET, PORT: String(port) });
  return { ...example, port: Number((await example.first).split(" ").at(-1)) };
}

describe.each<Language>(["TypeScript", "Python"])("TEN-6 the example in %s", (language) => {
  const here = canRun(language);
  let gateway: TestGateway;
  let agent: Awaited<ReturnType<typeof start>>;
  const title = (text: string) => (here ? text : `${text} (skipped: python3 is missing, apt-get install python3)`);
  beforeAll(async () => {
    if (!here) return;
    agent = await start(language);
    const url = `http://127.0.0.1:${agent.port}/`;
    gateway = await startTestGateway({
      agent: "echo",
      config: {
        agents: [{ id: "main", runtime: "webhook", url, signingSecret: SECRET }],
        egress: { allow: ["127.0.0.1"] },
        // Enough for an agent that takes a busy machine long to start.
        turns: { maxAttempts: 20 },
      },
    });
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    if (agent) await killExample(agent);
  });

  it.skipIf(!here)(title("TEN-6 answers at once, and later"), async () => {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from: "Ann", text: "walrus" });
    await simulator.waitFor(({ text }) => text === "You said: walrus", { conversation });
    await simulator.say({ from: "Ann", text: "later walrus" });
    await simulator.waitFor(({ text }) => text === "You said: later walrus", { conversation, timeoutMs: 30_000 });
    expect(simulator.sent({ conversation })).toHaveLength(2);
  });

  it.skipIf(!here)(title("TEN-6 believes nobody who cannot sign, and nothing that is old"), async () => {
    const url = `http://127.0.0.1:${agent.port}/`;
    const body = JSON.stringify({ data: { messages: [{ text: "forged" }] } });
    const { createHmac } = await import("node:crypto");
    const ask = (at: number, secret: string) => {
      const key = Buffer.from(secret.slice(6), "base64");
      const signature = createHmac("sha256", key).update(`x.${at}.${body}`).digest("base64");
      const headers = { "webhook-id": "x", "webhook-timestamp": String(at), "webhook-signature": `v1,${signature}` };
      return fetch(url, { method: "POST", body, headers }).then(({ status }) => status);
    };
    const now = Math.floor(Date.now() / 1000);
    expect(await ask(now, `whsec_${Buffer.from("somebody else's secret, not ours").toString("base64")}`)).toBe(401);
    expect(await ask(now - 3_600, SECRET)).toBe(401);
    expect(await ask(now, SECRET)).toBe(200);
    expect(await fetch(url, { method: "POST", body }).then(({ status }) => status)).toBe(401);
  });

  it.skipIf(!here)(title("Q-1 killed before it could answer, its next life answers, once"), async () => {
    const { simulator } = gateway;
    await killExample(agent);
    const { conversation } = await simulator.say({ from: "Bob", text: "are you there" });
    agent = await start(language, agent.port);
    await simulator.waitFor(({ text }) => text === "You said: are you there", { conversation, timeoutMs: 40_000 });
    expect(simulator.sent({ conversation })).toHaveLength(1);
  });
});
