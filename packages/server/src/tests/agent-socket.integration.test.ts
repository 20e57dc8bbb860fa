/** Agents that connect by themselves, at a whole gateway: turns there, answers back, and what happens when a line falls. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentAddress, type ConnectedAgent, connectAgent } from "../test-support/connected-agent.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { newTenant } from "../test-support/people.ts";
import { TestClock } from "../test-support/test-clock.ts";

const AGENT = { id: "main", runtime: "websocket", answerLaterMs: 900_000 };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    clock: new TestClock(20),
    agent: "echo",
    config: { agents: [AGENT, { id: "other" }], identity: { enabled: true }, limits: { userBurst: 1_000 } },
  });
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

const say = async (from: string, text: string) => (await gateway.simulator.say({ from, text })).conversation;
const shown = (conversation: Awaited<ReturnType<typeof say>>, text: string) =>
  gateway.simulator.waitFor((message) => message.text === text, { conversation });

describe("TEN-6 an agent that is connected", () => {
  let agent: ConnectedAgent;
  beforeAll(async () => {
    agent = await connectAgent(gateway, { turns: 10 });
  });
  afterAll(() => agent[Symbol.asyncDispose]());

  it("TEN-6 is given a turn as a CloudEvent; its text, thoughts, tools and buttons come back", async () => {
    const conversation = await say("Ann", "walrus");
    const { event, run } = await agent.turn("walrus");
    expect(event).toMatchObject({
      specversion: "1.0",
      type: "switchboard.turn.requested",
      subject: event.data.session.key,
      data: { tenant: "default", agent: "main", conversation: { channel: gateway.platform.id, id: conversation } },
    });
    agent.say({ type: "thinking", run, delta: "hm" });
    agent.say({ type: "tool", run, phase: "start", id: "1", name: "look", value: { at: "walrus" } });
    agent.say({ type: "tool", run, phase: "result", id: "1", name: "look", value: "big" });
    agent.say({ type: "text", run, delta: "A big " });
    agent.say({ type: "text", run, delta: "animal" });
    agent.say({ type: "done", run, answer: { text: "ignored", buttons: [{ label: "More" }], state: "7" } });
    await shown(conversation, "A big animal");
    await say("Ann", "again");
    const next = await agent.turn("again");
    expect(next.event.data.history.map(({ text }) => text)).toEqual(["walrus", "A big animal"]);
    expect(next.event.data.state).toBe("7");
    agent.say({ type: "done", run: next.run, answer: { text: "yes, again" } });
    await shown(conversation, "yes, again");
  });

  it("TEN-6 may fail: for good, and so that it is asked again under the same id", async () => {
    const conversation = await say("Bob", "fail once");
    const first = await agent.turn("fail once");
    agent.say({ type: "error", run: first.run, retryable: true });
    const second = await agent.turn("fail once");
    expect(second.event.id).toBe(first.event.id);
    expect(second.run).not.toBe(first.run);
    agent.say({ type: "error", run: second.run });
    await gateway.simulator.waitFor(({ text }) => text.includes("AGENT_001"), { conversation });
    expect(gateway.simulator.sent({ conversation })).toHaveLength(1);
  });

  it("TEN-6 is told when a run is stopped, and is not heard of it any more", async () => {
    const conversation = await say("Cas", "go on for ever");
    const { run } = await agent.turn("go on for ever");
    await say("Cas", "/stop");
    expect((await agent.next("cancel", (frame) => frame.run === run)).reason).toBe("stopped");
    agent.say({ type: "text", run, delta: "more" });
    agent.say({ type: "done", run, answer: { text: "too late" } });
    const { error } = await agent.next("problem", (frame) => frame.run === run);
    expect(error.code).toBe("REQ_002");
    await say("Cas", "next");
    const next = await agent.turn("next");
    agent.say({ type: "done", run: next.run, answer: { text: "the next answer" } });
    await shown(conversation, "the next answer");
    expect(gateway.simulator.sent({ conversation }).some(({ text }) => text?.includes("too late"))).toBe(false);
  });

  it("TEN-6 may answer later, over the line or over HTTP, once", async () => {
    for (const [from, byHttp] of [
      ["Dan", false],
      ["Eve", true],
    ] as const) {
      const conversation = await say(from, `think, ${from}`);
      const { event, run } = await agent.turn(`think, ${from}`);
      agent.say({ type: "later", run });
      const { token = "", url = "" } = event.data.reply ?? {};
      const bring = async (id: string, text: string) => {
        if (byHttp) {
          const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
          const { status } = await fetch(url, { method: "POST", headers, body: JSON.stringify({ text }) });
          return status === 425 ? undefined : status < 300;
        }
        agent.say({ type: "answer", id, token, answer: { text } });
        const result = await agent.next("result", (frame) => frame.id === id);
        return !result.ok && result.error.code === "SYS_001" ? undefined : result.ok;
      };
      let tries = 0;
      const taken = () => bring(`${from} ${++tries}`, "thought about it").then((ok) => ok && { ok });
      await eventually(taken, { what: "the answer is taken" });
      await shown(conversation, "thought about it");
      expect(await bring(`${from} other`, "something else")).toBe(false);
    }
  });

  it("TEN-6 sends by itself, once for each key, and only where its tenant has a conversation", async () => {
    const conversation = await say("Fay", "remind me");
    const { event, run } = await agent.turn("remind me");
    agent.say({ type: "done", run, answer: { text: "I will" } });
    await shown(conversation, "I will");
    const { key } = event.data.session;
    for (const id of ["one", "two"]) {
      agent.say({ type: "send", id, conversation: key, text: "you wanted this", idempotencyKey: "fay 1" });
      expect(await agent.next("result", (frame) => frame.id === id)).toMatchObject({ ok: true });
    }
    expect(gateway.simulator.sent({ conversation }).filter(({ text }) => text === "you wanted this")).toHaveLength(1);
    agent.say({ type: "send", id: "three", conversation: "agent:x", text: "hello", idempotencyKey: "fay 2" });
    const refused = await agent.next("result", ({ id }) => id === "three");
    expect(refused).toMatchObject({ ok: false, error: { code: "REQ_002" } });
  });

  it("TEN-6 whose last word cannot be read is told why, and so is the person; the line stays", async () => {
    const conversation = await say("Gus", "garble");
    const { run } = await agent.turn("garble");
    agent.socket.send(JSON.stringify({ type: "done", run, answer: { text: 5 } }));
    const { error } = await agent.next("problem", (frame) => frame.run === run);
    expect(error).toMatchObject({ code: "REQ_001", message: expect.stringContaining("answer.text") });
    await gateway.simulator.waitFor(({ text }) => text.includes("AGENT_004"), { conversation });
    expect(agent.ended).toBeUndefined();
  });
});

describe("TEN-6 lines that fall", () => {
  it("TEN-6 what the agent had in hand goes to another one under the same id, and is answered once", async () => {
    await using first = await connectAgent(gateway);
    const conversation = await say("Hal", "who has it");
    const lost = await first.turn("who has it");
    first.say({ type: "text", run: lost.run, delta: "I was ab" });
    await using second = await connectAgent(gateway);
    first.socket.terminate();
    const again = await second.turn("who has it");
    expect(again.event.id).toBe(lost.event.id);
    second.say({ type: "done", run: again.run, answer: { text: "the second one" } });
    await shown(conversation, "the second one");
    expect(gateway.simulator.sent({ conversation })).toHaveLength(1);
  });

  it("TEN-6 several lines of one agent share the load", async () => {
    await using one = await connectAgent(gateway, { turns: 2 });
    await using two = await connectAgent(gateway, { turns: 2 });
    const people = ["Ida", "Jon", "Kim", "Lea"];
    await Promise.all(people.map((from) => say(from, "all at once")));
    const turns = (agent: ConnectedAgent) => agent.heard.filter(({ type }) => type === "turn");
    await eventually(() => turns(one).length + turns(two).length === 4, { what: "four turns" });
    expect([turns(one).length, turns(two).length]).toEqual([2, 2]);
    for (const agent of [one, two]) {
      for (const frame of turns(agent)) {
        if (frame.type === "turn") agent.say({ type: "done", run: frame.run, answer: { text: "shared" } });
      }
    }
    await eventually(() => gateway.simulator.sent({}).filter(({ text }) => text === "shared").length === 4);
  });
});

describe("TEN-6 turns that wait for their agent", () => {
  const waiting = () =>
    gateway.log.lines.filter(({ message }) => message.startsWith("a turn waits for its agent")).length;

  it("TEN-6 because nobody is connected: they begin when somebody comes", async () => {
    const before = waiting();
    const conversation = await say("Nat", "is anybody there");
    await eventually(() => waiting() > before, { what: "the turn waits" });
    await using agent = await connectAgent(gateway);
    const { event, run } = await agent.turn("is anybody there");
    const { steps } = await gateway.request("trace.get", { id: event.data.turn });
    expect(steps.map(({ step }) => step)).toContain("waiting-for-agent");
    agent.say({ type: "done", run, answer: { text: "now I am" } });
    await shown(conversation, "now I am");
    expect(gateway.simulator.sent({ conversation })).toHaveLength(1);
  });

  it("OPS-4 TEN-6 the status says whether it is connected, and so do the figures", async () => {
    const line = (problems: readonly string[]) => problems.some((each) => each.startsWith("agent main: not connected"));
    const absent = await gateway.request("status", {});
    expect(absent.agents).toEqual([{ id: "main", connections: 0 }]);
    expect(line(absent.problems)).toBe(true);
    await using _agent = await connectAgent(gateway);
    const present = await gateway.request("status", {});
    expect(present.agents).toEqual([{ id: "main", connections: 1 }]);
    expect(line(present.problems)).toBe(false);
    expect(await metric(gateway, "agent_connections", { agent: "main" })).toBe(1);
  });

  it("TEN-6 because it has as many as it takes: one after the other, and none is asked twice", async () => {
    await using agent = await connectAgent(gateway, { turns: 1 });
    const people = ["Ola", "Pam", "Quy"];
    const conversations = await Promise.all(people.map((from) => say(from, `from ${from}`)));
    const seen: string[] = [];
    for (let count = 0; count < people.length; count += 1) {
      const { event, run } = await agent.next("turn");
      seen.push(event.data.messages[0]?.text ?? "");
      agent.say({ type: "done", run, answer: { text: "your turn" } });
    }
    for (const conversation of conversations) await shown(conversation, "your turn");
    expect(seen.sort()).toEqual(people.map((from) => `from ${from}`));
  });

  it("TEN-6 of one that takes no more go to another line, and it may take some again", async () => {
    await using ending = await connectAgent(gateway, { turns: 3 });
    ending.say({ type: "ready", agent: "main", turns: 0 });
    await ending.next("ready");
    const before = waiting();
    const conversation = await say("Rio", "not to the first");
    await eventually(() => waiting() > before, { what: "the turn waits" });
    ending.say({ type: "ready", agent: "main", turns: 1 });
    const { run } = await ending.turn("not to the first");
    ending.say({ type: "done", run, answer: { text: "back again" } });
    await shown(conversation, "back again");
  });

  it("TEN-6 are given up at the end of their time: the person is told, and it is a dead letter", async () => {
    await gateway.restart({ agents: [{ ...AGENT, waitMs: 5_000 }, { id: "other" }] });
    const conversation = await say("Sue", "nobody comes");
    await gateway.simulator.waitFor(({ text }) => text.includes("AGENT_009"), { conversation });
    const { deadLetters } = await gateway.request("deadLetters.list", { kind: "turn" });
    expect(deadLetters.some(({ preview }) => preview === "nobody comes")).toBe(true);
    await gateway.restart({ agents: [AGENT, { id: "other" }] });
  });
});

describe("TEN-6 frames that make no sense", () => {
  it("TEN-6 are answered with what is wrong; ten in a row end the line", async () => {
    await using agent = await connectAgent(gateway, false);
    const bad = [
      "hello",
      "[]",
      "null",
      '{"type":"dance"}',
      '{"type":"text","run":"run_1","delta":"x"}',
      '{"type":"ready"}',
      '{"type":"ready","agent":"nobody"}',
      '{"type":"ready","agent":"other"}',
      `${"[".repeat(500)}${"]".repeat(500)}`,
      Buffer.from([0xff, 0x00]),
    ];
    for (const frame of bad) {
      agent.socket.send(frame);
      expect((await agent.next("problem")).error.code).toBe("REQ_001");
    }
    expect(await agent.closed()).toMatchObject({ code: 1008, reason: expect.stringContaining("no sense") });
  });
});

describe("TEN-6 who may connect", () => {
  const newKey = async (scopes: readonly string[]) => {
    const headers = { authorization: `Bearer ${gateway.token}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: "agent", scopes });
    const response = await fetch(`${gateway.url}/api/v1/keys`, { method: "POST", headers, body });
    return (await response.json()) as { key: { id: string }; secret: string };
  };
  const connect = (token: string) => connectAgent({ url: gateway.url, token });

  it("TEN-6 nobody without a key, with a wrong one, with one that has not the scope, and no page", async () => {
    const { secret } = await newKey(["messages:write"]);
    await expect(connect("swb_wrong")).rejects.toThrow("401");
    await expect(connect("")).rejects.toThrow("401");
    await expect(connect(secret)).rejects.toThrow("403");
    const { WebSocket } = await import("ws");
    const refused = (headers: Record<string, string>) =>
      new Promise((resolve) => {
        const page = new WebSocket(agentAddress(gateway.url), { headers });
        page.on("error", () => {});
        page.on("open", () => resolve(101));
        page.on("unexpected-response", (_, response) => resolve(response.statusCode));
      });
    const authorization = `Bearer ${gateway.token}`;
    expect(await refused({ authorization, origin: "https://example.com" })).toBe(403);
    // A browser adds the cookie to what any page of this host opens.
    const session = await fetch(`${gateway.url}/session`, { method: "POST", headers: { authorization } });
    const cookie = session.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect(await refused({ cookie, origin: gateway.url })).toBe(401);
    expect(await refused({ cookie })).toBe(401);
  });

  it("TEN-1 TEN-6 an agent of another tenant sees nothing of this one, answers nothing and says nothing here", async () => {
    await using ours = await connectAgent(gateway);
    const { owner } = await newTenant(gateway, "Others", "owner@others.example");
    const made = await owner.post("/api/v1/keys", { name: "agent", scopes: ["agents:run", "messages:write"] });
    await using theirs = await connect(String(made.body.secret));
    expect(theirs.heard[0]).toMatchObject({ type: "ready", agent: "main" });
    expect(theirs.heard[0]).not.toMatchObject({ tenant: "default" });
    const conversation = await say("Tom", "for us alone");
    const { event, run } = await ours.turn("for us alone");
    theirs.say({ type: "done", run, answer: { text: "forged" } });
    expect((await theirs.next("problem")).error.code).toBe("REQ_002");
    ours.say({ type: "later", run });
    const { key } = event.data.session;
    const { token = "" } = event.data.reply ?? {};
    theirs.say({ type: "answer", id: "1", token, answer: { text: "forged" } });
    expect(await theirs.next("result")).toMatchObject({ id: "1", ok: false, error: { code: "REQ_005" } });
    theirs.say({ type: "send", id: "2", conversation: key, text: "forged", idempotencyKey: "1" });
    expect(await theirs.next("result")).toMatchObject({ id: "2", ok: false, error: { code: "REQ_002" } });
    let tries = 0;
    await eventually(async () => {
      const id = `ours ${++tries}`;
      ours.say({ type: "answer", id, token, answer: { text: "our own" } });
      return (await ours.next("result", (frame) => frame.id === id)).ok;
    });
    await shown(conversation, "our own");
    expect(gateway.simulator.sent({ conversation })).toHaveLength(1);
    expect(theirs.heard.some(({ type }) => type === "turn")).toBe(false);
  });

  it("TEN-6 sends nothing by itself without the scope for it", async () => {
    const { secret } = await newKey(["agents:run"]);
    await using agent = await connect(secret);
    agent.say({ type: "send", id: "1", conversation: "agent:main", text: "x", idempotencyKey: "1" });
    const refused = await agent.next("result");
    expect(refused).toMatchObject({ ok: false, error: { code: "SEC_003" } });
  });

  it("A15 a key that is revoked ends its line, and what it had in hand is another's", async () => {
    const { key, secret } = await newKey(["agents:run"]);
    await using agent = await connect(secret);
    const conversation = await say("Max", "secret walrus");
    const { run } = await agent.turn("secret walrus");
    const headers = { authorization: `Bearer ${gateway.token}` };
    const revoked = await fetch(`${gateway.url}/api/v1/keys/${key.id}`, { method: "DELETE", headers });
    expect(revoked.ok).toBe(true);
    agent.say({ type: "done", run, answer: { text: "said by a thief" } });
    expect((await agent.closed()).code).toBe(4001);
    await using other = await connectAgent(gateway);
    const again = await other.turn("secret walrus");
    other.say({ type: "done", run: again.run, answer: { text: "said by the other" } });
    await shown(conversation, "said by the other");
    expect(gateway.simulator.sent({ conversation })).toHaveLength(1);
    await expect(connect(secret)).rejects.toThrow("401");
  });
});
