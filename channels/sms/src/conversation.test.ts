/** What people and carriers do, against the simulator. */
import { type InboundEvent, type MessageId, markdownContent, textContent } from "@switchboard/domain";
import { webhookTarget } from "@switchboard/simulator-kit/testing";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import channel from "./index.ts";
import { smsScene, targetOf } from "./scene.test.helper.ts";

const receipts = (events: readonly InboundEvent[]) => events.filter((event) => event.kind === "receipt");

describe("CH-6 a conversation", () => {
  it("MSG-2 a message arrives with its number, its text and, from the list, its time", async () => {
    await using it = await smsScene();
    await it.connect();
    const said = await it.simulator.say({ from: "Ann Lee", text: "Hello *there*" });
    await it.until(() => it.events().length > 0, "a message");
    const [event] = it.events();
    expect(event).toMatchObject({
      kind: "message",
      messageId: said.messageId,
      conversation: { id: it.simulator.numberOf("Ann Lee"), kind: "direct" },
      sender: { id: it.simulator.numberOf("Ann Lee") },
      content: { type: "text", text: "Hello *there*" },
    });
    expect(Math.abs((event?.at ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it("MSG-1 what became of a message comes as receipts, with the reason in words", async () => {
    const calls: Record<string, string>[] = [];
    await using target = await webhookTarget(({ body }) => {
      calls.push(Object.fromEntries(new URLSearchParams(body)));
      return { status: 200, body: "<Response></Response>" };
    });
    await using it = await smsScene({ webhook: { url: target.url, secret: "s" } });
    await it.connect();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hi" });
    const send = async () => (await it.send(targetOf(conversation), textContent("yes")))[0]?.messageIds[0] as MessageId;
    const read = (id: MessageId) =>
      receipts(
        calls
          .filter(({ MessageSid }) => MessageSid === id)
          .flatMap((call) =>
            channel.unbundle(call, it.account.reader()).flatMap((raw) => channel.normalise(raw, it.account.reader())),
          ),
      );
    const first = await send();
    await it.until(() => read(first).length > 0, "a receipt");
    expect(read(first)).toMatchObject([
      { status: "delivered", messageIds: [first], conversation: { id: conversation } },
    ]);
    it.simulator.switchOff("Ann");
    const second = await send();
    await it.until(() => read(second).length > 0, "a receipt");
    expect(read(second)).toMatchObject([
      { status: "failed", reason: expect.stringMatching(/switched off.*30003.*may work later/) },
    ]);
    expect(it.simulator.statusOf(second)).toBe("undelivered");
  });

  it("STOP blocks, Twilio confirms, nothing more is sent, and START lets messages through again", async () => {
    await using it = await smsScene();
    await it.connect();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "stop" });
    await it.until(() => it.events().length > 0, "the membership");
    expect(it.events()).toMatchObject([
      { kind: "membership", subject: "self", change: "blocked", conversation: { id: conversation } },
    ]);
    expect(it.simulator.shown("Ann").at(-1)).toMatch(/unsubscribed/);
    await expect(it.send(targetOf(conversation), textContent("But wait"))).rejects.toMatchObject({
      code: "MSG_004",
      delivered: "no",
      retryable: false,
      scope: "conversation",
      action: expect.stringMatching(/START/),
    });
    await it.simulator.say({ from: "Ann", text: "START" });
    await it.until(() => it.events().length > 1, "the membership");
    expect(it.events()[1]).toMatchObject({ kind: "membership", change: "unblocked" });
    await it.send(targetOf(conversation), textContent("Welcome back"));
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["Welcome back"]);
  });

  it("CH-6 HELP is answered while polling, too, where the account has an answer of its own, and once over restarts", async () => {
    const memory = new Map<string, string>();
    const config = () => ({ helpText: "Call 555-0100." });
    const simulator = await startSimulator();
    await using _closed = { [Symbol.asyncDispose]: () => simulator.close() };
    const own = () => simulator.sent().map(({ text }) => text);
    {
      await using it = await smsScene({ simulator, config, memory });
      await it.connect();
      await simulator.say({ from: "Ann", text: "help" });
      await simulator.say({ from: "Ann", text: "can you help me?" });
      await it.until(() => it.events().some(({ kind }) => kind === "message"), "the question");
      await it.until(() => own().length > 0, "the answer");
    }
    // Everything of the last minute is read again.
    await using again = await smsScene({ simulator, config, memory });
    await again.connect();
    expect(again.events().map(({ kind }) => kind)).toEqual(["unsupported", "message"]);
    expect(own()).toEqual(["Call 555-0100."]);
  });

  it("CH-6 HELP while polling is answered once a number and hour", async () => {
    await using it = await smsScene({ config: () => ({ helpText: "Call 555-0100." }) });
    await it.connect();
    const own = () => it.simulator.sent().length;
    const ann = await it.simulator.say({ from: "Ann", text: "help" });
    await it.until(() => own() === 1, "the answer");
    for (let count = 0; count < 3; count++) await it.simulator.say({ from: "Ann", text: "HELP" });
    const bob = await it.simulator.say({ from: "Bob", text: "info" });
    await it.until(() => it.simulator.sent({ conversation: bob.conversation }).length === 1, "the answer to another");
    expect(it.simulator.sent({ conversation: ann.conversation })).toHaveLength(1);
    it.account.later(3_600_001);
    await it.simulator.say({ from: "Ann", text: "help" });
    await it.until(() => own() === 3, "the answer an hour later");
  });

  it("CH-6 the list is read on while HELP is answered", async () => {
    await using it = await smsScene({ config: () => ({ helpText: "Call 555-0100." }) });
    await it.connect();
    it.simulator.inject({ on: "send", kind: "slow", times: 1, delayMs: 20_000 });
    await it.simulator.say({ from: "Ann", text: "help" });
    await it.until(() => it.account.received.length === 1, "the call for help");
    await it.simulator.say({ from: "Ann", text: "hello?" });
    await it.until(() => it.account.received.length === 2, "the next message");
  });

  it("smart encoding is asked for by the setting, and saves segments", async () => {
    for (const smartEncoding of [true, false]) {
      await using it = await smsScene({ config: () => ({ smartEncoding }) });
      await it.connect();
      const { conversation } = await it.simulator.say({ from: "Ann", text: "hi" });
      await it.send(targetOf(conversation), textContent("“Yes” – it’s"));
      expect(it.simulator.sent()[0]?.text).toBe(smartEncoding ? '"Yes" - it\'s' : "“Yes” – it’s");
    }
  });

  it("MSG-4 a long Markdown answer comes in order, each part a message of its own", async () => {
    await using it = await smsScene();
    await it.connect();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "tell me" });
    await it.send(targetOf(conversation), markdownContent(`# Title\n\n${"- **one** thing\n".repeat(300)}\nEnd.`));
    const texts = it.simulator.sent().map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(2);
    expect(texts[0]).toMatch(/^Title/);
    expect(texts.at(-1)).toMatch(/End\.$/);
  });
});

describe("MSG-6 files", () => {
  it("MSG_008 cannot be sent without a public address, and the error says what to set", async () => {
    await using it = await smsScene({ publishes: false });
    await it.connect();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "a picture?" });
    it.account.blobs.set("b1", { bytes: new Uint8Array([1]) });
    const content = textContent("Here", {
      attachments: [{ kind: "image", source: { blob: "b1" }, mimeType: "image/png" }],
    });
    await expect(it.send(targetOf(conversation), content)).rejects.toMatchObject({
      code: "MSG_008",
      delivered: "no",
      action: expect.stringMatching(/gateway\.publicUrl/),
    });
    expect(it.simulator.sent()).toEqual([]);
  });

  it("A24 the credential goes to the API alone: not along with the redirect, not to other hosts", async () => {
    const heard: (string | undefined)[] = [];
    await using elsewhere = await webhookTarget(({ headers }) => {
      heard.push(headers.authorization);
      return { status: 200, body: "secrets?" };
    });
    await using it = await smsScene();
    await it.connect();
    await it.simulator.say({
      from: "Ann",
      attach: { kind: "image", bytes: new Uint8Array([1, 2, 3]), mimeType: "image/png" },
    });
    await it.until(() => it.events().length > 0, "the picture");
    const [event] = it.events();
    const ref = event?.kind === "message" ? event.content.attachments?.[0]?.ref : undefined;
    // The store behind the redirect refuses whoever brings a credential.
    const media = await it.connection.download?.(ref ?? null, AbortSignal.timeout(5_000));
    expect(new Uint8Array(await new Response(media?.stream).arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
    for (const url of [
      elsewhere.url,
      elsewhere.url.replace("127.0.0.1", "localhost"),
      "http://169.254.169.254/latest",
      "file:///etc/passwd",
      "https://api.twilio.com.evil.example/x",
    ]) {
      await expect(it.connection.download?.({ url }, AbortSignal.timeout(5_000)), url).rejects.toMatchObject({
        code: "SEC_003",
      });
    }
    expect(heard).toEqual([]);
    await expect(it.connection.download?.({ nothing: 1 }, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: "REQ_002",
    });
  });

  it("MSG_003 that are larger than allowed are not fetched", async () => {
    await using it = await smsScene({ config: () => ({ maxDownloadBytes: 10 }) });
    await it.connect();
    await it.simulator.say({
      from: "Ann",
      attach: { kind: "image", bytes: new Uint8Array(11), mimeType: "image/png" },
    });
    await it.until(() => it.events().length > 0, "the picture");
    const [event] = it.events();
    const ref = event?.kind === "message" ? event.content.attachments?.[0]?.ref : undefined;
    await expect(it.connection.download?.(ref ?? null, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: "MSG_003",
    });
  });
});
