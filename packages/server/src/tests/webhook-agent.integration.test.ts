/** An agent behind an address, asked by a whole gateway. */
import { createHmac } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AgentTurn } from "@switchboard/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { TestClock } from "../test-support/test-clock.ts";

const KEY = Buffer.from("a secret of thirty-two bytes, ok");
const ENV = { AGENT_SECRET: `whsec_${KEY.toString("base64")}` };

type Answer = (turn: AgentTurn, response: ServerResponse, tries: number) => void;

let answer: Answer;
const asked: { readonly id: string; readonly turn: AgentTurn }[] = [];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const { "webhook-id": id, "webhook-signature": signature, "webhook-timestamp": at } = request.headers;
  const expected = createHmac("sha256", KEY).update(`${id}.${at}.${body}`).digest("base64");
  if (signature !== `v1,${expected}`) return response.writeHead(401).end();
  const turn = JSON.parse(body).data as AgentTurn;
  asked.push({ id: String(id), turn });
  return answer(turn, response, asked.filter((other) => other.id === id).length);
});
const say = (response: ServerResponse, value: object) =>
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));

let gateway: TestGateway;
let agent: { id: string; runtime: string; url: string; signingSecret: { env: string } };
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  agent = {
    id: "main",
    runtime: "webhook",
    url: `http://127.0.0.1:${port}/agent`,
    signingSecret: { env: "AGENT_SECRET" },
  };
  gateway = await startTestGateway({
    clock: new TestClock(20),
    env: ENV,
    config: { agents: [agent], egress: { allow: ["127.0.0.1"] }, limits: { userBurst: 1_000 } },
  });
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

describe("TEN-6 an agent behind an address", () => {
  it("TEN-6 gets what a person writes, and its answer goes back into the same conversation", async () => {
    const { platform, simulator } = gateway;
    answer = (turn, response) => say(response, { text: `You said ${turn.messages[0]?.text}` });
    const { conversation } = await simulator.say({ from: "Ann", text: "walrus" });
    await simulator.waitFor(({ text }) => text === "You said walrus", { conversation });
    const { turn } = asked.at(-1) ?? {};
    expect(turn?.conversation).toMatchObject({
      channel: platform.id,
      account: "default",
      id: conversation,
      kind: "direct",
    });
    expect(turn?.capabilities?.maxLength).toBeGreaterThan(0);
    await simulator.say({ from: "Ann", text: "again" });
    await simulator.waitFor(({ text }) => text === "You said again", { conversation });
    expect(asked.at(-1)?.turn.history.map(({ text }) => text)).toEqual(["walrus", "You said walrus"]);
  });

  it("TEN-6 is asked again under the same id after a failure, and answers once", async () => {
    const { simulator } = gateway;
    answer = (_turn, response, tries) => {
      if (tries === 1) response.writeHead(503).end();
      else if (tries === 2) response.destroy();
      else say(response, { text: "third time lucky" });
    };
    const { conversation } = await simulator.say({ from: "Bob", text: "fail twice" });
    await simulator.waitFor(({ text }) => text === "third time lucky", { conversation });
    const ids = asked.filter(({ turn }) => turn.messages[0]?.text === "fail twice").map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(simulator.sent({ conversation })).toHaveLength(1);
  });

  it("TEN-6 that refuses for good is asked once; the person and the operator learn of it", async () => {
    const { simulator } = gateway;
    answer = (_turn, response) => response.writeHead(400).end("walrus words");
    const { conversation } = await simulator.say({ from: "Cas", text: "be refused" });
    const notice = await simulator.waitFor(({ text }) => text.includes("AGENT_006"), { conversation });
    expect(notice.text).not.toContain("walrus");
    expect(asked.filter(({ turn }) => turn.messages[0]?.text === "be refused")).toHaveLength(1);
    const { deadLetters } = await gateway.request("deadLetters.list", { kind: "turn" });
    expect(deadLetters.some(({ preview }) => preview === "be refused")).toBe(true);
  });

  it("TEN-6 may say nothing, and nothing is said", async () => {
    const { simulator } = gateway;
    answer = (_turn, response) => response.writeHead(204).end();
    const { conversation } = await simulator.say({ from: "Dan", text: "be silent" });
    await eventually(
      async () => {
        const { sessions } = await gateway.request("sessions.list", { search: `:${conversation}` });
        const [session] = sessions;
        const { entries = [] } = session ? await gateway.request("sessions.transcript", { key: session.key }) : {};
        return entries.some(({ text }) => text === "be silent");
      },
      { what: "the turn's end" },
    );
    expect(simulator.sent({ conversation })).toEqual([]);
  });

  const bring = (turn: AgentTurn | undefined, body: string, token = turn?.reply?.token) =>
    fetch(turn?.reply?.url ?? "", {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
    });

  it("TEN-6 may answer later, once, while what is said meanwhile waits for its turn", async () => {
    const { simulator } = gateway;
    answer = (turn, response) => {
      if (turn.messages.some(({ text }) => text === "think")) response.writeHead(202).end();
      else say(response, { text: "and the next" });
    };
    const { conversation } = await simulator.say({ from: "Fay", text: "think" });
    const turn = await eventually(() => asked.find((one) => one.turn.messages[0]?.text === "think")?.turn, {
      what: "asked",
    });
    await eventually(
      async () =>
        (await gateway.request("trace.get", { id: turn.turn })).steps.some(({ step }) => step === "awaiting-answer"),
      { what: "the turn waits" },
    );
    await simulator.say({ from: "Fay", text: "next" });
    // Nobody learns from an answer whether there is such a turn, and whether it waits.
    const [place, signature = ""] = turn.reply?.token.split(".") ?? [];
    const nowhere = Buffer.from(JSON.stringify(["default", "turn_nothing"])).toString("base64url");
    const refused = new Set<string>();
    for (const token of ["made.up", `${place}.${signature.slice(1)}A`, `${nowhere}.${signature}`]) {
      for (const body of ["{}", '{"text":5}', "no JSON"]) {
        const { headers, status, ...answer } = await bring(turn, body, token).then(async (response) => ({
          status: response.status,
          headers: [...response.headers.keys()].filter((name) => name !== "date"),
          text: await response.text(),
        }));
        refused.add(JSON.stringify([status, headers, answer]));
        expect(status).toBe(401);
      }
    }
    expect(refused.size).toBe(1);
    expect((await bring(turn, '{"text":5}')).status).toBe(400);
    const late = JSON.stringify({ text: "thought", buttons: [{ label: "Fine" }] });
    expect((await bring(turn, late)).status).toBe(202);
    await simulator.waitFor(({ text }) => text === "and the next", { conversation });
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["thought", "and the next"]);
    // The turn has ended, and nothing of its answer is kept but what was said.
    expect([(await bring(turn, late)).status, (await bring(turn, '{"text":"other"}')).status]).toEqual([409, 409]);
    expect(asked.filter((one) => one.turn.turn === turn.turn)).toHaveLength(1);
  });

  it("TEN-6 that said 202 still owes its answer after the gateway started anew", async () => {
    const { simulator } = gateway;
    answer = (_turn, response) => response.writeHead(202).end();
    const { conversation } = await simulator.say({ from: "Gus", text: "slowly" });
    const turn = await eventually(() => asked.find((one) => one.turn.messages[0]?.text === "slowly")?.turn, {
      what: "asked",
    });
    await gateway.restart();
    const url = `${gateway.url}/agents/replies`;
    const reply = await eventually(
      async () => {
        const brought = await bring(
          { ...turn, reply: { until: 0, token: turn.reply?.token ?? "", url } },
          '{"text":"slow answer"}',
        );
        return brought.status === 425 ? undefined : brought;
      },
      { what: "the answer is taken" },
    );
    expect(reply.status).toBe(202);
    await simulator.waitFor(({ text }) => text === "slow answer", { conversation });
    expect(simulator.sent({ conversation })).toHaveLength(1);
  });

  it("TEN-6 that never answers: the person and the operator learn of it at the end of its time", async () => {
    const { simulator } = gateway;
    await gateway.restart({ agents: [{ ...agent, answerLaterMs: 10_000 }] });
    answer = (_turn, response) => response.writeHead(202).end();
    const { conversation } = await simulator.say({ from: "Hal", text: "never" });
    await simulator.waitFor(({ text }) => text.includes("AGENT_008"), { conversation });
    const { deadLetters } = await gateway.request("deadLetters.list", { kind: "turn" });
    expect(deadLetters.some(({ preview }) => preview === "never")).toBe(true);
    const { turn } = asked.find((one) => one.turn.messages[0]?.text === "never") ?? {};
    expect(
      (
        await bring(
          turn && {
            ...turn,
            reply: { until: 0, token: turn.reply?.token ?? "", url: `${gateway.url}/agents/replies` },
          },
          '{"text":"too late"}',
        )
      ).status,
    ).toBe(409);
  });

  it("TEN-6 CRED-3 its secret is in no log and in no configuration that is shown", async () => {
    const shown = JSON.stringify([await gateway.request("config.get", {}), gateway.log]);
    expect(shown).not.toContain(KEY.toString("base64"));
    expect(shown).toContain("AGENT_SECRET");
  });

  it("TEN-6 OPS-4 how its endpoint does is among the figures", async () => {
    expect(await metric(gateway, "agent_resting", { agent: "main" })).toBe(0);
  });
});

describe("TEN-6 an agent at a private address", () => {
  it("TEN-6 is not asked unless egress.allow names it", async () => {
    const before = asked.length;
    const { port } = server.address() as AddressInfo;
    const { AGENT_SECRET: signingSecret } = ENV;
    await using closed = await startTestGateway({
      agent: {
        runtime: "webhook",
        baseUrl: undefined,
        model: undefined,
        url: `http://localhost:${port}/`,
        signingSecret,
      },
    });
    const { conversation } = await closed.simulator.say({ from: "Eve", text: "hello" });
    await closed.simulator.waitFor(({ text }) => text.includes("AGENT_006"), { conversation });
    expect(asked).toHaveLength(before);
  });
});
