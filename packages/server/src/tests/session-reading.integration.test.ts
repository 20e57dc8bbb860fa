import { SwitchboardError } from "@switchboard/domain";
import type { HistoryAnswer, Params } from "@switchboard/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { fits } from "../test-support/oracle.ts";

const MAIN = "agent:main:webchat:default:direct:main";
const keyOf = (name: string) => `agent:main:webchat:default:direct:${name}`;

describe("reading sessions", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const agents = [{ id: "second", name: "Second", runtime: "echo", model: "other" }];
    gateway = await startTestGateway({ config: { channels: {} } });
    await gateway.restart({
      agents: [
        {
          id: "main",
          name: "First",
          runtime: "openai",
          model: "test-model",
          models: ["big-model"],
          baseUrl: gateway.model.baseUrl,
          tools: false,
        },
        ...agents,
      ],
    });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  async function say(sessionKey: string, message: string): Promise<void> {
    await gateway.request("agent", { sessionKey, message, idempotencyKey: `${sessionKey} ${message}`.slice(0, 200) });
  }

  it("DEV-1 sessions.preview shows the last words, and of each session how it is", async () => {
    const key = keyOf("preview");
    await say(key, "first question");
    await say(key, `second ${"long ".repeat(20)}`);
    await gateway.request("sessions.create", { key: keyOf("empty") });
    const keys = [key, keyOf("empty"), keyOf("nobody"), "nonsense"];
    const { previews } = await gateway.request("sessions.preview", { keys, limit: 3, maxChars: 30 });
    expect(previews.map(({ key: shown, status }) => [shown, status])).toEqual([
      [keys[0], "ok"],
      [keys[1], "empty"],
      [keys[2], "missing"],
      [keys[3], "missing"],
    ]);
    expect(previews[0]?.items).toEqual([
      { role: "assistant", text: "first question" },
      { role: "user", text: `second ${"long ".repeat(4)}lon …` },
      { role: "assistant", text: `second ${"long ".repeat(4)}lon …` },
    ]);
    await expect(gateway.request("sessions.preview", { keys: Array(65).fill(key) })).rejects.toMatchObject({
      code: "REQ_001",
    });
  });

  it("DEV-1 chat.history tells what was said since a cursor, and when it cannot", async () => {
    const sessionKey = keyOf("cursor");
    const read = async (params: Partial<Params<"chat.history">>) =>
      (await gateway.request("chat.history", { sessionKey, ...params })) as HistoryAnswer;
    const page = await read({ limit: 1 });
    expect(page).not.toHaveProperty("deltaCursor");
    await say(sessionKey, "one");
    const first = await gateway.request("chat.history", { sessionKey, limit: 1 });
    const cursor = first.deltaCursor ?? "";
    expect(await read({ cursor })).toMatchObject({ kind: "delta", messages: [] });
    expect(await gateway.request("chat.history", { sessionKey, offset: 1 })).not.toHaveProperty("deltaCursor");
    await say(sessionKey, "two");
    await say(sessionKey, "three");
    const delta = await read({ cursor });
    if (delta.kind !== "delta") throw new Error("no delta");
    expect(delta.messages).toMatchObject([
      { sessionKey, agentId: "main", messageSeq: 3, message: { role: "user", __openclaw: { seq: 3 } } },
      { messageSeq: 4, message: { role: "assistant", content: [{ type: "text", text: "two" }] } },
      { messageSeq: 5, runId: `${sessionKey} three` },
      { messageSeq: 6 },
    ]);
    expect(delta.messages.map(({ message }) => message)).toEqual(
      (await gateway.request("chat.history", { sessionKey })).messages.slice(2),
    );
    expect(delta.sessionInfo).toMatchObject({ key: sessionKey, entries: 6 });
    const later = await read({ cursor: delta.deltaCursor });
    expect(later).toMatchObject({ kind: "delta", messages: [], deltaCursor: delta.deltaCursor });
    // Where it cannot be told, the reader starts over.
    expect(await read({ cursor, maxBytes: 1_024 })).toEqual({ kind: "reset" });
    expect(await read({ cursor, sessionId: "another" })).toEqual({ kind: "reset" });
    for (const wrong of ["nonsense", Buffer.from("[1,2,3,4]").toString("base64url")]) {
      expect(await read({ cursor: wrong })).toEqual({ kind: "reset" });
    }
    await expect(read({ cursor, offset: 1 })).rejects.toMatchObject({ code: "REQ_001" });
    await gateway.request("sessions.compact", { key: sessionKey, maxLines: 2 });
    expect(await read({ cursor: delta.deltaCursor })).toEqual({ kind: "reset" });
    const short = await gateway.request("chat.history", { sessionKey });
    await gateway.request("sessions.reset", { key: sessionKey });
    expect(await read({ cursor: short.deltaCursor ?? "" })).toEqual({ kind: "reset" });
  });

  it("DEV-1 a repeated chat.send whose answer is there says where the message stands", async () => {
    const params = { sessionKey: keyOf("place"), message: "hello", idempotencyKey: "place-1" };
    expect(await gateway.request("chat.send", params)).toEqual({ runId: "place-1", status: "started" });
    await gateway.request("agent.wait", { runId: "place-1" });
    await gateway.restart();
    expect(await gateway.request("chat.send", params)).toEqual({ runId: "place-1", status: "ok", messageSeq: 1 });
  });

  it("DEV-1 sessions.describe and sessions.get tell of one session, whatever way its key is written", async () => {
    await say("main", "to the main session");
    for (const key of ["main", "agent:main:main", MAIN]) {
      const { session } = await gateway.request("sessions.describe", { key });
      expect(session).toMatchObject({
        key: MAIN,
        agentId: "main",
        channel: "webchat",
        model: "test-model",
        modelProvider: "openai",
        entries: 2,
        hasActiveRun: false,
      });
      expect((await gateway.request("sessions.get", { key })).messages).toHaveLength(2);
      expect((await gateway.request("sessions.get", { sessionKey: key, limit: 1 })).messages).toMatchObject([
        { role: "assistant", __openclaw: { seq: 2 } },
      ]);
    }
    expect(await gateway.request("sessions.describe", { key: keyOf("nobody") })).toEqual({ session: null });
    expect(await gateway.request("sessions.get", { key: keyOf("nobody") })).toEqual({ messages: [] });
    await expect(gateway.request("sessions.get", {})).rejects.toMatchObject({ code: "REQ_001" });
  });

  it("DEV-1 sessions.resolve finds by key, id and label; several, none and nonsense are told apart", async () => {
    const made = await gateway.request("sessions.create", { key: keyOf("named"), label: "Named one" });
    const resolve = (params: object) => gateway.request("sessions.resolve", params);
    const found = { ok: true, key: made.key, agentId: "main" };
    for (const params of [{ key: made.key }, { sessionId: made.sessionId }, { label: "Named one" }]) {
      const answer = await resolve(params);
      expect(answer).toEqual(found);
      expect(fits("SessionsResolveResult", answer)).toEqual([]);
    }
    expect(await resolve({ key: "agent:second:main" })).toMatchObject({ ok: true, agentId: "second" });
    for (const params of [{ key: keyOf("nobody") }, { label: "nobody" }, { sessionId: "ses_0" }, { shortId: "abc" }]) {
      const missing = await resolve({ ...params, allowMissing: true });
      expect(missing).toEqual({ ok: false });
      expect(fits("SessionsResolveResult", missing)).toEqual([]);
      await expect(resolve(params)).rejects.toMatchObject({ code: "REQ_002" });
    }
    expect(await resolve({ label: "Named one", agentId: "second", allowMissing: true })).toEqual({ ok: false });
    for (const params of [{}, { key: made.key, label: "Named one" }, { key: "nonsense" }]) {
      await expect(resolve(params)).rejects.toMatchObject({ code: "REQ_001" });
    }
  });

  it("DEV-1 an agent that is not there is UNKNOWN_AGENT_ID; another agent's session is not this one's", async () => {
    const calls = [
      gateway.request("sessions.describe", { key: "agent:nobody:main" }),
      gateway.request("chat.history", { sessionKey: "main", agentId: "nobody" }),
      gateway.request("agent.identity.get", { agentId: "nobody" }),
      gateway.request("sessions.create", { agentId: "nobody" }),
      gateway.request("chat.metadata", { agentId: "nobody" }),
    ];
    for (const call of calls) {
      const error = await call.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(SwitchboardError);
      expect(error).toMatchObject({
        code: "REQ_002",
        details: { code: "UNKNOWN_AGENT_ID", gatewayCode: "INVALID_REQUEST" },
      });
    }
    const elsewhere = gateway.request("chat.history", { sessionKey: MAIN, agentId: "second" });
    await expect(elsewhere).rejects.toMatchObject({ code: "REQ_001" });
    const second = await gateway.request("chat.history", { sessionKey: "main", agentId: "second" });
    expect(second.sessionKey).toBe("agent:second:webchat:default:direct:main");
  });

  it("DEV-1 agent.identity.get names the agent, by id, by session or the default one", async () => {
    const first = { agentId: "main", name: "First", nameSource: "config", avatarStatus: "none" };
    const second = { ...first, agentId: "second", name: "Second" };
    const asked: [object, object][] = [
      [{}, first],
      [{ agentId: "second" }, second],
      [{ sessionKey: "agent:second:main" }, second],
      [{ sessionKey: "main", agentId: "second" }, second],
    ];
    for (const [params, expected] of asked) {
      const identity = await gateway.request("agent.identity.get", params);
      expect(identity).toEqual(expected);
      expect(fits("AgentIdentityResult", identity)).toEqual([]);
    }
  });

  it("CH-10 chat.startup is the history with agents, commands and models; chat.metadata the latter alone", async () => {
    const sessionKey = keyOf("startup");
    await say(sessionKey, "hello");
    await gateway.request("sessions.patch", { key: sessionKey, thinkingLevel: "low", model: "big-model" });
    const { agentsList, metadata, ...history } = await gateway.request("chat.startup", { sessionKey });
    expect(history).toEqual(await gateway.request("chat.history", { sessionKey }));
    expect(history).toMatchObject({
      completeSnapshot: true,
      defaults: { modelProvider: "openai", model: "test-model" },
      thinkingLevel: "low",
      sessionInfo: { model: "big-model", thinkingLevel: "low" },
    });
    expect(agentsList).toEqual(await gateway.request("agents.list", {}));
    expect(fits("AgentsListResult", agentsList)).toEqual([]);
    expect(fits("ModelsListResult", { models: metadata.models })).toEqual([]);
    expect(fits("CommandsListResult", { commands: metadata.commands })).toEqual([]);
    expect(metadata.models.map(({ id, provider }) => `${provider}/${id}`)).toEqual([
      "openai/test-model",
      "openai/big-model",
    ]);
    expect(metadata.commands.map(({ name }) => name)).toEqual(expect.arrayContaining(["new", "stop", "model"]));
    expect(await gateway.request("chat.metadata", { sessionKey })).toEqual({ ...metadata, agentId: "main" });
    const second = await gateway.request("chat.metadata", { agentId: "second" });
    expect(second).toMatchObject({ agentId: "second", models: [{ id: "other", provider: "echo" }] });
  });

  it("CH-10 chat.message.get gives one message whole, or says why not", async () => {
    const sessionKey = keyOf("message");
    const text = `whole ${"x".repeat(1_000)}`;
    await say(sessionKey, text);
    const { messages } = await gateway.request("chat.history", { sessionKey, maxChars: 10 });
    const id = messages[1]?.__openclaw?.id ?? "";
    const get = (params: object) => gateway.request("chat.message.get", { sessionKey, messageId: id, ...params });
    const whole = await get({});
    expect(whole).toMatchObject({ ok: true, message: { role: "assistant", content: [{ type: "text", text }] } });
    expect(fits("ChatMessageGetResult", whole)).toEqual([]);
    expect(await get({ maxChars: 100 })).toEqual({ ok: false, unavailableReason: "oversized" });
    const session = id.slice(0, id.lastIndexOf(":"));
    for (const messageId of ["x", `${session}:3`, `${session}:0`, `${session}:-1`, `${session}:1e9`, "ses_other:2"]) {
      const missing = await get({ messageId });
      expect(missing).toEqual({ ok: false, unavailableReason: "not_found" });
      expect(fits("ChatMessageGetResult", missing)).toEqual([]);
    }
    expect(await get({ sessionKey: "main" })).toEqual({ ok: false, unavailableReason: "not_found" });
  });

  it("DEV-1 chat.history keeps to a number of bytes, newest first, and says that there is more", async () => {
    const sessionKey = keyOf("bytes");
    for (const name of ["one", "two", "three"]) await say(sessionKey, `${name} ${"y".repeat(400)}`);
    const all = await gateway.request("chat.history", { sessionKey });
    expect(all).toMatchObject({ completeSnapshot: true, hasMore: false });
    const some = await gateway.request("chat.history", { sessionKey, maxBytes: 2_000 });
    expect(some.messages.length).toBeLessThan(6);
    expect(some.messages).toEqual(all.messages.slice(-some.messages.length));
    expect(some).toMatchObject({ hasMore: true, completeSnapshot: false, nextOffset: some.messages.length });
    const rest = await gateway.request("chat.history", { sessionKey, offset: some.nextOffset ?? 0 });
    expect([...rest.messages, ...some.messages]).toEqual(all.messages);
    await say(sessionKey, "z".repeat(5_000));
    expect((await gateway.request("chat.history", { sessionKey, maxBytes: 1_024 })).messages).toHaveLength(1);
  });

  it("DEV-1 sessions.list finds by label, by activity, and nothing of what is not kept here", async () => {
    await gateway.request("sessions.create", { key: keyOf("listed"), label: "Listed" });
    const keys = async (params: object) =>
      (await gateway.request("sessions.list", params)).sessions.map(({ key }) => key);
    expect(await keys({ label: "Listed" })).toEqual([keyOf("listed")]);
    expect(await keys({ search: "LISTED" })).toEqual([keyOf("listed")]);
    expect(await keys({ archived: true })).toEqual([]);
    expect(await keys({ spawnedBy: MAIN })).toEqual([]);
    expect(await keys({ archived: "all" })).toContain(keyOf("listed"));
    gateway.model.next({ type: "silence" });
    await gateway.request("chat.send", { sessionKey: keyOf("active"), message: "…", idempotencyKey: "active" });
    await eventually(async () => (await keys({ activeOnly: true })).length > 0);
    expect(await keys({ activeOnly: true })).toEqual([keyOf("active")]);
    await gateway.request("sessions.abort", { key: keyOf("active") });
  });

  it("DEV-1 sessions.subscribe gives the list along when asked for one", async () => {
    expect(await gateway.request("sessions.subscribe", {})).toEqual({ subscribed: true });
    const { list } = await gateway.request("sessions.subscribe", { limit: 1 });
    expect(list).toMatchObject({ count: 1, limitApplied: 1, hasMore: true });
  });

  it("DEV-1 a session may be watched under its short key, and answers with the long one", async () => {
    const subscribed = await gateway.request("sessions.messages.subscribe", { key: "main" });
    expect(subscribed).toEqual({ subscribed: true, key: MAIN });
    const gone = await gateway.request("sessions.messages.unsubscribe", { key: "agent:main:main" });
    expect(gone).toEqual({ subscribed: false, key: MAIN });
    await expect(gateway.request("sessions.messages.subscribe", { key: "nonsense" })).rejects.toMatchObject({
      code: "REQ_001",
    });
  });

  it("OPS-1 sessions.usage adds up by session, model, agent, channel and day, and invents no costs", async () => {
    const key = keyOf("usage");
    await say(key, "count me");
    await say("agent:second:main", "and me");
    const usage = await gateway.request("sessions.usage", {});
    const mine = usage.sessions.find((each) => each.key === key);
    expect(mine).toMatchObject({ agentId: "main", channel: "webchat", usage: { totalCost: 0, missingCostEntries: 1 } });
    expect(mine?.usage.totalTokens).toBe((mine?.usage.input ?? 0) + (mine?.usage.output ?? 0));
    expect(mine?.usage.totalTokens).toBeGreaterThan(0);
    const total = (of: readonly { readonly totals: { readonly totalTokens: number } }[]) =>
      of.reduce((sum, { totals }) => sum + totals.totalTokens, 0);
    const { aggregates, totals } = usage;
    for (const part of [aggregates.byAgent, aggregates.byChannel, aggregates.byModel]) {
      expect(total(part)).toBe(totals.totalTokens);
    }
    expect(aggregates.daily.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(totals.totalTokens);
    expect(aggregates.byAgent.map(({ agentId }) => agentId).sort()).toEqual(["main", "second"]);
    const second = await gateway.request("sessions.usage", { agentId: "second" });
    expect(second.sessions.map(({ agentId }) => agentId)).toEqual(["second"]);
    expect((await gateway.request("sessions.usage", { key })).sessions.map((each) => each.key)).toEqual([key]);
    const past = await gateway.request("sessions.usage", { startDate: "2001-02-03", endDate: "2001-02-04" });
    expect(past).toMatchObject({ startDate: "2001-02-03", endDate: "2001-02-04", sessions: [] });
    const east = { mode: "specific", utcOffset: "UTC+13:45", range: "all" } as const;
    expect((await gateway.request("sessions.usage", east)).totals.totalTokens).toBe(totals.totalTokens);
    const wrong = [
      { startDate: "2026-02-30" },
      { startDate: "2026-02-03", endDate: "2026-02-02" },
      { mode: "specific" },
      { mode: "specific", utcOffset: "UTC+15" },
    ];
    for (const params of wrong) {
      await expect(gateway.request("sessions.usage", params as object)).rejects.toMatchObject({ code: "REQ_001" });
    }
  });
});
