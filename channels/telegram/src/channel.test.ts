/** The channel against the simulator, as the gateway uses both. */
import {
  type Connection,
  type ConversationId,
  type InboundEvent,
  type MessageId,
  markdownContent,
  type OutboundContent,
  type PeerId,
  type SendReceipt,
  type Target,
  type ThreadId,
  type Transport,
  textContent,
} from "@switchboard/domain";
import { channelContract } from "@switchboard/testkit/channel";
import { describe, expect, it } from "vitest";
import { startSimulator, type TelegramSimulator } from "../simulator/index.ts";
import { type TestAccount, testAccount } from "./account.test.helper.ts";
import channel from "./index.ts";

channelContract(channel, {
  simulator: startSimulator,
  fixtures: {
    directory: new URL("../fixtures/", import.meta.url),
    self: { id: "5550001" as PeerId, username: "desk_bot", displayName: "Desk" },
    config: { token: "5550001:token" },
  },
  config: { pollPauseMs: 10 },
});

interface Scene extends AsyncDisposable {
  readonly simulator: TelegramSimulator;
  readonly account: TestAccount;
  readonly connection: Connection;
  /** What came in, read. */
  events(): InboundEvent[];
  /** Resolves with the first event that satisfies `found`. */
  event<Kind extends InboundEvent["kind"]>(
    kind: Kind,
    found?: (event: Extract<InboundEvent, { kind: Kind }>) => boolean,
  ): Promise<Extract<InboundEvent, { kind: Kind }>>;
  send(target: Target, content: OutboundContent): Promise<SendReceipt[]>;
}

async function scene(
  options: { transport?: Transport; config?: object; memory?: Map<string, string>; simulator?: TelegramSimulator } = {},
): Promise<Scene> {
  const simulator = options.simulator ?? (await startSimulator());
  const config = { ...simulator.accountConfig({ transport: "polling" }), pollPauseMs: 10, ...options.config };
  const account = testAccount({ config, ...(options.memory && { memory: options.memory }) });
  const connection = await account.open();
  const { self } = await connection.connect();
  const events = () => account.received.flatMap((event) => channel.normalise(event, { ...account.context, self }));
  type Found<Kind> = Extract<InboundEvent, { kind: Kind }>;
  return {
    simulator,
    account,
    connection,
    events,
    async event<Kind extends InboundEvent["kind"]>(kind: Kind, found: (event: Found<Kind>) => boolean = () => true) {
      const search = () =>
        events().find((event): event is Found<Kind> => event.kind === kind && found(event as Found<Kind>));
      await account.until(() => search() !== undefined, `an event of kind ${kind}`);
      const event = search();
      if (!event) throw new Error("it was there a moment ago");
      return event;
    },
    async send(target, content) {
      const receipts: SendReceipt[] = [];
      for (const part of channel.render(content, target)) {
        const { signal } = new AbortController();
        const attempt = { deliveryId: "dlv_1", number: receipts.length + 1, kind: "answer", signal } as const;
        receipts.push(await connection.send(target, part, attempt));
      }
      return receipts;
    },
    async [Symbol.asyncDispose]() {
      await account[Symbol.asyncDispose]();
      if (!options.simulator) await simulator.close();
    },
  };
}

function targetOf(event: InboundEvent): Target {
  const { conversation, thread } = event;
  return { conversation: conversation.id, kind: conversation.kind, ...(thread !== undefined && { thread }) };
}

describe("CH-1 a conversation", () => {
  it("goes both ways, with a reply", async () => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "Hello *there*" });
    const event = await it.event("message");
    expect(event).toMatchObject({ conversation: { kind: "direct" }, sender: { displayName: "Ann" } });
    const [receipt] = await it.send({ ...targetOf(event), replyTo: event.messageId }, markdownContent("Hi **Ann**"));
    const [sent] = it.simulator.sent();
    expect(sent).toMatchObject({ text: "Hi Ann", replyTo: event.messageId, id: receipt?.messageIds[0] });
    expect(sent?.html).toMatch(/<(b|strong)>Ann<\/(b|strong)>/);
  });

  it("shows typing, and edits a streamed answer without minding a repeat", async () => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "Tell me" });
    const target = targetOf(await it.event("message"));
    const { signal } = new AbortController();
    await it.connection.typing?.(target, signal);
    expect(it.simulator.typing()).toEqual([target.conversation]);
    const [receipt] = await it.send(target, textContent("Once"));
    const id = receipt?.messageIds[0] as MessageId;
    for (const text of ["Once upon", "Once upon", "Once upon a **time**"]) {
      const [part] = channel.render(markdownContent(text), target);
      if (!part) throw new Error("nothing rendered");
      await it.connection.edit?.(target, id, part, signal);
    }
    expect(it.simulator.sent()).toMatchObject([{ id, text: "Once upon a time", deleted: false }]);
    await it.connection.remove?.(target, id, signal);
    expect(it.simulator.sent()[0]?.deleted).toBe(true);
  });

  it("offers buttons and hears which was pressed", async () => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "/menu" });
    const target = targetOf(await it.event("message"));
    const [receipt] = await it.send(
      target,
      textContent("Which?", {
        controls: [
          [{ kind: "button", label: "Small", value: "m:small" }],
          [{ kind: "link", label: "Help", url: "https://example.org/" }],
        ],
      }),
    );
    const messageId = receipt?.messageIds[0] as MessageId;
    expect(it.simulator.sent()[0]?.controls.flat()).toMatchObject([
      { label: "Small" },
      { label: "Help", url: "https://example.org/" },
    ]);
    await it.simulator.press({ from: "Ann", conversation: target.conversation, messageId, label: "Small" });
    const press = await it.event("control");
    expect(press).toMatchObject({ value: "m:small", messageId, conversation: { id: target.conversation } });
    await it.connection.acknowledge?.(press.callback ?? "", "Small it is");
  });

  it("hears edits and reactions", async () => {
    await using it = await scene();
    const said = await it.simulator.say({ from: "Ann", text: "frist" });
    await it.simulator.edit({ ...said, text: "first" });
    expect(await it.event("edit")).toMatchObject({ messageId: said.messageId, content: { text: "first" } });
    const [receipt] = await it.send(targetOf(await it.event("message")), textContent("ok"));
    const messageId = receipt?.messageIds[0] as MessageId;
    await it.simulator.react?.({ from: "Ann", conversation: said.conversation, messageId, emoji: "👍" });
    expect(await it.event("reaction")).toMatchObject({ messageId, added: ["👍"], removed: [] });
  });

  it("CH-1 keeps forum topics apart and answers in the right one", async () => {
    await using it = await scene();
    const group = await it.simulator.createGroup({ title: "Help", people: ["Ann"], threads: ["Billing", "Bugs"] });
    const [billing, bugs] = group.threads;
    await it.simulator.say({ from: "Ann", conversation: group.conversation, thread: bugs as ThreadId, text: "a bug" });
    await it.simulator.say({ from: "Ann", conversation: group.conversation, text: "general" });
    const inTopic = await it.event("message", (event) => event.content.text === "a bug");
    const general = await it.event("message", (event) => event.content.text === "general");
    expect(inTopic).toMatchObject({ thread: bugs, conversation: { id: group.conversation, threadKind: "topic" } });
    expect(general.thread).toBeUndefined();
    const lanes = it.account.received.map(({ lane }) => lane);
    expect(lanes).toContain(`${group.conversation}:${bugs}`);
    expect(lanes).toContain(group.conversation);
    await it.send({ ...targetOf(inTopic), thread: billing as ThreadId }, textContent("to billing"));
    await it.send(targetOf(general), textContent("to all"));
    const sent = it.simulator.sent({ conversation: group.conversation });
    expect(sent.map(({ text, thread }) => [text, thread])).toEqual([
      ["to billing", billing],
      ["to all", undefined],
    ]);
  });

  it("ACC-4 knows when it is addressed in a group", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.createGroup({ title: "Lunch", people: ["Ann", "Bob"] });
    await it.simulator.say({ from: "Ann", conversation, text: "pizza?", mention: true });
    expect(await it.event("message")).toMatchObject({ mentions: { self: true }, conversation: { kind: "group" } });
    const [receipt] = await it.send({ conversation, kind: "group" }, textContent("Yes"));
    await it.simulator.say({ from: "Bob", conversation, text: "why?", replyTo: receipt?.messageIds[0] as MessageId });
    const reply = await it.event("message", (event) => event.content.text === "why?");
    expect(reply).toMatchObject({ mentions: { self: true }, replyTo: { isSelf: true, text: "Yes" } });
  });
});

describe("MSG-3 MSG-6 files", () => {
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );

  it.each([
    ["image", pixel, undefined],
    ["document", Buffer.from("%PDF-1.4 test"), "plan für morgen.pdf"],
    ["voice", Buffer.from("OggS and so on"), undefined],
  ] as const)("MSG-6 %s arrives with the bytes that were sent, both ways", async (kind, bytes, fileName) => {
    await using it = await scene();
    const attach = { kind, bytes: new Uint8Array(bytes), ...(fileName && { fileName }) };
    await it.simulator.say({ from: "Ann", text: "look", attach });
    const event = await it.event("message");
    const [attachment] = event.content.attachments ?? [];
    expect(attachment).toMatchObject({ kind, ...(fileName && { fileName }) });
    expect(event.content.text).toBe("look");
    const media = await it.connection.download?.(attachment?.ref ?? null, new AbortController().signal);
    expect(Buffer.from(await new Response(media?.stream).arrayBuffer()).equals(bytes)).toBe(true);

    it.account.blobs.set("b1", { bytes: new Uint8Array(bytes) });
    const source = { blob: "b1" };
    await it.send(
      targetOf(event),
      textContent("yours", { attachments: [{ kind, source, ...(fileName && { fileName }) }] }),
    );
    const [sent] = it.simulator.sent();
    expect(sent).toMatchObject({ text: "yours", attachments: [{ kind, ...(fileName && { fileName }) }] });
    expect(Buffer.from(sent?.attachments[0]?.bytes ?? []).equals(bytes)).toBe(true);
  });

  it("MSG-4 sends an album", async () => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "show me" });
    const target = targetOf(await it.event("message"));
    it.account.blobs.set("b1", { bytes: new Uint8Array(pixel) });
    const image = { kind: "image", source: { blob: "b1" } } as const;
    const [receipt] = await it.send(target, textContent("Two", { attachments: [image, image] }));
    expect(receipt?.messageIds).toHaveLength(2);
    expect(it.simulator.sent().map(({ text, attachments }) => [text, attachments.length])).toEqual([
      ["Two", 1],
      ["", 1],
    ]);
  });
});

describe("oc#24353 anything an agent may say is accepted", () => {
  const nested = "- a **b _c ~~d~~_** `e`\n  > quote [l](https://example.org)\n  > > deeper\n\n  ```js\n  x\n  ```\n";
  it.each([
    [
      "every construct",
      `# T\n\n${nested}\n| a | b |\n|---|---|\n| 1 | **2** |\n\n---\n\n![p](https://example.org/p.png)`,
    ],
    [
      "100,000 characters",
      "Some **bold** and _italic_ words, `code`, [a link](https://example.org/).\n\n".repeat(1_400),
    ],
    ["code of 100,000 characters", `\`\`\`js\n${"let x = '😀';\n".repeat(7_000)}\`\`\``],
    ["emoji of families", "👩‍👩‍👧‍👦".repeat(2_000)],
    ["text that looks like markup", "*not_ [bold](x) <b> & \\* `` ||no|| __u__"],
  ])("MSG-4 %s", async (_name, markdown) => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "go" });
    const target = targetOf(await it.event("message"));
    const parts = channel.render(markdownContent(markdown, { thinking: "Hm. **So.**" }), target);
    await it.send(target, markdownContent(markdown, { thinking: "Hm. **So.**" }));
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(
      parts.map(({ payload }) => (payload as { text: string }).text),
    );
    const first = parts[0];
    if (!first) throw new Error("nothing rendered");
    const { signal } = new AbortController();
    const again = { deliveryId: "dlv_1", number: 2, kind: "answer", signal } as const;
    await it.connection.send(target, channel.markDuplicate(first), again);
    expect(it.simulator.sent().at(-1)?.text).toMatch(/repeat/);
  });
});

describe("CONN-3 Q-6 trouble at the platform", () => {
  it.each([
    ["rate-limit", { code: "CONN_003", delivered: "no", retryAfterMs: 3000 }],
    ["server-error", { delivered: "no", retryable: true }],
    ["forbidden", { code: "MSG_004", delivered: "no", retryable: false, scope: "conversation" }],
    ["unauthorised", { code: "CONN_002", delivered: "no", retryable: false, scope: "account" }],
    ["cut-after", { code: "CONN_001", delivered: "unknown", retryable: true }],
  ] as const)("Q-6 %s", async (kind, expected) => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "hi" });
    const target = targetOf(await it.event("message"));
    it.simulator.inject({ on: "send", kind, times: 1, retryAfterMs: 3000 });
    await expect(it.send(target, textContent("answer"))).rejects.toMatchObject(expected);
    expect(it.simulator.sent()).toHaveLength(kind === "cut-after" ? 1 : 0);
    await it.send(target, textContent("answer"));
  });

  it("Q-4 gives a redelivered update the key it had", async () => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "once" });
    await it.event("message");
    await it.simulator.redeliver(1);
    await it.account.until(() => it.account.received.length > 1, "the repeat");
    const [first, second] = it.account.received;
    expect([second?.key, second?.fingerprint]).toEqual([first?.key, first?.fingerprint]);
  });

  it("Q-1 loses nothing while the store is in trouble and the connection restarts", async () => {
    const memory = new Map<string, string>();
    const simulator = await startSimulator();
    const texts: (string | undefined)[] = [];
    try {
      for (let round = 0; round < 3; round++) {
        await using it = await scene({ simulator, memory });
        it.account.failReceive(2);
        for (let i = 0; i < 20; i++) await simulator.say({ from: "Ann", text: `${round}-${i}` });
        await it.event("message", ({ content }) => content.text === `${round}-19`);
        texts.push(...it.events().map((event) => (event.kind === "message" ? event.content.text : event.kind)));
      }
    } finally {
      await simulator.close();
    }
    const expected = [0, 1, 2].flatMap((round) => Array.from({ length: 20 }, (_, i) => `${round}-${i}`));
    expect([...new Set(texts)]).toEqual(expected);
  });

  it("CONN_005 two connections of one bot: one is told clearly", async () => {
    await using it = await scene();
    await using rival = await scene({ simulator: it.simulator });
    const lost = await Promise.race([it.account.lost, rival.account.lost]);
    expect(lost).toMatchObject({ code: "CONN_005", retryable: true });
  });
});

describe("MSG-1 comings and goings", () => {
  it("hears that it was blocked, and cannot write until it is unblocked", async () => {
    await using it = await scene();
    await it.simulator.say({ from: "Ann", text: "hi" });
    const target = targetOf(await it.event("message"));
    await it.simulator.block("Ann");
    expect(await it.event("membership")).toMatchObject({
      subject: "self",
      change: "blocked",
      sender: { displayName: "Ann" },
    });
    await expect(it.send(target, textContent("x"))).rejects.toMatchObject({ code: "MSG_004", retryable: false });
    await it.simulator.unblock("Ann");
    await it.event("membership", ({ change }) => change === "unblocked");
    await it.send(target, textContent("x"));
  });

  it("hears who comes and goes in a group, itself included", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.createGroup({ title: "Lunch", people: ["Ann"] });
    await it.simulator.join("Bob", conversation);
    await it.event("membership", ({ change, subject }) => change === "joined" && subject !== "self");
    await it.simulator.leave("Bob", conversation);
    await it.event("membership", ({ change, subject }) => change === "left" && subject !== "self");
    await it.simulator.removeBot(conversation);
    await it.event("membership", ({ change, subject }) => change === "removed" && subject === "self");
    const sending = it.send({ conversation, kind: "group" }, textContent("x"));
    await expect(sending).rejects.toMatchObject({ code: "MSG_004", scope: "conversation" });
  });

  it("CH-1 follows a group that became a supergroup, by the event and by the send", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.createGroup({ title: "Lunch", people: ["Ann"] });
    const successor = await it.simulator.migrate(conversation);
    const moved = await it.event("membership", ({ change }) => change === "migrated");
    expect(moved).toMatchObject({ conversation: { id: conversation }, successor });
    const [receipt] = await it.send({ conversation, kind: "group" }, textContent("still here"));
    expect(receipt?.successor).toBe(successor);
    expect(it.simulator.sent({ conversation: successor })).toMatchObject([{ text: "still here" }]);
  });

  it("MSG_005 says that a topic or a chat does not exist", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.createGroup({ title: "Help", people: ["Ann"], threads: ["A"] });
    const topic: Target = { conversation, kind: "group", thread: "99999" as ThreadId };
    const chat: Target = { conversation: "999999999" as ConversationId, kind: "direct" };
    for (const target of [topic, chat]) {
      await expect(it.send(target, textContent("x"))).rejects.toMatchObject({ code: "MSG_005", retryable: false });
    }
    expect(it.simulator.sent()).toEqual([]);
  });
});

describe("CH-1 webhook", () => {
  it("is called by the platform with the secret, in order, and its updates carry the same keys", async () => {
    const { createServer } = await import("node:http");
    const simulator = await startSimulator();
    const secret = "webhook-secret";
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const headers = request.headers as Record<string, string | undefined>;
        const call = { method: "POST", headers, url: "", body: Buffer.concat(pieces) };
        channel.webhook?.verify(call, { config: account.context.config, secret });
        const updates = channel.webhook?.parse(call) ?? [];
        account.received.push(...updates.flatMap((update) => channel.unbundle(update, { ...account.context, self })));
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/hook`;
    const config = { ...simulator.accountConfig({ transport: "webhook" }) };
    await using account = testAccount({ config, webhook: { url, secret } });
    const { self, transport } = await (await account.open()).connect();
    expect(transport).toBe("webhook");
    for (let i = 0; i < 5; i++) await simulator.say({ from: "Ann", text: `${i}` });
    await account.until(() => account.received.length === 5, "five calls");
    const texts = account.received
      .flatMap((event) => channel.normalise(event, { ...account.context, self }))
      .map((event) => event.kind === "message" && event.content.text);
    expect(texts).toEqual(["0", "1", "2", "3", "4"]);
    expect(account.received[0]?.key.startsWith(`${self.id}:`)).toBe(true);
    await simulator.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("a conversation id that is none", () => {
  it("REQ_001 is refused without asking the platform", async () => {
    await using it = await scene();
    const target: Target = { conversation: "nonsense" as ConversationId, kind: "direct" };
    await expect(it.send(target, textContent("x"))).rejects.toMatchObject({ code: "REQ_001", delivered: "no" });
  });
});
