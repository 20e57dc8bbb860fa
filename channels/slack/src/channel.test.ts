/** The channel against the simulator, as the gateway uses both. */
import {
  type JsonObject,
  type MessageId,
  markdownContent,
  type PeerId,
  type SwitchboardError,
  textContent,
} from "@switchboard/domain";
import { channelContract } from "@switchboard/testkit/channel";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import channel from "./index.ts";
import { scene, targetOf } from "./scene.test.helper.ts";

channelContract(channel, {
  simulator: startSimulator,
  fixtures: {
    directory: new URL("../fixtures/", import.meta.url),
    self: { id: "U0BOT00001" as PeerId, username: "switchboard", displayName: "switchboard" },
    config: { botToken: "xoxb-1" },
  },
  config: { socketPauseMs: 10 },
  skip: [
    {
      reason: "Slack has no stickers, and neither places nor contacts as messages",
      tests: ["MSG-3 has recorded payloads for every type of content", "MSG-3 MSG-6 sticker"],
    },
  ],
});

const group = (simulator: { createGroup: Awaited<ReturnType<typeof startSimulator>>["createGroup"] }) =>
  simulator.createGroup({ title: "Team", people: ["Ann", "Bob"] });

describe("CH-2 threads", () => {
  it("what is said in a channel is answered in a thread, where the bot is then heard without a mention", async () => {
    await using it = await scene();
    const { conversation } = await group(it.simulator);
    const said = await it.simulator.say({ from: "Ann", conversation, text: "status?", mention: true });
    const event = await it.event("message", ({ content }) => content.text === "status?");
    expect(event).toMatchObject({ thread: said.messageId, mentions: { self: true }, conversation: { title: "team" } });
    await it.send(targetOf(event), textContent("green"));
    expect(it.simulator.sent({ conversation })).toMatchObject([{ text: "green", thread: said.messageId }]);
    await it.simulator.say({ from: "Bob", conversation, thread: event.thread as never, text: "since when?" });
    expect(await it.event("message", ({ content }) => content.text === "since when?")).toMatchObject({
      thread: said.messageId,
      mentions: { self: true },
    });
    await it.simulator.say({ from: "Bob", conversation, text: "unrelated" });
    const aside = await it.event("message", ({ content }) => content.text === "unrelated");
    expect(aside.mentions?.self).not.toBe(true);
  });

  it("the threads are remembered over a restart", async () => {
    const simulator = await startSimulator({ acknowledgeMs: 100 });
    const memory = new Map<string, string>();
    const { conversation } = await group(simulator);
    const said = await simulator.say({ from: "Ann", conversation, text: "hello" });
    {
      await using it = await scene({ simulator, memory });
      const event = await it.event("message", ({ content }) => content.text === "hello");
      await it.send(targetOf(event), textContent("hi"));
    }
    {
      await using it = await scene({ simulator, memory });
      await simulator.say({ from: "Ann", conversation, replyTo: said.messageId, text: "still there?" });
      const reply = await it.event("message", ({ content }) => content.text === "still there?");
      expect(reply.mentions?.self).toBe(true);
    }
    await simulator.close();
  });

  it("with threads: asked only what was said in a thread has one", async () => {
    await using it = await scene({ config: { threads: "asked" } });
    const { conversation } = await group(it.simulator);
    await it.simulator.say({ from: "Ann", conversation, text: "flat" });
    const event = await it.event("message", ({ content }) => content.text === "flat");
    expect(event.thread).toBeUndefined();
    expect(it.received().at(-1)?.lane).toBe(conversation);
  });
});

describe("CH-2 one message, one event", () => {
  it("a mention comes as message and as app_mention, with one key", async () => {
    await using it = await scene();
    const { conversation } = await group(it.simulator);
    await it.simulator.say({ from: "Ann", conversation, text: "twice?", mention: true });
    const keys = () =>
      it
        .received()
        .filter(({ payload }) => JSON.stringify(payload).includes("twice?"))
        .map(({ key }) => key);
    await it.until(() => keys().length === 2, "both");
    expect(new Set(keys()).size).toBe(1);
  });

  it("its own words, edits of them and its files come back, and are not stored", async () => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "hello" });
    const target = targetOf(await it.event("message"));
    const [receipt] = await it.send(target, textContent("an echo?"));
    const [part] = channel.render(textContent("an echo!"), target);
    if (!part) throw new Error("nothing rendered");
    await it.connection.edit?.(target, receipt?.messageIds[0] as MessageId, part, AbortSignal.timeout(5_000));
    it.account.blobs.set("b1", { bytes: new Uint8Array([1, 2, 3]), fileName: "a.bin" });
    const attachments = [{ kind: "document", source: { blob: "b1" }, caption: "an echo, too" } as const];
    await it.send(target, { ...textContent(""), attachments });
    await it.simulator.say({ from: "Ann", text: "an answer to that" });
    await it.event("message", ({ content }) => content.text === "an answer to that");
    await it.until(() => it.simulator.unacknowledged() === 0, "everything is acknowledged");
    expect(JSON.stringify(it.received())).not.toContain("an echo");
  });
});

describe("CH-2 answers to one person", () => {
  it("are ephemeral in channels and plain in direct messages", async () => {
    await using it = await scene();
    const { conversation } = await group(it.simulator);
    await it.simulator.say({ from: "Ann", conversation, text: "secret?", mention: true });
    const event = await it.event("message", ({ content }) => content.text === "secret?");
    await it.send({ ...targetOf(event), private: true }, textContent("only you"));
    expect(it.simulator.shownTo("Ann")).toMatchObject([{ text: "only you" }]);
    expect(it.simulator.shownTo("Bob")).toEqual([]);
    // Nobody has answered in the thread yet: Slack would not show it there.
    expect(it.simulator.shownTo("Ann")[0]).not.toHaveProperty("thread");
    await it.send(targetOf(event), textContent("for all"));
    await it.send({ ...targetOf(event), private: true }, textContent("only you again"));
    expect(it.simulator.shownTo("Ann")[1]).toMatchObject({ thread: event.thread });
  });

  it("with buttons are changed through the press", async () => {
    await using it = await scene();
    const { conversation } = await group(it.simulator);
    await it.simulator.say({ from: "Ann", conversation, text: "which?", mention: true });
    const event = await it.event("message", ({ content }) => content.text === "which?");
    const controls = [[{ kind: "button", label: "This", value: "this" } as const]];
    const [receipt] = await it.send({ ...targetOf(event), private: true }, textContent("Choose", { controls }));
    const messageId = receipt?.messageIds[0] as MessageId;
    await it.simulator.press({ from: "Ann", conversation, messageId, label: "This" });
    const { callback } = await it.event("control");
    if (callback === undefined) throw new Error("no callback");
    const [part] = channel.render(textContent("Chosen"), targetOf(event));
    if (!part) throw new Error("nothing rendered");
    await it.connection.edit?.({ ...targetOf(event), callback }, messageId, part, AbortSignal.timeout(5_000));
    expect(it.simulator.shownTo("Ann")).toMatchObject([{ text: "Chosen" }]);
  });

  it("ACC-3 one that was answered in a thread is pressed as that thread's, with its own id", async () => {
    await using it = await scene();
    const { conversation } = await group(it.simulator);
    const controls = [[{ kind: "button", label: "This", value: "this" } as const]];
    const [receipt] = await it.send({ conversation, kind: "group" }, textContent("Choose", { controls }));
    const messageId = receipt?.messageIds[0] as MessageId;
    await it.simulator.press({ from: "Ann", conversation, messageId, label: "This" });
    expect((await it.event("control")).thread).toBeUndefined();
    await it.simulator.say({ from: "Ann", conversation, thread: messageId as never, text: "who is that?" });
    await it.simulator.press({ from: "Ann", conversation, messageId, label: "This" });
    const later = await it.event("control", ({ thread }) => thread !== undefined);
    expect([later.thread, later.messageId]).toEqual([messageId, messageId]);
  });

  it("go through the command where the bot is not", async () => {
    await using it = await scene();
    const { conversation } = await group(it.simulator);
    await it.simulator.removeBot(conversation);
    await it.simulator.command({ from: "Ann", conversation, line: "/switchboard status" });
    const event = await it.event("command");
    expect(event).toMatchObject({ name: "status", sender: { displayName: "Ann" } });
    const { callback } = event;
    if (callback === undefined) throw new Error("no callback");
    await it.send({ ...targetOf(event), callback, private: true }, textContent("fine"));
    expect(it.simulator.shownTo("Ann").map(({ text }) => text)).toEqual(["fine"]);
  });
});

describe("CH-2 forms and the Home tab", () => {
  it("the app's command alone asks for the rest in a form, which comes back as the command", async () => {
    await using it = await scene();
    await it.simulator.command({ from: "Ann", line: "/switchboard" });
    await it.until(() => it.simulator.openForms("Ann").length > 0, "a form");
    await it.simulator.submit({
      from: "Ann",
      form: it.simulator.openForms("Ann")[0] ?? "",
      values: { "name/name": "status", "text/text": "now" },
    });
    expect(await it.event("command")).toMatchObject({ name: "status", text: "now", conversation: { kind: "direct" } });
  });

  it("the Home tab says that the bot is there and what it can do", async () => {
    await using it = await scene();
    await it.simulator.openHome("Ann");
    await it.until(() => it.simulator.home("Ann") !== undefined, "a view");
    expect(JSON.stringify(it.simulator.home("Ann"))).toContain("status");
  });
});

describe("Q-6 sends whose answer was lost", () => {
  it("are found again by what they carry, in threads too, and only those", async () => {
    await using it = await scene();
    const { conversation } = await group(it.simulator);
    await it.simulator.say({ from: "Ann", conversation, text: "x", mention: true });
    const target = targetOf(await it.event("message"));
    const [part] = channel.render(textContent("did it?"), target);
    if (!part) throw new Error("nothing rendered");
    const startedAt = Date.now();
    const signal = AbortSignal.timeout(5_000);
    it.simulator.inject({ on: "send", kind: "cut-after", times: 1 });
    const attempt = { deliveryId: "dlv_lost", number: 1, kind: "answer", signal } as const;
    await expect(it.connection.send(target, part, attempt)).rejects.toMatchObject({ delivered: "unknown" });
    const [sent] = it.simulator.sent({ conversation });
    const found = await it.connection.reconcile?.(target, part, { deliveryId: "dlv_lost", startedAt }, signal);
    expect(found).toEqual({ arrived: { messageIds: [sent?.id] } });
    const other = await it.connection.reconcile?.(target, part, { deliveryId: "dlv_other", startedAt }, signal);
    expect(other).toEqual({ arrived: false });
  });

  it("cannot be told where the bot may not read", async () => {
    await using it = await scene({ simulated: { scopes: ["chat:write"] } });
    const { conversation } = await group(it.simulator);
    const target = { conversation, kind: "group" } as const;
    const [part] = channel.render(textContent("x"), target);
    if (!part) throw new Error("nothing rendered");
    const asked = { deliveryId: "dlv_1", startedAt: Date.now() };
    expect(await it.connection.reconcile?.(target, part, asked, AbortSignal.timeout(5_000))).toBeUndefined();
  });
});

describe("MSG-6 files", () => {
  it("are shown with their words, and can be removed", async () => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "hello" });
    const target = targetOf(await it.event("message"));
    it.account.blobs.set("b1", { bytes: new Uint8Array([1, 2, 3]), fileName: "a.bin" });
    const attachments = [{ kind: "document", source: { blob: "b1" }, caption: "three <bytes>" } as const];
    const [receipt] = await it.send(target, { ...markdownContent("after"), attachments });
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["three <bytes>", "after"]);
    const [id] = receipt?.messageIds ?? [];
    await it.connection.remove?.(target, id as MessageId, AbortSignal.timeout(5_000));
    expect(it.simulator.sent()[0]?.deleted).toBe(true);
  });

  it("are fetched from Slack's addresses only, so that the token goes nowhere else", async () => {
    await using it = await scene();
    for (const url of [
      "https://evil.example/x",
      "http://files.slack.com/x",
      "https://files.slack.com.evil.example/x",
      "https://u@files.slack.com/x",
    ]) {
      const download = it.connection.download?.({ fileId: "F1", url }, AbortSignal.timeout(5_000));
      await expect(download, url).rejects.toMatchObject({ code: "REQ_001" });
    }
  });

  it("that the bot may not read are told as that", async () => {
    await using it = await scene({ simulated: { scopes: ["chat:write"] } });
    const bytes = new Uint8Array([1]);
    await it.simulator.say({ from: "Ann", text: "look", attach: { kind: "document", bytes } });
    const event = await it.event("message");
    const ref = event.content.attachments?.[0]?.ref ?? null;
    await expect(it.connection.download?.(ref, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: "REQ_002",
      message: expect.stringContaining("files:read"),
    });
  });
});

describe("CH-2 reactions of the bot", () => {
  it("are one to a message: set, exchanged and taken back; its own are not stored", async () => {
    await using it = await scene();
    const { messageId } = await it.simulator.say({ from: "Ann", text: "well?" });
    const target = targetOf(await it.event("message"));
    const react = (emoji?: string) =>
      it.connection.react?.(target, messageId, emoji, AbortSignal.timeout(5_000)) ?? Promise.resolve();
    const reactions = () => it.simulator.ownReactions({ conversation: target.conversation, messageId });
    await react("👍🏽");
    await react("👍🏽");
    expect(reactions()).toEqual(["👍🏽"]);
    await react(":eyes:");
    expect(reactions()).toEqual(["👀"]);
    await react();
    await react();
    expect(reactions()).toEqual([]);
    await expect(react("🪿")).rejects.toMatchObject({ code: "MSG_008" });
    await expect(react(":nowhere-known:")).rejects.toMatchObject({ code: "MSG_008" });
    await it.until(() => it.simulator.unacknowledged() === 0, "everything is acknowledged");
    expect(it.events().filter(({ kind }) => kind === "reaction")).toEqual([]);
  });
});

describe("CRED-2 the token is gone", () => {
  it("an uninstalled app ends the connection with the reason", async () => {
    await using it = await scene();
    it.simulator.uninstall();
    const error = (await it.account.lost) as SwitchboardError;
    expect(error).toMatchObject({ code: "CONN_002", retryable: false, scope: "account" });
  });

  it("that the app was uninstalled in another workspace ends nothing", async () => {
    await using it = await scene();
    let lost = false;
    void it.account.lost.then(() => {
      lost = true;
    });
    const told = (event: JsonObject) => ({ type: "event_callback", team_id: "T0ELSEWHERE", event });
    for (const event of [{ type: "app_uninstalled" }, { type: "tokens_revoked", tokens: { bot: ["U0ELSE0001"] } }]) {
      await it.connection.stored?.(channel.unbundle(told(event), it.account.reader()));
    }
    await it.simulator.say({ from: "Ann", text: "still there?" });
    await it.event("message", ({ content }) => content.text === "still there?");
    expect(lost).toBe(false);
  });

  it("that the app was uninstalled somewhere ends nothing before the bot is known", async () => {
    await using it = await scene();
    const { account } = it;
    let lost = 0;
    const context = { ...account.context, lost: () => void lost++ };
    const connection = await channel.open(context as Parameters<typeof channel.open>[0]);
    const told = (event: JsonObject) => ({ type: "event_callback", team_id: "T0ELSEWHERE", event });
    for (const event of [{ type: "app_uninstalled" }, { type: "tokens_revoked", tokens: { bot: ["U0ELSE0001"] } }]) {
      await connection.stored?.(channel.unbundle(told(event), account.reader()));
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(lost).toBe(0);
  });

  it("what is said in another workspace, to its own bot, is not for this account", async () => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "hello" });
    await it.event("message");
    const { payload, ...raw } = it.received()[0] ?? expect.unreachable();
    const self = { id: "U0BOT00001" as PeerId };
    const to = (user_id: string) => {
      const elsewhere = { ...(payload as JsonObject), authorizations: [{ user_id, is_bot: true }] };
      return channel.normalise({ ...raw, payload: elsewhere }, it.account.reader(self));
    };
    expect([...to(self.id), ...to("U0ELSE0001")]).toMatchObject([
      { kind: "message" },
      { kind: "unsupported", what: "message of another workspace" },
    ]);
  });
});
