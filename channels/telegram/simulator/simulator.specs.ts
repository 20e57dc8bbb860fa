/** The simulator against the description of the Bot API: what a client sends it, what it answers, what it delivers. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { png } from "@switchboard/simulator-kit/testing";
import { Bot, InputFile } from "grammy";
import type { InputMediaPhoto } from "grammy/types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simulatedNames } from "./api/methods/methods.ts";
import { startSimulator, type TelegramSimulator } from "./index.ts";
import { loadDescription, SpecChecker } from "./specs.test.helper.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const file = join(process.env.SWITCHBOARD_SPECS ?? join(root, "..", "shared", "specs"), "telegram", "api.json");

if (!existsSync(file)) {
  it("CH-1 the simulator keeps to the Bot API's description", (context) => {
    console.warn(`SKIPPED: no ${file}; name the folder in SWITCHBOARD_SPECS`);
    context.skip(`no ${file}`);
  });
}

describe.runIf(existsSync(file))("CH-1 the simulator keeps to the Bot API's description", () => {
  const problems: string[] = [];
  let checker: SpecChecker;
  let simulator: TelegramSimulator;
  let bot: Bot;
  /** What the description does not have: called to see the refusals, not counted as methods. */
  const api = () => bot.api.raw;

  beforeAll(async () => {
    checker = new SpecChecker(loadDescription(file));
    simulator = await startSimulator();
    const { token, baseUrl } = simulator.accountConfig() as { token: string; baseUrl: string };
    bot = new Bot(token, { client: { apiRoot: baseUrl } });
    bot.api.config.use(async (call, method, payload, signal) => {
      problems.push(...checker.request(method, payload as Record<string, unknown>));
      const answer = await call(method, payload, signal);
      problems.push(...checker.answer(method, answer));
      return answer;
    });
    await bot.init();
  });

  afterAll(async () => {
    await simulator?.close();
    if (!checker) return;
    const { requests, methods, described, answers, updates } = checker.counts;
    console.log(
      `Telegram: checked ${requests} requests to ${methods} of ${described} methods, ${answers} answers and ${updates} updates`,
    );
  });

  /** Everything that waits for the bot, checked and confirmed. */
  async function takeUpdates(): Promise<void> {
    const updates = await bot.api.getUpdates({ allowed_updates: allKinds });
    for (const update of updates) problems.push(...checker.update(update));
    const last = updates.at(-1);
    if (last) await bot.api.getUpdates({ offset: last.update_id + 1 });
  }

  it("in what people do", async () => {
    await bot.api.getUpdates({ allowed_updates: allKinds });
    const say = simulator.say.bind(simulator);
    const first = await say({
      from: "Ada Lovelace",
      text: "/start at https://example.com @someone #tag **bold**",
      markdown: true,
    });
    await simulator.edit({ ...first, text: "changed" });
    await say({ from: "Ada Lovelace", text: "a reply", replyTo: first.messageId });
    for (const kind of ["image", "video", "audio", "voice", "document", "sticker"] as const) {
      await say({
        from: "Ada Lovelace",
        text: kind,
        attach: { kind, bytes: png(), fileName: "f.bin", mimeType: "image/png" },
      });
    }
    await say({
      from: "Ada Lovelace",
      album: [
        { kind: "image", bytes: png() },
        { kind: "image", bytes: png() },
      ],
    });
    await say({ from: "Ada Lovelace", content: { location: { latitude: 1.5, longitude: 2.5 } } });
    await say({ from: "Ada Lovelace", content: { contact: { phone_number: "+123", first_name: "Bob" } } });
    const forum = await simulator.createGroup({
      title: "Forum",
      people: ["Ada Lovelace", "Bob"],
      threads: ["One", "Two"],
    });
    const [topic] = forum.threads;
    if (!topic) throw new Error("no topic");
    await say({ from: "Bob", conversation: forum.conversation, thread: topic, text: "in a topic", mention: true });
    await simulator.closeTopic(forum.conversation, topic);
    await simulator.reopenTopic(forum.conversation, topic);
    const group = await simulator.createGroup({ title: "Group", people: ["Ada Lovelace"] });
    const said = await say({ from: "Ada Lovelace", conversation: group.conversation, text: "hello" });
    await simulator.react({ from: "Ada Lovelace", ...said, emoji: "👍" });
    await simulator.join("Bob", group.conversation);
    await simulator.leave("Bob", group.conversation);
    await simulator.migrate(group.conversation);
    await simulator.removeBot(forum.conversation);
    await simulator.addBot(forum.conversation);
    const channel = await simulator.createGroup({ title: "News", people: ["Ada Lovelace"], kind: "channel" });
    const posted = await say({ from: "Ada Lovelace", conversation: channel.conversation, text: "a post" });
    await simulator.edit({ ...posted, text: "a better post" });
    await simulator.block("Ada Lovelace");
    await simulator.unblock("Ada Lovelace");
    await takeUpdates();
    expect(problems).toEqual([]);
    expect(checker.counts.updates).toBeGreaterThan(30);
  });

  it("in what the bot sends and changes", async () => {
    const { conversation } = await simulator.say({ from: "Ada Lovelace", text: "send me things" });
    const chat_id = Number(conversation);
    const reply_markup = {
      inline_keyboard: [
        [
          { text: "Yes", callback_data: "y" },
          { text: "Site", url: "https://example.com" },
        ],
      ],
    };
    const text = await api().sendMessage({ chat_id, text: "<b>Hi</b> @x", parse_mode: "HTML", reply_markup });
    const { message_id } = text;
    await simulator.press({ from: "Ada Lovelace", conversation, messageId: String(message_id) as never, label: "Yes" });
    const [press] = (await bot.api.getUpdates()).filter(({ callback_query }) => callback_query);
    await api().answerCallbackQuery({
      callback_query_id: press?.callback_query?.id ?? "",
      text: "Well",
      show_alert: true,
    });
    await takeUpdates();
    await api().editMessageText({ chat_id, message_id, text: "*Hi* again", parse_mode: "MarkdownV2", reply_markup });
    await api().editMessageReplyMarkup({ chat_id, message_id });
    await api().setMessageReaction({ chat_id, message_id, reaction: [{ type: "emoji", emoji: "🔥" }] });
    await api().sendMessageDraft({ chat_id, draft_id: 1, text: "so far" });
    await api().sendChatAction({ chat_id, action: "typing" });
    const upload = () => new InputFile(png(), "picture.png");
    const photo = await api().sendPhoto({ chat_id, photo: upload(), caption: "See", reply_parameters: { message_id } });
    await api().editMessageCaption({ chat_id, message_id: photo.message_id, caption: "See this" });
    await api().editMessageMedia({
      chat_id,
      message_id: photo.message_id,
      media: { type: "photo", media: upload(), caption: "Other" },
    });
    await api().sendVideo({ chat_id, video: upload(), width: 10, height: 10, duration: 3 });
    await api().sendAnimation({ chat_id, animation: upload() });
    await api().sendAudio({ chat_id, audio: upload() });
    await api().sendVoice({ chat_id, voice: upload() });
    await api().sendVideoNote({ chat_id, video_note: upload() });
    await api().sendSticker({ chat_id, sticker: upload() });
    const { document } = await api().sendDocument({ chat_id, document: upload() });
    await api().getFile({ file_id: document.file_id });
    const media = (): InputMediaPhoto => ({ type: "photo", media: upload() });
    await api().sendMediaGroup({ chat_id, media: [media(), media()] });
    await api().sendLocation({ chat_id, latitude: 1, longitude: 2 });
    await api().sendVenue({ chat_id, latitude: 1, longitude: 2, title: "Here", address: "There 1" });
    await api().sendContact({ chat_id, phone_number: "+1", first_name: "Bob" });
    await api().sendDice({ chat_id });
    const poll = await api().sendPoll({ chat_id, question: "Which?", options: [{ text: "A" }, { text: "B" }] });
    await api().stopPoll({ chat_id, message_id: poll.message_id });
    await api().forwardMessage({ chat_id, from_chat_id: chat_id, message_id });
    await api().forwardMessages({ chat_id, from_chat_id: chat_id, message_ids: [message_id] });
    await api().copyMessage({ chat_id, from_chat_id: chat_id, message_id });
    await api().copyMessages({ chat_id, from_chat_id: chat_id, message_ids: [message_id] });
    await api().pinChatMessage({ chat_id, message_id });
    await takeUpdates();
    await api().unpinChatMessage({ chat_id, message_id });
    await api().unpinAllChatMessages({ chat_id });
    await api().deleteMessage({ chat_id, message_id });
    await api().deleteMessages({ chat_id, message_ids: [photo.message_id] });
    expect(problems).toEqual([]);
  });

  it("in chats, topics and settings", async () => {
    const { conversation } = await simulator.createGroup({
      title: "Forum 2",
      people: ["Ada Lovelace", "Bob"],
      threads: ["A"],
    });
    const chat_id = Number(conversation);
    const { message_thread_id } = await api().createForumTopic({ chat_id, name: "New" });
    await api().editForumTopic({ chat_id, message_thread_id, name: "Newer" });
    await api().closeForumTopic({ chat_id, message_thread_id });
    await api().reopenForumTopic({ chat_id, message_thread_id });
    await api().sendMessage({ chat_id, message_thread_id, text: "in the topic" });
    await api().deleteForumTopic({ chat_id, message_thread_id });
    await api().setChatTitle({ chat_id, title: "Forum 3" });
    await api().setChatDescription({ chat_id, description: "About" });
    await api().getChat({ chat_id });
    const { user } = (await api().getChatAdministrators({ chat_id }))[0] ?? {};
    await api().getChatMember({ chat_id, user_id: user?.id ?? 0 });
    await api().getChatMember({ chat_id, user_id: bot.botInfo.id });
    await api().getChatMemberCount({ chat_id });
    await api().getUserProfilePhotos({ user_id: user?.id ?? 0 });
    const bob = (user?.id ?? 0) + 1;
    await api().banChatMember({ chat_id, user_id: bob });
    await api().getChatMember({ chat_id, user_id: bob });
    await api().unbanChatMember({ chat_id, user_id: bob });
    await api().setMyCommands({ commands: [{ command: "start", description: "Begin" }] });
    await api().getMyCommands({});
    await api().deleteMyCommands({});
    await api().setMyName({ name: "Robot" });
    await api().getMyName({});
    await api().setMyDescription({ description: "A robot" });
    await api().getMyDescription({});
    await api().setMyShortDescription({ short_description: "Robot" });
    await api().getMyShortDescription({});
    await api().setChatMenuButton({});
    await api().getChatMenuButton({});
    await api().setWebhook({ url: "http://127.0.0.1:9/", secret_token: "s", max_connections: 3 });
    await api().getWebhookInfo();
    await api().deleteWebhook({ drop_pending_updates: true });
    await api().getMe();
    await api().leaveChat({ chat_id });
    await api().close();
    await api().logOut();
    await takeUpdates();
    expect(problems).toEqual([]);
    expect(checker.counts.methods).toBe(simulatedNames.length);
  });

  it("in its refusals", async () => {
    await expect(api().sendMessage({ chat_id: 1, text: "nobody" })).rejects.toThrow("chat not found");
    await expect(api().sendMessage({ chat_id: 500001, text: "" })).rejects.toThrow("message text is empty");
    await expect(api().getStickerSet({ name: "none" })).rejects.toThrow("does not offer getStickerSet");
    expect(problems).toEqual([]);
  });

  it("would notice what does not fit", () => {
    const strict = new SpecChecker(loadDescription(file));
    expect(strict.request("sendMessage", { chat_id: 1 })).toEqual(['sendMessage: "text" is missing']);
    expect(strict.request("sendMessage", { chat_id: 1, text: 5 })).toEqual(["sendMessage.text: 5 is no String"]);
    expect(strict.request("sendMessage", { chat_id: 1, text: "x", txet: "y" })).toEqual([
      'sendMessage: "txet" is unknown',
    ]);
    expect(strict.request("sendMassage", {})).toHaveLength(1);
    expect(strict.answer("getMe", { ok: true, result: { id: 1, is_bot: true } })).toEqual([
      'getMe → result: "first_name" is missing',
    ]);
    expect(strict.answer("getMe", { ok: false })).toHaveLength(2);
    expect(strict.update({ update_id: 1, message: { message_id: 1, date: 1 } })).toEqual([
      'Update.message: "chat" is missing',
    ]);
    const left = { status: "creator", user: { id: 1, is_bot: false, first_name: "A" } };
    expect(strict.answer("getChatMember", { ok: true, result: left })).not.toEqual([]);
  });
});

const allKinds = [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "callback_query",
  "my_chat_member",
  "chat_member",
  "message_reaction",
] as const;
