/** Every way in which Telegram says no. */

import { png } from "@switchboard/simulator-kit/testing";
import { describe, expect, it } from "vitest";
import { testBot } from "../testing/client.ts";

const inline = (...buttons: object[]) => ({ inline_keyboard: [buttons] });

describe("CH-1 refusals of the simulator", () => {
  it("unknown tokens, methods and paths", async () => {
    await using bot = await testBot();
    const at = async (path: string) => {
      const response = await fetch(bot.url + path);
      return { status: response.status, ...((await response.json()) as object) };
    };
    expect(await at("/bot1:AAAA/getMe")).toEqual({
      status: 401,
      ok: false,
      error_code: 401,
      description: "Unauthorized",
    });
    expect(await at("/botnonsense/getMe")).toMatchObject({ status: 404, description: "Not Found" });
    expect(await at(`/bot${bot.token}`)).toMatchObject({ status: 404, description: "Not Found" });
    expect(await at(`/file/bot${bot.token}/photos/none.jpg`)).toMatchObject({ status: 404, error_code: 404 });
    expect(await at("/file/bot1:AAAA/photos/none.jpg")).toMatchObject({ status: 401, error_code: 401 });
    expect(await bot.call("getMagic")).toMatchObject({ error_code: 404, description: "Not Found: method not found" });
    expect(await bot.call("getStickerSet", { name: "x" })).toMatchObject({
      error_code: 400,
      description: "Bad Request: the simulator does not offer getStickerSet",
    });
    expect(await bot.call("GETME")).toMatchObject({ ok: true });
  });

  it("chats that are not there or not open", async () => {
    await using bot = await testBot();
    const send = (chat_id: unknown) => bot.call("sendMessage", { chat_id, text: "hi" });
    expect(await send(undefined)).toMatchObject({ error_code: 400, description: "Bad Request: chat_id is empty" });
    expect(await send(12345)).toMatchObject({ error_code: 400, description: "Bad Request: chat not found" });
    expect(await send("@nobody_here")).toMatchObject({ description: "Bad Request: chat not found" });
    expect(await send("12x")).toMatchObject({ error_code: 400 });

    const { conversation, chat_id } = await bot.chat();
    await bot.simulator.block("Ada");
    expect(await send(chat_id)).toMatchObject({
      status: 403,
      error_code: 403,
      description: "Forbidden: bot was blocked by the user",
    });
    await bot.simulator.unblock("Ada");
    expect(await send(conversation)).toMatchObject({ ok: true });

    const { conversation: group } = await bot.simulator.createGroup({ title: "G", people: ["Ada", "Grace"] });
    const admins = await bot.result<{ user: { id: number } }[]>("getChatAdministrators", { chat_id: group });
    const grace = (admins[0]?.user.id ?? 0) + 1;
    expect(await send(grace)).toMatchObject({
      error_code: 403,
      description: "Forbidden: bot can't initiate conversation with a user",
    });
  });

  it("groups that moved or threw the bot out", async () => {
    await using bot = await testBot();
    const { simulator } = bot;
    const send = (chat_id: unknown) => bot.call("sendMessage", { chat_id, text: "hi" });
    const { conversation: group } = await simulator.createGroup({ title: "G", people: ["Ada"] });
    const supergroup = await simulator.migrate(group);
    expect(await send(group)).toEqual({
      status: 400,
      ok: false,
      error_code: 400,
      description: "Bad Request: group chat was upgraded to a supergroup chat",
      parameters: { migrate_to_chat_id: Number(supergroup) },
    });
    expect(await send(supergroup)).toMatchObject({ ok: true });
    await simulator.removeBot(supergroup);
    expect(await send(supergroup)).toMatchObject({
      error_code: 403,
      description: "Forbidden: bot was kicked from the supergroup chat",
    });
    const { conversation: other } = await simulator.createGroup({ title: "H", people: ["Ada"] });
    await simulator.removeBot(other);
    expect(await send(other)).toMatchObject({
      error_code: 403,
      description: "Forbidden: bot was kicked from the group chat",
    });
    await simulator.addBot(other);
    expect(await bot.call("leaveChat", { chat_id: other })).toMatchObject({ ok: true });
    expect(await send(other)).toMatchObject({
      error_code: 403,
      description: "Forbidden: bot is not a member of the group chat",
    });
  });

  it("texts that are empty, too long or of the wrong type", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    const send = (text: unknown, extra: object = {}) => bot.call("sendMessage", { chat_id, text, ...extra });
    expect(await send("")).toMatchObject({ description: "Bad Request: message text is empty" });
    expect(await send(undefined)).toMatchObject({ description: "Bad Request: message text is empty" });
    expect(await send(" \n ")).toMatchObject({ description: "Bad Request: text must be non-empty" });
    expect(await send("x".repeat(4096))).toMatchObject({ ok: true });
    expect(await send("x".repeat(4097))).toMatchObject({
      error_code: 400,
      description: "Bad Request: message is too long",
    });
    expect(await send("😀".repeat(2048))).toMatchObject({ ok: true });
    expect(await send("😀".repeat(2049))).toMatchObject({ description: "Bad Request: message is too long" });
    // What counts is what is left after the formatting is taken out.
    expect(await send(`<b>${"x".repeat(4096)}</b>`, { parse_mode: "HTML" })).toMatchObject({ ok: true });
    expect(await send("x".repeat(40_000))).toMatchObject({ description: "Bad Request: text is too long" });
    expect(await send({ a: 1 })).toMatchObject({ description: 'Bad Request: field "text" must be of type String' });
    expect(await send("hi", { reply_markup: "nonsense" })).toMatchObject({ error_code: 400 });
    expect(await send("hi", { unknown_parameter: 7 })).toMatchObject({ ok: true });
    expect(await send("*x", { parse_mode: "MarkdownV2" })).toMatchObject({
      description: "Bad Request: can't parse entities: Can't find end of Bold entity at byte offset 0",
    });
    expect(await send("x", { parse_mode: "Fancy" })).toMatchObject({
      description: "Bad Request: unsupported parse_mode",
    });
    const response = await fetch(`${bot.url}/bot${bot.token}/sendMessage`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{not json",
    });
    expect(await response.json()).toMatchObject({ ok: false, error_code: 400 });
  });

  it("edits of what is not there, not the bot's, or not changed", async () => {
    await using bot = await testBot();
    const { chat_id, conversation } = await bot.chat();
    const { message_id } = await bot.result("sendMessage", { chat_id, text: "one" });
    const edit = (extra: object) => bot.call("editMessageText", { chat_id, message_id, text: "two", ...extra });
    expect(await edit({ text: "one" })).toMatchObject({
      error_code: 400,
      description:
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    });
    expect(await edit({ message_id: 9999 })).toMatchObject({ description: "Bad Request: message to edit not found" });
    expect(await edit({ chat_id: undefined, message_id: undefined, inline_message_id: "abc" })).toMatchObject({
      description: "Bad Request: MESSAGE_ID_INVALID",
    });
    const said = await bot.simulator.say({ from: "Ada", text: "mine" });
    expect(await edit({ message_id: Number(said.messageId) })).toMatchObject({
      description: "Bad Request: message can't be edited",
    });
    expect(await bot.call("editMessageCaption", { chat_id, message_id, caption: "x" })).toMatchObject({
      description: "Bad Request: there is no caption in the message to edit",
    });
    const { message_id: place } = await bot.result("sendLocation", { chat_id, latitude: 1, longitude: 1 });
    expect(await edit({ message_id: place })).toMatchObject({
      description: "Bad Request: there is no text in the message to edit",
    });
    expect(await bot.call("deleteMessage", { chat_id, message_id })).toMatchObject({ ok: true });
    expect(await edit({})).toMatchObject({ description: "Bad Request: message to edit not found" });
    expect(await bot.call("deleteMessage", { chat_id, message_id })).toMatchObject({
      description: "Bad Request: message to delete not found",
    });
    expect(bot.simulator.sent({ conversation }).find(({ id }) => Number(id) === message_id)).toMatchObject({
      deleted: true,
    });
  });

  it("buttons and answers to them", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    const send = (reply_markup: object) => bot.call("sendMessage", { chat_id, text: "x", reply_markup });
    expect(await send(inline({ text: "a", callback_data: "x".repeat(64) }))).toMatchObject({ ok: true });
    expect(await send(inline({ text: "a", callback_data: "x".repeat(65) }))).toMatchObject({
      error_code: 400,
      description: "Bad Request: BUTTON_DATA_INVALID",
    });
    expect(await send(inline({ text: "a", callback_data: "é".repeat(33) }))).toMatchObject({
      description: "Bad Request: BUTTON_DATA_INVALID",
    });
    expect(await send(inline({ text: "a" }))).toMatchObject({
      description: "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    });
    expect(await send(inline({ text: "a", url: "nonsense" }))).toMatchObject({ error_code: 400 });
    expect(await send({ inline_keyboard: [{ text: "a" }] })).toMatchObject({
      description: 'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    });
    expect(await bot.call("answerCallbackQuery", { callback_query_id: "1" })).toMatchObject({
      error_code: 400,
      description: "Bad Request: query is too old and response timeout expired or query ID is invalid",
    });
  });

  it("replies, topics and reactions that point nowhere", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    const send = (extra: object) => bot.call("sendMessage", { chat_id, text: "x", ...extra });
    expect(await send({ reply_parameters: { message_id: 999 } })).toMatchObject({
      description: "Bad Request: message to be replied not found",
    });
    expect(await send({ reply_parameters: { message_id: 999, allow_sending_without_reply: true } })).toMatchObject({
      ok: true,
    });
    expect(await send({ message_thread_id: 5 })).toMatchObject({
      description: "Bad Request: message thread not found",
    });
    const forum = await bot.simulator.createGroup({ title: "F", people: ["Ada"], threads: ["One"] });
    const inForum = { chat_id: forum.conversation };
    expect(await send({ ...inForum, message_thread_id: 999 })).toMatchObject({
      description: "Bad Request: message thread not found",
    });
    // The general topic takes messages without a thread, but not by its number; an action may name it.
    expect(await send({ ...inForum, message_thread_id: 1 })).toMatchObject({
      description: "Bad Request: message thread not found",
    });
    expect(await bot.call("sendChatAction", { ...inForum, message_thread_id: 1, action: "typing" })).toMatchObject({
      ok: true,
    });
    expect(await send({ ...inForum, message_thread_id: Number(forum.threads[0]) })).toMatchObject({ ok: true });
    expect(await bot.call("sendChatAction", { chat_id, action: "dancing" })).toMatchObject({
      description: "Bad Request: wrong parameter action in request",
    });
    const { message_id } = await bot.result("sendMessage", { chat_id, text: "x" });
    const react = (emoji: string) =>
      bot.call("setMessageReaction", { chat_id, message_id, reaction: [{ type: "emoji", emoji }] });
    expect(await react("🔥")).toMatchObject({ ok: true });
    expect(await react("🥝")).toMatchObject({ error_code: 400, description: "Bad Request: REACTION_INVALID" });
    expect(await bot.call("createForumTopic", { chat_id, name: "x" })).toMatchObject({
      description: "Bad Request: the chat is not a forum",
    });
  });

  it("files that are missing, broken, unknown or too large", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    const photo = (value: unknown) => bot.call("sendPhoto", { chat_id, photo: value });
    expect(await photo(undefined)).toMatchObject({ description: "Bad Request: there is no photo in the request" });
    expect(await photo("AgACnonsense")).toMatchObject({
      description: "Bad Request: wrong file identifier/HTTP URL specified",
    });
    expect(await photo("http://127.0.0.1:9/none.png")).toMatchObject({
      description: "Bad Request: failed to get HTTP URL content",
    });
    const uploaded = async (method: string, field: string, bytes: Uint8Array) => {
      const form = new FormData();
      form.set("chat_id", String(chat_id));
      form.set(field, new Blob([new Uint8Array(bytes)]), "file.bin");
      const response = await fetch(`${bot.url}/bot${bot.token}/${method}`, { method: "POST", body: form });
      return (await response.json()) as { ok: boolean; result?: { document?: { file_id: string } } };
    };
    expect(await uploaded("sendPhoto", "photo", Buffer.from("no picture"))).toMatchObject({
      error_code: 400,
      description: "Bad Request: IMAGE_PROCESS_FAILED",
    });
    expect(await uploaded("sendPhoto", "photo", png(3000, 10))).toMatchObject({
      description: "Bad Request: PHOTO_INVALID_DIMENSIONS",
    });
    expect(await uploaded("sendDocument", "document", new Uint8Array(0))).toMatchObject({
      description: "Bad Request: file must be non-empty",
    });
    const { result } = await uploaded("sendDocument", "document", new Uint8Array(21 * 1024 * 1024));
    expect(await bot.call("getFile", { file_id: result?.document?.file_id })).toMatchObject({
      description: "Bad Request: file is too big",
    });
    expect(await photo(result?.document?.file_id)).toMatchObject({
      description: "Bad Request: can't use file of type Document as Photo",
    });
    expect(await uploaded("sendDocument", "document", new Uint8Array(51 * 1024 * 1024))).toMatchObject({
      ok: false,
      error_code: 413,
      description: "Request Entity Too Large",
    });
    expect(await bot.call("getFile", { file_id: "x" })).toMatchObject({ description: "Bad Request: invalid file_id" });
    expect(await bot.call("sendMediaGroup", { chat_id, media: [] })).toMatchObject({ error_code: 400 });
  });

  it("takes forms and queries as well as JSON", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    const base = `${bot.url}/bot${bot.token}/sendMessage`;
    const markup = JSON.stringify(inline({ text: "a", callback_data: "b" }));
    const query = await fetch(`${base}?${new URLSearchParams({ chat_id: String(chat_id), text: "by query" })}`);
    expect(await query.json()).toMatchObject({ ok: true, result: { text: "by query" } });
    const form = new URLSearchParams({ chat_id: String(chat_id), text: "by form", reply_markup: markup });
    const posted = await fetch(base, { method: "POST", body: form });
    expect(await posted.json()).toMatchObject({
      ok: true,
      result: { text: "by form", reply_markup: inline({ text: "a" }) },
    });
    const multipart = new FormData();
    multipart.set("chat_id", String(chat_id));
    multipart.set("text", "by multipart");
    const sent = await fetch(base, { method: "POST", body: multipart });
    expect(await sent.json()).toMatchObject({ ok: true, result: { text: "by multipart" } });
  });
});
