/** Several processes on one database: turns find the one to which their agent is connected. */
import { missingServer, startServer, type TestServer } from "@switchboard/testkit/postgres-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectAgent } from "../test-support/connected-agent.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

const missing = missingServer();
const title = missing === undefined ? "two gateways on one database" : `two gateways (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(title, () => {
  let server: TestServer | undefined;
  let one: TestGateway;
  let two: TestGateway;
  beforeAll(async () => {
    server = await startServer();
    const env = {
      DATABASE_URL: server.url(await server.createDatabase()),
      CHANNEL_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64"),
    };
    const node = {
      account: false,
      agent: "echo",
      env,
      config: { agents: [{ id: "main", runtime: "websocket" }] },
    } as const;
    one = await startTestGateway(node);
    two = await startTestGateway(node);
  });
  afterAll(async () => {
    await one?.[Symbol.asyncDispose]();
    await two?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  const ask = (gateway: TestGateway, message: string) =>
    gateway.request("chat.send", { sessionKey: "main", message, idempotencyKey: message });
  const answers = async (gateway: TestGateway) => {
    const { entries } = await gateway.request("sessions.transcript", { key: "agent:main:main" });
    return entries.filter(({ role }) => role === "assistant").map(({ text }) => text);
  };

  it("TEN-6 TEN-7 a turn that begins at one is run by the other, which has the agent, and answered once", async () => {
    await using agent = await connectAgent(two);
    await ask(one, "across");
    const { run } = await agent.turn("across");
    agent.say({ type: "done", run, answer: { text: "from the other side" } });
    await eventually(async () => (await answers(one)).includes("from the other side"), { what: "the answer" });
    expect(await answers(two)).toEqual(["from the other side"]);
  });

  it("TEN-6 TEN-7 a turn that waits begins when the agent connects to any of them; when its gateway goes, to another", async () => {
    await ask(one, "wait for it");
    await eventually(() => one.log.lines.some(({ message }) => message.startsWith("a turn waits for its agent")));
    await using first = await connectAgent(two);
    const begun = await first.turn("wait for it");
    await using second = await connectAgent(one);
    first.socket.terminate();
    const again = await second.turn("wait for it");
    expect(again.event.id).toBe(begun.event.id);
    second.say({ type: "done", run: again.run, answer: { text: "it came" } });
    await eventually(async () => (await answers(two)).includes("it came"), { what: "the answer" });
    expect((await answers(one)).filter((text) => text === "it came")).toHaveLength(1);
  });
});
