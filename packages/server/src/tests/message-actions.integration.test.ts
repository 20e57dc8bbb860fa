import { DEFAULT_TENANT, SwitchboardError } from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MethodDeps } from "../methods/deps.ts";
import { messageActionMethods } from "../methods/message-actions.ts";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { scriptedAgent } from "../test-support/scripted-agent.ts";
import { scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

type Action = Params<"message.action">;

let count = 0;

describe("acting on messages", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  function act(
    action: string,
    params: Action["params"],
    more: Partial<Action> = {},
  ): Promise<Result<"message.action">> {
    count += 1;
    const channel = gateway.platform.id;
    return gateway.request("message.action", { channel, action, params, idempotencyKey: `action-${count}`, ...more });
  }

  /** A conversation in which the gateway said something. */
  async function conversationWith(from: string) {
    const { simulator } = gateway;
    const { conversation } = await simulator.say({ from, text: `I am ${from}` });
    await simulator.waitFor(({ text }) => text === `I am ${from}`, { conversation });
    return {
      to: conversation,
      texts: () => simulator.sent({ conversation }).flatMap((message) => (message.deleted ? [] : [message.text])),
    };
  }

  const audited = async (action: string) =>
    (await gateway.request("auditLog.list", { action })).entries.map(
      ({ detail }) => (detail as { message: string }).message,
    );

  it("MSG-1 DEV-10 send is what the method send does, once for each key", async () => {
    const { to, texts } = await conversationWith("Ada");
    const params = { to, message: "**hello**" };
    const sent = await act("send", params, { idempotencyKey: "send-1" });
    expect(sent).toMatchObject({ ok: true, action: "send", channel: gateway.platform.id, chatId: to, state: "sent" });
    expect(await act("send", params, { idempotencyKey: "send-1" })).toEqual(sent);
    const other = act("send", { ...params, message: "other" }, { idempotencyKey: "send-1" });
    await expect(other).rejects.toMatchObject({ code: "REQ_001", message: expect.stringContaining("already bound") });
    expect(texts()).toEqual(["I am Ada", "hello"]);
    // It is no repetition of a `send` under the same key.
    await gateway.request("send", { to, channel: gateway.platform.id, message: "hello", idempotencyKey: "send-1" });
    expect(texts()).toEqual(["I am Ada", "hello", "hello"]);
    await gateway.restart();
    expect(await act("send", params, { idempotencyKey: "send-1" })).toMatchObject({ messageId: sent.messageId });
    expect(texts()).toHaveLength(3);
  });

  it("MSG-1 DEV-10 the channel may stand before the address, as the openclaw command writes it", async () => {
    const { to, texts } = await conversationWith("Amy");
    const sent = await act("send", { to: `${gateway.platform.id}:${to}`, message: "hello" });
    expect(sent).toMatchObject({ ok: true, chatId: to });
    expect(texts()).toEqual(["I am Amy", "hello"]);
  });

  it("MSG-1 edit changes what was sent from here, and is audited", async () => {
    const { to, texts } = await conversationWith("Bea");
    const { messageId } = await act("send", { to, message: "wrong" });
    const edited = await act("edit", { to, messageId, message: "right" });
    expect(edited).toEqual({
      ok: true,
      action: "edit",
      channel: gateway.platform.id,
      accountId: "default",
      messageId,
      chatId: to,
    });
    expect(texts()).toEqual(["I am Bea", "right"]);
    expect(await audited("message.edited")).toEqual([messageId]);
    await expect(act("edit", { to, messageId, message: "x".repeat(20_000) })).rejects.toMatchObject({
      code: "MSG_003",
    });
    expect(texts()).toEqual(["I am Bea", "right"]);
  });

  it("MSG-1 delete removes what was sent from here, and is audited", async () => {
    const { to, texts } = await conversationWith("Cleo");
    const { messageId } = await act("send", { to, message: "too much" });
    expect(await act("delete", { to, messageId })).toMatchObject({ ok: true, action: "delete", messageId });
    expect(texts()).toEqual(["I am Cleo"]);
    expect(await audited("message.deleted")).toEqual([messageId]);
  });

  it("SEC-3 reaches no message that did not go out from here", async () => {
    const [mine, other] = [await conversationWith("Dora"), await conversationWith("Eve")];
    const { messageId } = await act("send", { to: mine.to, message: "Dora's" });
    const foreign = [
      { to: other.to, messageId },
      { to: mine.to, messageId: "999999" },
      { to: mine.to, messageId: 1 },
    ];
    for (const params of foreign) {
      await expect(act("delete", params)).rejects.toMatchObject({ code: "REQ_002" });
      await expect(act("edit", { ...params, message: "mine now" })).rejects.toMatchObject({ code: "REQ_002" });
    }
    expect(mine.texts()).toEqual(["I am Dora", "Dora's"]);
    expect(other.texts()).toEqual(["I am Eve"]);
  });

  it("MSG-1 react sets the account's reaction, or takes it back, and is audited", async () => {
    const reactions: unknown[] = [];
    const platform = scriptedPlatform({ reactions: { in: false, out: true } });
    platform.script.react = async (target, message, emoji) =>
      void reactions.push([target.conversation, message, emoji]);
    await using test = await startTestEngine({ platform, clock: new TestClock(20), agents: scriptedAgent() });
    await test.put("a");
    await eventually(() => test.engine.accounts.get(test.ref("a"))?.connection !== undefined);
    const methods = messageActionMethods({ engine: test.engine } as MethodDeps);
    const react = (params: Action["params"]) =>
      methods["message.action"]?.(
        { channel: "scripted", accountId: "a", action: "react", params, idempotencyKey: "k" } as never,
        { tenant: DEFAULT_TENANT, actor: "operator" } as never,
      );
    const to = "Ada";
    expect(await react({ to, messageId: "1", emoji: "👍" })).toMatchObject({ action: "react", messageId: "1" });
    await react({ to, messageId: "1", remove: true });
    expect(reactions).toEqual([
      [to, "1", "👍"],
      [to, "1", undefined],
    ]);
    await expect(react({ to, messageId: "1" })).rejects.toMatchObject({ message: "params.emoji is missing." });
    const { rows } = await test.store.audit.list(DEFAULT_TENANT, { action: "message.reaction" });
    expect(rows).toHaveLength(2);
  });

  it("DEV-10 says that a channel cannot do it, or that there is no connection, whichever lasts", async () => {
    for (const [out, code] of [
      [false, "MSG_008"],
      [true, "CONN_001"],
    ] as const) {
      const platform = scriptedPlatform({ reactions: { in: false, out } });
      platform.script.connect = () => Promise.reject(new SwitchboardError("CONN_001", "not today"));
      platform.script.react = async () => {};
      await using test = await startTestEngine({ platform, clock: new TestClock(20), agents: scriptedAgent() });
      await test.put("a");
      const methods = messageActionMethods({ engine: test.engine } as MethodDeps);
      const asked = (action: string, params: Action["params"]) =>
        methods["message.action"]?.(
          { channel: "scripted", accountId: "a", action, params: { to: "Ada", messageId: "1", ...params } } as never,
          { tenant: DEFAULT_TENANT, actor: "operator" } as never,
        );
      await expect(asked("react", { emoji: "👍" })).rejects.toMatchObject({ code });
      await expect(asked("delete", {})).rejects.toMatchObject({ code: "MSG_008" });
      await expect(asked("edit", { message: "x" })).rejects.toMatchObject({ code: "MSG_008" });
    }
  });

  it("DEV-10 refuses clearly what a channel cannot do and what makes no sense", async () => {
    const { to } = await conversationWith("Fay");
    const { messageId } = await act("send", { to, message: "hello" });
    const label = gateway.platform.channel.label;
    const wrong: [string, Action["params"], Partial<Action>, object][] = [
      [
        "react",
        { to, messageId, emoji: "👍" },
        {},
        { code: "MSG_008", message: `${label} cannot be sent reactions from here.` },
      ],
      ["poll", { to, question: "?" }, {}, { code: "MSG_008", message: `${label} cannot be sent polls from here.` }],
      ["dance", {}, {}, { code: "REQ_001", message: expect.stringContaining("send, edit, delete") }],
      ["send", { to }, {}, { code: "REQ_001", message: "Give a message or a file." }],
      ["send", { message: "x" }, {}, { code: "REQ_001", message: "params.to is missing." }],
      ["send", { to, message: 7 }, {}, { code: "REQ_001" }],
      ["send", { to, message: "<b>x</b>", parseMode: "HTML" }, {}, { code: "MSG_008" }],
      ["edit", { to, messageId }, {}, { code: "REQ_001", message: "params.message is missing." }],
      ["delete", { to }, {}, { code: "REQ_001", message: "params.messageId is missing." }],
      [
        "delete",
        { to, messageId },
        { channel: "webchat" },
        { code: "REQ_001", message: expect.stringContaining("WebChat") },
      ],
      ["delete", { to, messageId }, { channel: "nowhere" }, { code: "CFG_003" }],
      ["delete", { to, messageId }, { accountId: "nobody" }, { code: "CFG_003" }],
    ];
    for (const [action, params, more, error] of wrong) {
      await expect(act(action, params, more), JSON.stringify([action, params, more])).rejects.toMatchObject({
        ...error,
        details: { gatewayCode: "INVALID_REQUEST" },
      });
    }
  });

  it("DEV-10 a refused action binds nothing: put right, it works under the same key", async () => {
    const { to, texts } = await conversationWith("Gus");
    await expect(act("send", { to }, { idempotencyKey: "again" })).rejects.toMatchObject({ code: "REQ_001" });
    await act("send", { to, message: "now" }, { idempotencyKey: "again" });
    expect(texts()).toEqual(["I am Gus", "now"]);
  });

  it("DEV-10 a poll is refused by every channel, and wrong ones before that", async () => {
    const { to } = await conversationWith("Hal");
    const poll = (params: object) =>
      gateway.request("poll", { to, question: "Tea?", options: ["yes", "no"], idempotencyKey: "poll", ...params });
    await expect(poll({})).rejects.toMatchObject({ code: "MSG_008", message: expect.stringContaining("polls") });
    await expect(poll({ options: ["yes"] })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(poll({ options: Array(13).fill("x") })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(poll({ durationSeconds: 604_801 })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(poll({ channel: "webchat" })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(poll({ to: "" })).rejects.toMatchObject({ code: "REQ_001" });
  });
});
