import { inspect } from "node:util";
import {
  type ConversationId,
  type MessageId,
  markdownContent,
  type ThreadId,
  textContent,
  toErrorRecord,
} from "@switchboard/domain";
import { freePort } from "@switchboard/testkit/gateway-process";
import { describe, expect, it } from "vitest";
import { testAccount } from "./account.test.helper.ts";
import channel from "./index.ts";
import { attemptNow, failure, scene, seen, target } from "./scene.test.helper.ts";
import { type Answer, refusal, scriptedServer, TOKEN } from "./scripted-server.test.helper.ts";

describe("what is sent", () => {
  it("CH-1 sends text with entities, without link preview", async () => {
    await using it = await scene();
    const receipt = await it.send(markdownContent("Hello **you**"));
    expect(receipt).toEqual({ messageIds: ["100"] });
    expect(it.server.of("sendMessage").map(({ params }) => params)).toEqual([
      {
        chat_id: -4001,
        text: "Hello you",
        entities: [{ type: "bold", offset: 6, length: 3 }],
        link_preview_options: { is_disabled: true },
      },
    ]);
  });

  it("CH-1 addresses topics, but not the General one, and replies that may be gone", async () => {
    await using it = await scene({}, { linkPreviews: true });
    const forum = { conversation: "-1001" as ConversationId, kind: "group", replyTo: "9" as MessageId } as const;
    await it.send(textContent("a"), { ...forum, thread: "77" as ThreadId });
    await it.send(textContent("b"), { ...forum, thread: "1" as ThreadId });
    await it.send(textContent("c"), { ...forum, replyTo: "-100/9" as MessageId, thread: "d5" as ThreadId });
    await it.send(textContent("d"), { conversation: "7001~bc1" as ConversationId, kind: "direct" });
    const reply_parameters = { message_id: 9, allow_sending_without_reply: true };
    expect(it.server.of("sendMessage").map(({ params }) => params)).toEqual([
      { chat_id: -1001, message_thread_id: 77, text: "a", reply_parameters },
      { chat_id: -1001, text: "b", reply_parameters },
      { chat_id: -1001, direct_messages_topic_id: 5, text: "c" },
      { chat_id: 7001, business_connection_id: "bc1", text: "d" },
    ]);
  });

  it("replies with the first part only", async () => {
    await using it = await scene();
    const to = { ...target, replyTo: "9" as MessageId };
    for (const part of channel.render(textContent("word ".repeat(1500)), to)) {
      await it.connection.send(to, part, attemptNow());
    }
    const replies = it.server.of("sendMessage").map(({ params }) => "reply_parameters" in params);
    expect(replies).toEqual([true, false]);
  });

  it("MSG-6 uploads a blob as it is, with its name, and lets go of it", async () => {
    await using it = await scene({ sendDocument: () => ({ message_id: 7 }) });
    const bytes = new Uint8Array(200_000).map((_, index) => index % 251);
    it.account.blobs.set("b1", { bytes });
    const receipt = await it.send(
      textContent("Here", {
        attachments: [{ kind: "document", source: { blob: "b1" }, fileName: 'my "plan"; ü.pdf' }],
      }),
    );
    expect(receipt.messageIds).toEqual(["7"]);
    const [call] = it.server.of("sendDocument");
    expect(call?.contentType).toMatch(/^multipart\/form-data/);
    expect(call?.body.includes(Buffer.from(bytes))).toBe(true);
    const head = call?.body.toString("utf8") ?? "";
    expect(head).toContain('filename="my %22plan%22; ü.pdf"');
    expect(head).toMatch(/name="caption"\r\n\r\nHere\r\n/);
    expect(it.account.openBlobs()).toBe(0);
  });

  it("MSG-4 sends several photos as one album and tells all their ids", async () => {
    await using it = await scene({ sendMediaGroup: () => [{ message_id: 7 }, { message_id: 8 }] });
    it.account.blobs.set("b1", { bytes: new Uint8Array([1, 2, 3]) });
    const receipt = await it.send(
      textContent("Two", {
        attachments: [
          { kind: "image", source: { blob: "b1" } },
          { kind: "image", source: { url: "https://x.org/2.jpg" } },
        ],
      }),
    );
    expect(receipt.messageIds).toEqual(["7", "8"]);
    const body = it.server.of("sendMediaGroup")[0]?.body.toString("latin1") ?? "";
    expect(body).toMatch(/"media":"attach:\/\/\w+"/);
    expect(body).toContain('"media":"https://x.org/2.jpg"');
    expect(body).toContain('"caption":"Two"');
  });

  it.each([
    ["image", "sendPhoto", "photo"],
    ["video", "sendVideo", "video"],
    ["audio", "sendAudio", "audio"],
    ["voice", "sendVoice", "voice"],
    ["sticker", "sendSticker", "sticker"],
  ] as const)("MSG-4 sends %s with %s, by its address", async (kind, method, field) => {
    await using it = await scene({ [method]: () => ({ message_id: 7 }) });
    await it.send(textContent("", { attachments: [{ kind, source: { url: "https://x.org/f" } }] }));
    expect(it.server.of(method)[0]?.params).toEqual({ chat_id: -4001, [field]: "https://x.org/f" });
  });

  it("MSG-6 sends nothing when the gateway cannot open a file, and lets go of the others", async () => {
    await using it = await scene();
    it.account.blobs.set("b1", { bytes: new Uint8Array(200_000) });
    const attachments = ["b1", "gone"].map((blob) => ({ kind: "video", source: { blob } }) as const);
    const error = await failure(it.send(textContent("", { attachments })));
    expect(error).toMatchObject({ code: "REQ_002", retryable: false, delivered: "no" });
    expect(it.server.calls.filter(({ method }) => method.startsWith("send"))).toEqual([]);
    expect(it.account.openBlobs()).toBe(0);
  });

  it("says that nothing arrived when the file breaks off while it is read", async () => {
    await using it = await scene();
    const context = { ...it.account.context };
    context.openAttachment = async () => ({
      mimeType: "video/mp4",
      fileName: "a.mp4",
      size: 5,
      stream: new ReadableStream({
        pull(controller) {
          controller.error(new Error("disk trouble"));
        },
      }),
    });
    const connection = await channel.open(context);
    const content = textContent("", { attachments: [{ kind: "video", source: { blob: "b1" } }] });
    const [part] = channel.render(content, target);
    if (!part) throw new Error("nothing rendered");
    const attempt = attemptNow();
    const error = await failure(connection.send(target, part, attempt));
    expect(error).toMatchObject({ code: "MSG_002", delivered: "no" });
    expect(error.message).toContain("disk trouble");
  });

  it("edits, deletes, types and answers presses", async () => {
    await using it = await scene();
    const { signal } = new AbortController();
    const [part] = channel.render(
      markdownContent("**new**", { controls: [[{ kind: "button", label: "a", value: "b" }]] }),
      target,
    );
    if (!part) throw new Error("nothing rendered");
    await it.connection.edit?.(target, "5" as MessageId, part, signal);
    await it.connection.remove?.(target, "5" as MessageId, signal);
    await it.connection.typing?.({ ...target, thread: "7" as ThreadId }, signal);
    await it.connection.acknowledge?.("cb", "x".repeat(300));
    expect(it.server.of("editMessageText")[0]?.params).toMatchObject({
      chat_id: -4001,
      message_id: 5,
      text: "new",
      reply_markup: { inline_keyboard: [[{ text: "a", callback_data: "b" }]] },
    });
    expect(it.server.of("deleteMessage")[0]?.params).toEqual({ chat_id: -4001, message_id: 5 });
    expect(it.server.of("sendChatAction")[0]?.params).toEqual({
      chat_id: -4001,
      message_thread_id: 7,
      action: "typing",
    });
    expect(it.server.of("answerCallbackQuery")[0]?.params).toEqual({ callback_query_id: "cb", text: "x".repeat(200) });
  });

  it("AGT-4 takes for success what is so already", async () => {
    const same =
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same";
    await using it = await scene({
      editMessageText: () => refusal(400, same),
      deleteMessage: () => refusal(400, "Bad Request: message to delete not found"),
      answerCallbackQuery: () =>
        refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
    });
    const { signal } = new AbortController();
    const [part] = channel.render(textContent("same"), target);
    if (!part) throw new Error("nothing rendered");
    await it.connection.edit?.(target, "5" as MessageId, part, signal);
    await it.connection.remove?.(target, "5" as MessageId, signal);
    await it.connection.acknowledge?.("cb");
    expect(it.server.calls.length).toBeGreaterThan(4);
  });

  it("keeps connections alive: a hundred sends need one", async () => {
    await using it = await scene();
    const before = it.server.connections();
    for (let i = 0; i < 100; i++) await it.send(textContent("x"));
    expect(it.server.connections() - before).toBeLessThanOrEqual(1);
  });
});

describe("CH-1 a group that moved", () => {
  it("sends to where the group lives now and tells its new address", async () => {
    await using it = await scene({
      sendMessage: ({ params }) =>
        params.chat_id === -4001
          ? refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", { migrate_to_chat_id: -1009 })
          : { message_id: 3 },
    });
    const to = { ...target, replyTo: "9" as MessageId };
    expect(await it.send(textContent("x"), to)).toEqual({ messageIds: ["3"], successor: "-1009" });
    expect(it.server.of("sendMessage")[1]?.params).toMatchObject({ chat_id: -1009, text: "x" });
    expect(it.server.of("sendMessage")[1]?.params).not.toHaveProperty("reply_parameters");
  });

  it("reads an upload again for the second try", async () => {
    const answer: Answer = ({ body }) =>
      body.includes("-1009")
        ? { message_id: 3 }
        : refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", { migrate_to_chat_id: -1009 });
    await using it = await scene({ sendPhoto: answer });
    it.account.blobs.set("b1", { bytes: new Uint8Array(1000).fill(65) });
    const content = textContent("", { attachments: [{ kind: "image", source: { blob: "b1" } }] });
    expect(await it.send(content)).toMatchObject({ messageIds: ["3"], successor: "-1009" });
    expect(it.server.of("sendPhoto")[1]?.body.includes("A".repeat(1000))).toBe(true);
  });
});

describe("CONN-3 Q-3 what Telegram's refusals mean", () => {
  it.each([
    [401, "Unauthorized", { code: "CONN_002", retryable: false, scope: "account" }],
    [404, "Not Found", { code: "CONN_002", retryable: false, scope: "account" }],
    [403, "Forbidden: bot was blocked by the user", { code: "MSG_004", retryable: false, scope: "conversation" }],
    [
      403,
      "Forbidden: bot was kicked from the group chat",
      { code: "MSG_004", retryable: false, scope: "conversation" },
    ],
    [403, "Forbidden: user is deactivated", { code: "MSG_004", retryable: false, scope: "conversation" }],
    [400, "Bad Request: chat not found", { code: "MSG_005", retryable: false, scope: "conversation" }],
    [400, "Bad Request: message thread not found", { code: "MSG_005", retryable: false, scope: "conversation" }],
    [400, "Bad Request: TOPIC_CLOSED", { code: "MSG_004", retryable: false, scope: "conversation" }],
    [400, "Bad Request: not enough rights to send text messages to the chat", { code: "MSG_004", retryable: false }],
    [400, "Bad Request: CHAT_WRITE_FORBIDDEN", { code: "MSG_004", retryable: false }],
    [400, "Bad Request: message is too long", { code: "MSG_003", retryable: false, scope: "message" }],
    [400, "Bad Request: message caption is too long", { code: "MSG_003", retryable: false }],
    [400, "Bad Request: message text is empty", { code: "MSG_008", retryable: false }],
    [400, "Bad Request: can't parse entities: unsupported start tag", { code: "MSG_008", retryable: false }],
    [400, "Bad Request: BUTTON_DATA_INVALID", { code: "MSG_008", retryable: false }],
    [400, "Bad Request: wrong file identifier/HTTP URL specified", { code: "MSG_008", retryable: false }],
    [400, "Bad Request: failed to get HTTP URL content", { code: "MSG_002", retryable: true }],
    [400, "Bad Request: something nobody has seen", { code: "MSG_002", retryable: false }],
    [413, "Request Entity Too Large", { code: "MSG_003", retryable: false }],
    [500, "Internal Server Error", { code: "MSG_002", retryable: true }],
  ])("oc#24353 %i %s", async (status, description, expected) => {
    await using it = await scene({ sendMessage: () => refusal(status, description) });
    const error = await failure(it.send(textContent("x")));
    expect(error).toMatchObject({ ...expected, delivered: "no" });
    expect(error.message).toContain(description);
  });

  it("CONN_003 tells how long to wait", async () => {
    const busy = refusal(429, "Too Many Requests: retry after 17", { retry_after: 17 });
    await using it = await scene({ sendMessage: () => busy });
    expect(await failure(it.send(textContent("x")))).toMatchObject({
      code: "CONN_003",
      retryable: true,
      retryAfterMs: 17_000,
      delivered: "no",
      scope: "conversation",
    });
  });

  it("an error page of a proxy leaves it unknown whether the message arrived", async () => {
    await using it = await scene({
      sendMessage: ({ response }) => void response.writeHead(502).end("<html>Bad Gateway</html>"),
    });
    expect(await failure(it.send(textContent("x")))).toMatchObject({ code: "MSG_002", delivered: "unknown" });
  });
});

describe("Q-6 a send without an answer", () => {
  it("is unknown when the connection broke after the request had left", async () => {
    await using it = await scene({ sendMessage: ({ response }) => void response.destroy() });
    expect(await failure(it.send(textContent("x")))).toMatchObject({
      code: "CONN_001",
      delivered: "unknown",
      retryable: true,
      scope: "message",
    });
  });

  it("is unknown when the answer broke off", async () => {
    await using it = await scene({
      sendMessage: ({ response }) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write('{"ok":true,');
        setTimeout(() => response.destroy(), 20);
      },
    });
    expect(await failure(it.send(textContent("x")))).toMatchObject({ code: "CONN_001", delivered: "unknown" });
  });

  it("is unknown when no answer came in time", async () => {
    await using it = await scene({ sendMessage: () => undefined }, { requestTimeoutMs: 150 });
    expect(await failure(it.send(textContent("x")))).toMatchObject({ code: "CONN_001", delivered: "unknown" });
  });

  it("certainly did not arrive when nobody listens", async () => {
    const port = await freePort();
    await using account = testAccount({ config: { token: TOKEN, baseUrl: `http://127.0.0.1:${port}` } });
    const connection = await account.open();
    const [part] = channel.render(textContent("x"), target);
    if (!part) throw new Error("nothing rendered");
    const attempt = attemptNow();
    expect(await failure(connection.send(target, part, attempt))).toMatchObject({
      code: "CONN_001",
      delivered: "no",
      scope: "account",
      retryable: true,
    });
  });

  it("certainly did not arrive when the name is not known, or the other side speaks no TLS", async () => {
    await using server = await scriptedServer();
    for (const baseUrl of ["http://bot-api.invalid", server.url.replace("http:", "https:")]) {
      await using account = testAccount({ config: { token: TOKEN, baseUrl } });
      const connection = await account.open();
      const [part] = channel.render(textContent("x"), target);
      if (!part) throw new Error("nothing rendered");
      const attempt = attemptNow();
      expect(await failure(connection.send(target, part, attempt))).toMatchObject({
        code: "CONN_001",
        delivered: "no",
        scope: "account",
      });
    }
  });

  it("stops at once when it is told to: unknown if it had left, else not delivered", async () => {
    await using it = await scene({ sendMessage: () => undefined });
    const stop = new AbortController();
    const sending = failure(it.send(textContent("x"), target, stop.signal));
    await it.account.until(() => it.server.of("sendMessage").length === 1, "the request arrived");
    stop.abort();
    expect(await sending).toMatchObject({ delivered: "unknown", retryable: true });
    expect(await failure(it.send(textContent("x"), target, stop.signal))).toMatchObject({ delivered: "no" });
    expect(it.server.of("sendMessage")).toHaveLength(1);
  });

  it("an edit whose answer never came may simply be repeated", async () => {
    await using it = await scene({ editMessageText: ({ response }) => void response.destroy() });
    const [part] = channel.render(textContent("x"), target);
    if (!part) throw new Error("nothing rendered");
    const editing = it.connection.edit?.(target, "5" as MessageId, part, new AbortController().signal);
    expect(await failure(Promise.resolve(editing))).toMatchObject({
      code: "CONN_001",
      delivered: "no",
      retryable: true,
    });
  });
});

describe("CRED-3 the token", () => {
  it("CRED-3 is in no error, also when the other side repeats the address", async () => {
    await using it = await scene({
      sendMessage: ({ path }) => refusal(400, `Bad Request: no such path ${path} (${TOKEN.split(":")[1]})`),
    });
    await failure(it.send(textContent("x")));
    await using other = await scene({
      getFile: () => ({ file_id: "f", file_unique_id: "u", file_path: "photos/1.jpg" }),
      "1.jpg": ({ response }) => void response.writeHead(404).end(),
    });
    await failure(Promise.resolve(other.connection.download?.({ fileId: "f" }, new AbortController().signal)));
    await using account = testAccount({ config: { token: TOKEN, baseUrl: "http://[not-an-address" } });
    const [part] = channel.render(textContent("x"), target);
    if (!part) throw new Error("nothing rendered");
    const error = await failure((await account.open()).send(target, part, attemptNow()));
    expect(error).toMatchObject({ code: "CONN_001", delivered: "no" });
  });
});

describe("CRED-3 after all of these", () => {
  it("CRED-3 none of the errors above holds any part of the token", () => {
    expect(seen.length).toBeGreaterThan(30);
    for (const error of seen) {
      const text = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(toErrorRecord(error))}`;
      expect(text).not.toContain("secret_part");
    }
  });
});
