/** The examples of webhook agents, as somebody would run them, behind a whole gateway. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes, ok").toString("base64")}`;
const path = (file: string) => fileURLToPath(new URL(`../../../../examples/${file}`, import.meta.url));
const AGENTS = {
  TypeScript: [process.execPath, path("webhook-agent-ts/agent.ts")],
  Python: ["python3", path("webhook-agent-python/agent.py")],
} as const;

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"]);
    return true;
  } catch {
    if (process.env.REQUIRE_SERVICES === "1") throw new Error("python3 is missing: apt-get install python3");
    return false;
  }
}

async function start(
  [program, file]: readonly [string, string],
  port = 0,
): Promise<{ child: ChildProcess; port: number }> {
  const env = { ...process.env, AGENT_SECRET: SECRET, PORT: String(port) };
  const child = spawn(program, [file], { env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, port: Number(line.split(" ").at(-1)) };
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe.each(["TypeScript", "Python"] as const)("TEN-6 the example in %s", (language) => {
  const here = language !== "Python" || hasPython();
  let gateway: TestGateway;
  let agent: { child: ChildProcess; port: number };
  const title = (text: string) => (here ? text : `${text} (skipped: python3 is missing, apt-get install python3)`);
  beforeAll(async () => {
    if (!here) return;
    agent = await start(AGENTS[language]);
    const url = `http://127.0.0.1:${agent.port}/`;
    gateway = await startTestGateway({
      agent: "echo",
      config: {
        agents: [{ id: "main", runtime: "webhook", url, signingSecret: SECRET }],
        egress: { allow: ["127.0.0.1"] },
      },
    });
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await kill(agent?.child);
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
    await kill(agent.child);
    const { conversation } = await simulator.say({ from: "Bob", text: "are you there" });
    agent = await start(AGENTS[language], agent.port);
    await simulator.waitFor(({ text }) => text === "You said: are you there", { conversation, timeoutMs: 40_000 });
    expect(simulator.sent({ conversation })).toHaveLength(1);
  });
});
