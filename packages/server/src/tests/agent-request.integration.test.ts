import type { EventPayload, Params, Result } from "@switchboard/protocol";
import type { Behaviour, ModelRequest } from "@switchboard/testkit/model-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byText } from "../test-support/by-text.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

type AgentEvent = EventPayload<"agent">;
type ChatEvent = EventPayload<"chat">;

function behave(request: ModelRequest): Behaviour {
  if (request.lastUserText === "refuse") return { type: "error", status: 401, message: "Incorrect API key" };
  return byText(request);
}

describe.concurrent("the agent request", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
    gateway.model.otherwise(behave);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  /** Runs an agent and writes down everything about the run in the order it came. */
  async function run(params: Omit<Params<"agent">, "sessionKey">, sessionKey?: string) {
    const heard: string[] = [];
    const agent: AgentEvent[] = [];
    const chat: ChatEvent[] = [];
    const stops = [
      gateway.client.on("agent", (event) => {
        if (event.runId !== params.idempotencyKey) return;
        agent.push(event);
        heard.push(event.stream === "lifecycle" ? `${event.data.phase}` : event.stream);
      }),
      gateway.client.on("chat", (event) => {
        if (event.runId === params.idempotencyKey) chat.push(event);
      }),
    ];
    const result: Result<"agent"> = await gateway.request(
      "agent",
      { ...params, sessionKey: sessionKey ?? `agent:main:webchat:default:direct:${params.idempotencyKey}` },
      { onAccepted: () => heard.push("accepted") },
    );
    heard.push("final");
    await eventually(() => chat.some(({ state }) => ["final", "error", "aborted"].includes(state)));
    for (const stop of stops) stop();
    return { heard, agent, chat, result };
  }

  it("AGT-3 answers at once that it is accepted, streams events in order, and then gives the final answer", async () => {
    const text = "stream 60 one two three four five six seven eight nine ten";
    const { heard, agent, chat, result } = await run({ message: text, idempotencyKey: "agt-3-stream" });
    expect(heard[0]).toBe("accepted");
    expect(heard.filter((each) => !["assistant", "accepted"].includes(each))).toEqual(["start", "end", "final"]);
    expect(heard.filter((each) => each === "assistant").length).toBeGreaterThan(1);
    expect(result).toMatchObject({
      runId: "agt-3-stream",
      status: "ok",
      summary: "completed",
      result: { payloads: [{ text }] },
    });
    const said = agent.filter(({ stream }) => stream === "assistant");
    expect(said.map(({ data }) => data.delta).join("")).toBe(text);
    expect(said.at(-1)?.data.text).toBe(text);
    expect(agent.map(({ seq }) => seq)).toEqual(agent.map((_, index) => index));
    // The same run as chat clients see it.
    expect(chat.map(({ seq }) => seq)).toEqual(chat.map((_, index) => index));
    expect(chat.map(({ state }) => state).at(-1)).toBe("final");
    const deltas = chat.flatMap((event) => (event.state === "delta" ? [event.deltaText] : []));
    expect(deltas.join("")).toBe(text);
  });

  it("AGT-3 a run that fails says so in its events and in its final answer", async () => {
    const { heard, chat, result } = await run({ message: "refuse", idempotencyKey: "agt-3-fails" });
    expect(heard.filter((each) => each !== "accepted")).toEqual(["start", "error", "final"]);
    expect(result).toMatchObject({ status: "error", summary: "failed", error: { code: "AGENT_006" } });
    expect(chat.at(-1)).toMatchObject({ state: "error", errorMessage: expect.stringContaining("AGENT_006") });
  });

  it("AGT-3 DEV-10 the same key is the same run: joined while it runs, answered from memory afterwards", async () => {
    const params = { message: "wait 300 once", idempotencyKey: "agt-3-twice", sessionKey: "main" };
    const before = gateway.model.count;
    const [first, second] = await Promise.all([gateway.request("agent", params), gateway.request("agent", params)]);
    expect(second).toEqual(first);
    expect(await gateway.request("agent", params)).toEqual(first);
    const asked = gateway.model.requests.slice(before).filter(({ lastUserText }) => lastUserText.endsWith("once"));
    expect(asked).toHaveLength(1);
    await expect(gateway.request("agent", { ...params, message: "something else" })).rejects.toMatchObject({
      code: "REQ_001",
    });
  });

  it("AGT-3 gives up waiting after its timeout; the run goes on and agent.wait tells its end", async () => {
    const params = { message: "wait 4000 slow", idempotencyKey: "agt-3-timeout", timeout: 0 };
    const sessionKey = "agent:main:webchat:default:direct:slow";
    const early = await gateway.request("agent", { ...params, sessionKey });
    expect(early).toMatchObject({ status: "timeout", stopReason: "timeout" });
    expect(await gateway.request("agent.wait", { runId: "agt-3-timeout", timeoutMs: 50 })).toMatchObject({
      status: "timeout",
    });
    expect(await gateway.request("agent.wait", { runId: "agt-3-timeout", timeoutMs: 10_000 })).toMatchObject({
      status: "ok",
      endedAt: expect.any(Number),
    });
  });

  it("AGT-3 AGT-2 speaks into a chat's session and delivers the answer there when asked to", async () => {
    const { simulator, platform } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "I am Ada" });
    await simulator.waitFor(({ text }) => text === "I am Ada", { conversation });
    const where = { channel: platform.id, to: conversation };
    const quiet = await gateway.request("agent", { ...where, message: "between us", idempotencyKey: "agt-3-quiet" });
    expect(quiet.status).toBe("ok");
    const loud = { ...where, message: "for everyone", idempotencyKey: "agt-3-loud", deliver: true };
    expect((await gateway.request("agent", loud)).status).toBe("ok");
    await simulator.waitFor(({ text }) => text === "for everyone", { conversation });
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["I am Ada", "for everyone"]);
    const asked = gateway.model.requests.find(({ lastUserText }) => lastUserText === "for everyone");
    expect(JSON.stringify(asked?.messages)).toContain("I am Ada");
  });

  it("AGT-3 TEN-6 what an operator asks between themselves and the agent stays there, whatever the person writes meanwhile", async () => {
    const { simulator, platform } = gateway;
    const { conversation } = await simulator.say({ from: "Bea", text: "wait 1500 busy" });
    const sessionKey = await eventually(() => gateway.sessionOf(conversation).catch(() => undefined));
    await eventually(() => gateway.model.requests.some(({ lastUserText }) => lastUserText === "wait 1500 busy"));
    const where = { channel: platform.id, to: conversation };
    const quiet = gateway.request("agent", { ...where, message: "is Bea creditworthy", idempotencyKey: "quiet-bea" });
    await eventually(async () => (await gateway.request("chat.history", { sessionKey })).pendingInputs.total === 2);
    await simulator.say({ from: "Bea", text: "hurry up" });
    await simulator.waitFor(({ text }) => text.endsWith("hurry up"), { conversation });
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["wait 1500 busy", "hurry up"]);
    expect(await quiet).toMatchObject({ status: "ok", result: { payloads: [{ text: "is Bea creditworthy" }] } });
  });

  it("AGT-3 puts further instructions behind the agent's own for one run, and calls the session as it is told", async () => {
    const sessionKey = "agent:main:webchat:default:direct:instructed";
    const ask = (idempotencyKey: string, more: Partial<Params<"agent">>) =>
      gateway.request("agent", { sessionKey, message: `hello ${idempotencyKey}`, idempotencyKey, ...more });
    await ask("instructed-1", { extraSystemPrompt: "Speak like a pirate.", label: "Pirates" });
    await ask("instructed-2", {});
    const prompts = ["instructed-1", "instructed-2"].map((key) => {
      const asked = gateway.model.requests.find(({ lastUserText }) => lastUserText === `hello ${key}`);
      return JSON.stringify(asked?.messages);
    });
    expect(prompts[0]).toContain("Speak like a pirate.");
    expect(prompts[1]).not.toContain("pirate");
    const found = await gateway.request("sessions.resolve", { label: "Pirates" });
    expect(found).toMatchObject({ ok: true, key: sessionKey });
    await expect(
      ask("instructed-3", { sessionKey: "agent:main:webchat:default:direct:other", label: "Pirates" }),
    ).rejects.toMatchObject({ code: "REQ_004" });
  });

  it("AGT-3 finds a session by its id, and runs nothing in another than the caller saw", async () => {
    const sessionKey = "agent:main:webchat:default:direct:by-id";
    const ask = (idempotencyKey: string, more: Partial<Params<"agent">>) =>
      gateway.request("agent", { message: idempotencyKey, idempotencyKey, ...more });
    await ask("by-id-1", { sessionKey });
    const { sessionId } = await gateway.request("chat.history", { sessionKey });
    await ask("by-id-2", { sessionId });
    await ask("by-id-3", { sessionKey, sessionId, expectedExistingSessionId: sessionId });
    const { messages } = await gateway.request("chat.history", { sessionKey });
    expect(messages.filter(({ role }) => role === "user").map(({ runId }) => runId)).toEqual([
      "by-id-1",
      "by-id-2",
      "by-id-3",
    ]);
    await expect(ask("by-id-4", { sessionId: "none" })).rejects.toMatchObject({ code: "REQ_002" });
    for (const more of [
      { sessionKey, sessionId: "old" },
      { sessionKey, expectedExistingSessionId: "old" },
    ]) {
      await expect(ask("by-id-5", more)).rejects.toMatchObject({ code: "REQ_004" });
    }
    const send = { sessionKey, message: "hello", idempotencyKey: "by-id-6" };
    await expect(gateway.request("chat.send", { ...send, sessionId: "old" })).rejects.toMatchObject({
      code: "REQ_004",
    });
    for (const more of [
      { sessionKey, to: "x" },
      { sessionKey, channel: "elsewhere" },
      { sessionKey, threadId: "7" },
    ]) {
      await expect(ask("by-id-7", more)).rejects.toMatchObject({ code: "REQ_001" });
    }
    const asked = gateway.model.requests.map(({ lastUserText }) => lastUserText);
    expect(asked.filter((text) => /^by-id-[4-7]$/.test(text))).toEqual([]);
  });

  it("DEV-1 says what it cannot do instead of leaving it out", async () => {
    const params = { sessionKey: "main", message: "hello", idempotencyKey: "not-here" };
    const ask = (more: object) => gateway.request("agent", { ...params, ...more } as Params<"agent">);
    await expect(ask({ cwd: "/tmp" })).rejects.toThrow("cwd cannot be had here");
    await expect(ask({ replyTo: "somebody" })).rejects.toThrow("own conversation");
    const toolBindings = { ...params, toolBindings: [{}] } as Params<"chat.send">;
    await expect(gateway.request("chat.send", toolBindings)).rejects.toThrow("toolBindings cannot be had here");
    // What asks for nothing, or makes no difference, is no reason to refuse.
    expect(await ask({ cwd: "", modelRun: false, lane: "nested" })).toMatchObject({ status: "ok" });
  });

  it("AGT-3 a run that is stopped while it waits answers its caller at once", async () => {
    const sessionKey = "agent:main:webchat:default:direct:stopped-in-line";
    const ask = (message: string, idempotencyKey: string) =>
      gateway.request("agent", { sessionKey, message, idempotencyKey });
    const running = ask("wait 60000 for it", "line-1");
    await eventually(() => gateway.model.requests.some(({ lastUserText }) => lastUserText === "wait 60000 for it"));
    const waiting = [ask("behind it", "line-2"), ask("and behind that", "line-3")];
    await eventually(async () => (await gateway.request("chat.history", { sessionKey })).pendingInputs.total === 3);
    const { runIds } = await gateway.request("chat.abort", { sessionKey });
    expect(runIds.toSorted()).toEqual(["line-1", "line-2", "line-3"]);
    const stopped = (stopReason: string) => ({ status: "timeout", summary: "aborted", stopReason });
    expect(await running).toMatchObject(stopped("aborted"));
    for (const each of waiting) expect(await each).toMatchObject(stopped("cancelled"));
  });

  it("MSG-6 a picture that an operator sends into a chat's session reaches the agent", async () => {
    const { simulator, platform } = gateway;
    const { conversation } = await simulator.say({ from: "Cleo", text: "I am Cleo" });
    await simulator.waitFor(({ text }) => text === "I am Cleo", { conversation });
    const content = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const attachments = [{ type: "image", mimeType: "image/png", fileName: "dot.png", content }];
    const message = "what is on this picture";
    const where = { channel: platform.id, to: conversation, deliver: true };
    const result = await gateway.request("agent", { ...where, message, attachments, idempotencyKey: "picture" });
    expect(result.status).toBe("ok");
    const asked = gateway.model.requests.findLast(({ lastUserText }) => lastUserText.includes(message));
    expect(asked?.messages.at(-1)?.images).toEqual(["image/png"]);
    await simulator.waitFor(({ text }) => text.includes(message), { conversation });
  });

  it("AGT-5 overrides the model for one run only", async () => {
    const sessionKey = "agent:main:webchat:default:direct:override";
    const ask = (message: string, model?: string) =>
      gateway.request("agent", { sessionKey, message, idempotencyKey: message, ...(model && { model }) });
    await ask("with another", "another-model");
    await ask("as before");
    const models = gateway.model.requests.filter(({ lastUserText }) =>
      ["with another", "as before"].includes(lastUserText),
    );
    expect(models.map(({ model }) => model)).toEqual(["another-model", "test-model"]);
  });

  it("AGT-3 REQ_001 REQ_002 refuses what cannot run before it is accepted", async () => {
    const refused = (params: object) =>
      gateway.request("agent", { message: "x", idempotencyKey: `bad-${JSON.stringify(params)}`, ...params });
    await expect(refused({ agentId: "nobody" })).rejects.toMatchObject({ code: "REQ_002" });
    await expect(refused({ to: "1234" })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(refused({ sessionKey: "agent:nobody:main" })).rejects.toMatchObject({ code: "REQ_002" });
    await expect(refused({ message: " " })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(refused({ channel: gateway.platform.id, to: "987654321" })).rejects.toMatchObject({ code: "REQ_002" });
  });
});
