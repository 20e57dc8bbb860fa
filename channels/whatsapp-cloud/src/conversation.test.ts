/** What is WhatsApp's own: the 24-hour window, templates, several numbers, and word of messages whose sending broke off. */
import { type ConversationId, type InboundEvent, markdownContent, textContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import channel from "./index.ts";
import { failure, type Scene, scene } from "./scene.test.helper.ts";

interface Told {
  readonly payload: { readonly entry: [{ readonly changes: [{ readonly value: { readonly messages: [object] } }] }] };
}

const isMessage = (event: InboundEvent) => event.kind === "message";

/** Ann wrote, and longer ago than a day. */
async function dayLater(it: Scene): Promise<string> {
  const { conversation } = await it.simulator.say({ from: "Ann", text: "hello" });
  await it.heard(isMessage);
  it.simulator.lapse("Ann");
  for (const [key, value] of it.memory) {
    if (!value.includes('"at"')) continue;
    it.memory.set(key, value.replace(/"at":\d+/, `"at":${Date.now() - 25 * 3_600_000}`));
  }
  await it.reopen();
  return conversation;
}

describe("CH-5 the 24-hour window", () => {
  it("MSG_004 says what to do when it is closed, and sends nothing", async () => {
    await using it = await scene();
    const ann = await dayLater(it);
    const error = await failure(it.send(ann, textContent("are you there?")));
    expect(error).toMatchObject({ code: "MSG_004", delivered: "no", retryable: false, scope: "conversation" });
    expect(error.action).toContain("template");
    expect(it.simulator.sent()).toEqual([]);
  });

  it("sends the configured template once in place of the message", async () => {
    const outsideWindow = { template: "news", language: "en_US", parameters: ["{text}", "Ann"] };
    await using it = await scene(() => ({ outsideWindow }));
    it.simulator.approve({ name: "news", body: "News: {{1}}. Yours, {{2}}" });
    const ann = await dayLater(it);
    await it.send(ann, textContent("your order\nis ready"));
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["News: your order is ready. Yours, Ann"]);
    expect(await failure(it.send(ann, textContent("long ".repeat(1_500))))).toMatchObject({ code: "MSG_004" });
    expect(it.simulator.sent()).toHaveLength(2);
  });

  it("is Meta's to judge where nobody has written, and what Meta says is remembered", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hello" });
    await it.heard(isMessage);
    it.simulator.lapse("Ann");
    it.memory.clear();
    await it.reopen();
    const [receipt] = await it.send(conversation, textContent("hi"), { kind: "direct" });
    await it.heard((event) => event.kind === "receipt" && event.messageIds[0] === receipt?.messageIds[0]);
    await expect.poll(() => it.memory.size).toBe(1);
    expect(await failure(it.send(conversation, textContent("hi?")))).toMatchObject({ code: "MSG_004" });
  });

  it("is taken for closed where nobody has written when there is a template", async () => {
    const outsideWindow = { template: "news", language: "en_US", parameters: [] };
    await using it = await scene(() => ({ outsideWindow }));
    it.simulator.approve({ name: "news", body: "There is news." });
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hello" });
    await it.heard(isMessage);
    it.memory.clear();
    await it.reopen();
    await it.send(conversation, textContent("hi"), { kind: "direct" });
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["There is news."]);
  });

  it("stays open when an older message comes late", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hello" });
    await it.heard(isMessage);
    const older = structuredClone(it.raws.at(-1)) as never as Told;
    const [message] = older.payload.entry[0].changes[0].value.messages;
    Object.assign(message, { id: "wamid.older", timestamp: String(Math.floor(Date.now() / 1000) - 100_000) });
    await it.connection.stored?.([older as never]);
    await it.send(conversation, textContent("still open"));
    expect(it.simulator.sent()).toHaveLength(1);
  });

  it("opens again when they write", async () => {
    await using it = await scene();
    const ann = await dayLater(it);
    await it.simulator.say({ from: "Ann", text: "back" });
    await it.heard((event) => event.kind === "message" && event.content.text === "back");
    await it.send(ann, textContent("good"));
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["good"]);
  });

  it("a failure that Meta tells later comes as a receipt with its reason", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hello" });
    await it.heard(isMessage);
    it.simulator.lapse("Ann");
    const [receipt] = await it.send(conversation, textContent("late"));
    const failed = await it.heard((event) => event.kind === "receipt" && event.status === "failed");
    expect(failed).toMatchObject({ messageIds: receipt?.messageIds, reason: expect.stringContaining("131047") });
  });
});

describe("CH-5 templates", () => {
  const block = (request: object) => markdownContent(`\`\`\`whatsapp-template\n${JSON.stringify(request)}\n\`\`\``);

  it("are sent by a code block, also outside the window", async () => {
    await using it = await scene();
    it.simulator.approve({ name: "order_ready", body: "Dear {{1}}, order {{2}} is ready.", buttons: ["Thanks"] });
    const ann = await dayLater(it);
    await it.send(ann, block({ name: "order_ready", language: "en_US", parameters: ["Ann", "17"] }));
    const [sent] = it.simulator.sent();
    expect(sent).toMatchObject({ text: "Dear Ann, order 17 is ready.", controls: [[{ label: "Thanks" }]] });
    await it.simulator.press({
      from: "Ann",
      conversation: ann as ConversationId,
      messageId: sent?.id as never,
      label: "Thanks",
    });
    const pressed = await it.heard(({ kind }) => kind === "control");
    expect(pressed).toMatchObject({ value: "Thanks", messageId: sent?.id });
  });

  it("MSG_008 are refused by Meta when there is no such template, or one with other parameters", async () => {
    await using it = await scene();
    it.simulator.approve({ name: "order_ready", body: "Dear {{1}}, order {{2}} is ready." });
    const ann = await dayLater(it);
    for (const [request, number] of [
      [{ name: "unknown", language: "en_US" }, 132001],
      [{ name: "order_ready", language: "de" }, 132001],
      [{ name: "order_ready", language: "en_US", parameters: ["Ann"] }, 132000],
    ] as const) {
      const error = await failure(it.send(ann, block(request)));
      expect(error).toMatchObject({ code: "MSG_008", delivered: "no", retryable: false, details: { code: number } });
      expect(error.action).toContain("WhatsApp Manager");
    }
    expect(it.simulator.sent()).toEqual([]);
  });

  it("MSG_008 are refused when they are not written as they should be", () => {
    const target = { conversation: "1" as ConversationId, kind: "direct" } as const;
    for (const request of [{}, { name: "Order Ready", language: "en_US" }, { name: "x", language: "en", colour: 1 }]) {
      expect(() => channel.render(block(request), target)).toThrow(expect.objectContaining({ code: "MSG_008" }));
    }
  });
});

describe("CH-5 MSG-6 files", () => {
  it("are fetched also when the address that Meta gave for them first is good no longer", async () => {
    await using it = await scene();
    const bytes = new Uint8Array([1, 2, 3]);
    await it.simulator.say({ from: "Ann", attach: { kind: "image", bytes, mimeType: "image/png" } });
    const event = await it.heard(isMessage);
    const ref = event.kind === "message" ? event.content.attachments?.[0]?.ref : undefined;
    const fetched = async () => {
      const media = await it.connection.download?.(ref ?? null, AbortSignal.timeout(10_000));
      return new Uint8Array(await new Response(media?.stream).arrayBuffer());
    };
    expect(await fetched()).toEqual(bytes);
    it.simulator.expireAddresses();
    expect(await fetched()).toEqual(bytes);
  });
});

describe("CH-5 MSG-6 sound", () => {
  it("is a voice message where it is one, else a file with a player", async () => {
    await using it = await scene();
    it.blobs.set("sound", { bytes: new Uint8Array(50) });
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hello" });
    await it.heard(isMessage);
    for (const [kind, mimeType] of [
      ["voice", "audio/ogg"],
      ["voice", "audio/mpeg"],
      ["audio", "audio/ogg"],
    ] as const) {
      const attachments = [{ kind, source: { blob: "sound" }, mimeType }] as const;
      await it.send(conversation, { ...textContent(""), attachments });
    }
    expect(it.simulator.sent().map(({ attachments }) => attachments[0]?.kind)).toEqual(["voice", "audio", "audio"]);
  });
});

describe("CH-5 several numbers", () => {
  it("each keeps its chats, and answers come from the number that was written to", async () => {
    await using it = await scene(({ phones }) => ({ furtherPhoneNumberIds: [phones[1]] }));
    const { conversation } = await it.simulator.say({ from: "Ann", text: "main" });
    const further = `${conversation}~${it.simulator.phones[1]}` as ConversationId;
    await it.simulator.say({ from: "Ann", text: "further", conversation: further });
    const event = await it.heard((each) => each.kind === "message" && each.content.text === "further");
    expect(event.conversation.id).toBe(further);
    await it.send(further, textContent("from the other"));
    expect(it.simulator.sent().map((sent) => [sent.conversation, sent.text])).toEqual([[further, "from the other"]]);
  });

  it("MSG_005 a number that is not the account's own is not used", async () => {
    await using it = await scene();
    expect(await failure(it.send("16505550001~99999999", textContent("hi")))).toMatchObject({ code: "MSG_005" });
  });
});

describe("Q-6 CH-5 a send that broke off", () => {
  it("is found by the status that brings its id back", async () => {
    await using it = await scene(() => ({ reconcileMs: 5_000 }));
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hello" });
    await it.heard(isMessage);
    it.simulator.inject({ on: "send", kind: "cut-after", times: 1 });
    const target = { conversation, kind: "direct" } as const;
    const [part] = channel.render(textContent("did it arrive"), target);
    if (!part) throw new Error("nothing rendered");
    const { signal } = new AbortController();
    const attempt = { deliveryId: "dlv_broken", number: 1, kind: "answer", signal } as const;
    expect(await failure(it.connection.send(target, part, attempt))).toMatchObject({ delivered: "unknown" });
    const asked = { deliveryId: "dlv_broken", startedAt: Date.now() };
    const found = await it.connection.reconcile?.(target, part, asked, signal);
    expect(found).toEqual({ arrived: { messageIds: it.simulator.sent().map(({ id }) => id) } });
  });

  it("is left open when nothing is heard of it", async () => {
    await using it = await scene(() => ({ reconcileMs: 20 }));
    const [part] = channel.render(textContent("x"), { conversation: "1" as ConversationId, kind: "direct" });
    if (!part) throw new Error("nothing rendered");
    const target = { conversation: "16505550001" as ConversationId, kind: "direct" } as const;
    const asked = { deliveryId: "dlv_never", startedAt: Date.now() };
    expect(await it.connection.reconcile?.(target, part, asked, new AbortController().signal)).toBeUndefined();
  });
});

describe("CH-5 connecting", () => {
  it("says what is missing", async () => {
    for (const [setting, value, code] of [
      ["phoneNumberId", "99999999", "CFG_001"],
      ["furtherPhoneNumberIds", ["99999999"], "CFG_001"],
      ["businessAccountId", "99999999", "CFG_001"],
      ["appSecret", "wrong", "CONN_002"],
      ["accessToken", "wrong", "CONN_002"],
    ] as const) {
      const error = await failure(scene(() => ({ [setting]: value })));
      expect(error, setting).toMatchObject({ code, retryable: false, scope: "account" });
      expect(error.message).not.toMatch(/EAA\w{20}/);
    }
  });

  it("marks what is answered as read, and shows typing, in one call", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hello" });
    await it.heard(isMessage);
    await it.connection.typing?.({ conversation, kind: "direct" }, AbortSignal.timeout(5_000));
    expect(it.simulator.typing()).toEqual([conversation]);
  });

  it("reacts to what somebody wrote, and takes it back", async () => {
    await using it = await scene();
    const { conversation, messageId } = await it.simulator.say({ from: "Ann", text: "hello" });
    const target = { conversation, kind: "direct" } as const;
    await it.connection.react?.(target, messageId, "👍", AbortSignal.timeout(5_000));
    expect(it.simulator.ownReactions({ conversation, messageId })).toEqual(["👍"]);
    await it.connection.react?.(target, messageId, undefined, AbortSignal.timeout(5_000));
    expect(it.simulator.ownReactions({ conversation, messageId })).toEqual([]);
    const unknown = it.connection.react?.(target, "wamid.none" as typeof messageId, "👍", AbortSignal.timeout(5_000));
    expect(await failure(unknown ?? Promise.resolve())).toMatchObject({ code: "MSG_008" });
  });

  it("receipts tell delivered, and read when they write again", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hello" });
    await it.heard(isMessage);
    const [receipt] = await it.send(conversation, textContent("answer"));
    for (const status of ["delivered", "read"] as const) {
      if (status === "read") await it.simulator.say({ from: "Ann", text: "thanks" });
      const event = await it.heard((each) => each.kind === "receipt" && each.status === status);
      expect(event).toMatchObject({ messageIds: receipt?.messageIds });
    }
  });
});
