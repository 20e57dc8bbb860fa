/** What people do, and what a bot is told of it. */
import type { Update } from "@grammyjs/types";
import type { ConversationId, MessageId } from "@switchboard/domain";
import { png } from "@switchboard/simulator-kit/testing";
import { describe, expect, it } from "vitest";
import { type TestBot, testBot } from "../testing/client.ts";

const kinds = (updates: readonly Update[]): string[] =>
  updates.map((update) => Object.keys(update).find((key) => key !== "update_id") ?? "");

async function allUpdates(bot: TestBot): Promise<void> {
  const allowed_updates = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
  ];
  await bot.result("getUpdates", { allowed_updates });
}

describe("MSG-1 MSG-2 updates of the simulator", () => {
  it("a message has its author, chat, entities and reply", async () => {
    await using bot = await testBot();
    const first = await bot.simulator.say({ from: "Ada Lovelace", text: "/start now" });
    await bot.simulator.say({ from: "Ada Lovelace", text: "and this", replyTo: first.messageId });
    const [start, reply] = await bot.updates();
    expect(start?.message).toEqual({
      message_id: Number(first.messageId),
      from: {
        id: 500001,
        is_bot: false,
        first_name: "Ada",
        last_name: "Lovelace",
        username: "ada_lovelace",
        language_code: "en",
      },
      chat: { id: 500001, type: "private", first_name: "Ada", last_name: "Lovelace", username: "ada_lovelace" },
      date: expect.any(Number),
      text: "/start now",
      entities: [{ type: "bot_command", offset: 0, length: 6 }],
    });
    expect(reply?.message?.reply_to_message).toMatchObject({ message_id: Number(first.messageId), text: "/start now" });
  });

  it("typed formatting is read only when asked for", async () => {
    await using bot = await testBot();
    await bot.simulator.say({ from: "Ada", text: "**b**", markdown: true });
    await bot.simulator.say({ from: "Ada", text: "**b**" });
    const [typed, literal] = await bot.updates();
    expect(typed?.message).toMatchObject({ text: "b", entities: [{ type: "bold", offset: 0, length: 1 }] });
    expect(literal?.message?.text).toBe("**b**");
  });

  it("MSG-5 a text too long for one message becomes several, no character cut in two", async () => {
    await using bot = await testBot();
    const text = `x${"😀".repeat(3000)}`;
    await bot.simulator.say({ from: "Ada", text });
    const parts = (await bot.updates()).map(({ message }) => message?.text ?? "");
    expect(parts.join("")).toBe(text);
    expect(parts.map(({ length }) => length)).toEqual([4095, 1906]);
  });

  it("MSG-3 files of every kind, albums and things that are no file", async () => {
    await using bot = await testBot();
    const bytes = png(200, 100);
    for (const kind of ["image", "video", "audio", "voice", "document", "sticker"] as const) {
      await bot.simulator.say({
        from: "Ada",
        text: `a ${kind}`,
        attach: { kind, bytes, fileName: "f.png", mimeType: "image/png" },
      });
    }
    await bot.simulator.say({
      from: "Ada",
      text: "two",
      album: [
        { kind: "image", bytes },
        { kind: "image", bytes },
      ],
    });
    await bot.simulator.say({ from: "Ada", content: { location: { latitude: 1, longitude: 2 } } });
    const messages = (await bot.updates()).map(({ message }) => message);
    const [image, video, audio, voice, document, sticker, first, second, place] = messages;
    expect(image?.photo?.map(({ width, height }) => [width, height])).toEqual([
      [90, 45],
      [200, 100],
    ]);
    expect(image?.caption).toBe("a image");
    expect(video?.video).toMatchObject({ mime_type: "image/png", file_size: bytes.length });
    expect(audio?.audio).toMatchObject({ file_name: "f.png" });
    expect(voice?.voice).toMatchObject({ file_size: bytes.length });
    expect(document?.document).toMatchObject({ file_name: "f.png", mime_type: "image/png", file_size: bytes.length });
    expect(sticker?.sticker).toMatchObject({ type: "regular", is_animated: false });
    expect(first?.media_group_id).toBe(second?.media_group_id);
    expect([first?.caption, second?.caption]).toEqual(["two", undefined]);
    expect(place?.location).toEqual({ latitude: 1, longitude: 2 });
    const file = await bot.result<{ file_path: string }>("getFile", { file_id: document?.document?.file_id });
    const download = await fetch(`${bot.url}/file/bot${bot.token}/${file.file_path}`);
    expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it("edits of people, and none of the bot's messages or for nothing", async () => {
    await using bot = await testBot();
    const { conversation, chat_id } = await bot.chat();
    const said = await bot.simulator.say({ from: "Ada", text: "one" });
    await bot.simulator.edit({ ...said, text: "one" });
    await bot.simulator.edit({ ...said, text: "two @someone" });
    const [message, edited, ...more] = await bot.updates();
    expect(message?.message?.text).toBe("one");
    expect(more).toEqual([]);
    expect(edited?.edited_message).toMatchObject({
      message_id: Number(said.messageId),
      text: "two @someone",
      edit_date: expect.any(Number),
      entities: [{ type: "mention", offset: 4, length: 8 }],
    });
    const { message_id } = await bot.result("sendMessage", { chat_id, text: "mine" });
    const messageId = String(message_id) as MessageId;
    await expect(bot.simulator.edit({ conversation, messageId, text: "x" })).rejects.toMatchObject({ code: "REQ_001" });
  });

  it("buttons: a query, its answer, and labels that are not there", async () => {
    await using bot = await testBot();
    const { conversation, chat_id } = await bot.chat();
    const reply_markup = {
      inline_keyboard: [
        [
          { text: "A", callback_data: "a" },
          { text: "Site", url: "https://e.com" },
        ],
      ],
    };
    const { message_id } = await bot.result("sendMessage", { chat_id, text: "x", reply_markup });
    const message = { from: "Ada", conversation, messageId: String(message_id) as MessageId };
    await bot.simulator.press({ ...message, label: "A" });
    await bot.simulator.press({ ...message, label: "Site" });
    const [update, ...more] = await bot.updates();
    expect(more).toEqual([]);
    expect(update?.callback_query).toMatchObject({
      id: expect.any(String),
      from: { first_name: "Ada" },
      data: "a",
      chat_instance: expect.any(String),
      message: { message_id, text: "x", reply_markup },
    });
    await expect(bot.simulator.press({ ...message, label: "B" })).rejects.toThrow(
      'No button "B" there; there is ["A","Site"]',
    );
  });

  it("a reply keyboard writes its label into the chat", async () => {
    await using bot = await testBot();
    const { conversation, chat_id } = await bot.chat();
    const reply_markup = { keyboard: [["Yes", { text: "No" }]], resize_keyboard: true };
    const { message_id } = await bot.result("sendMessage", { chat_id, text: "x", reply_markup });
    expect(bot.simulator.sent()[0]?.controls).toEqual([[{ label: "Yes" }, { label: "No" }]]);
    await bot.simulator.press({ from: "Ada", conversation, messageId: String(message_id) as MessageId, label: "No" });
    expect((await bot.updates())[0]?.message?.text).toBe("No");
  });

  it("reactions replace each other and are taken back", async () => {
    await using bot = await testBot();
    await allUpdates(bot);
    const said = await bot.simulator.say({ from: "Ada", text: "x" });
    for (const emoji of ["👍", "❤️", "❤️"]) await bot.simulator.react({ from: "Ada", ...said, emoji });
    const reactions = (await bot.updates()).flatMap(({ message_reaction }) => message_reaction ?? []);
    const emojis = (of: "old_reaction" | "new_reaction") =>
      reactions.map((reaction) => reaction[of].map((one) => (one.type === "emoji" ? one.emoji : "")));
    expect(emojis("old_reaction")).toEqual([[], ["👍"], ["❤"]]);
    expect(emojis("new_reaction")).toEqual([["👍"], ["❤"], []]);
    await expect(bot.simulator.react({ from: "Ada", ...said, emoji: "🥝" })).rejects.toMatchObject({ code: "REQ_001" });
  });

  it("forums: topics are threads, and an answer in one refers to its root", async () => {
    await using bot = await testBot();
    const { conversation, threads } = await bot.simulator.createGroup({
      title: "F",
      people: ["Ada", "Bob"],
      threads: ["One", "Two"],
    });
    const created = await bot.updates();
    expect(kinds(created)).toEqual(["my_chat_member", "message", "message", "message"]);
    expect(created[0]?.my_chat_member).toMatchObject({
      chat: { type: "supergroup", is_forum: true, title: "F" },
      old_chat_member: { status: "left" },
      new_chat_member: { status: "administrator" },
    });
    expect(created[2]?.message).toMatchObject({
      forum_topic_created: { name: "One" },
      is_topic_message: true,
      message_thread_id: Number(threads[0]),
    });
    const thread = threads[1];
    if (!thread) throw new Error("no topic");
    await bot.simulator.say({ from: "Bob", conversation, thread, text: "here", mention: true });
    await bot.simulator.say({ from: "Bob", conversation, text: "in general" });
    const [inTopic, general] = await bot.updates();
    expect(inTopic?.message).toMatchObject({
      message_thread_id: Number(thread),
      is_topic_message: true,
      text: "@switchboard_bot here",
      reply_to_message: { message_id: Number(thread), forum_topic_created: { name: "Two" } },
    });
    expect(general?.message?.message_thread_id).toBeUndefined();
    await bot.result("sendMessage", { chat_id: conversation, message_thread_id: Number(thread), text: "answer" });
    // What Telegram shows as a reply to the topic's root is none that anybody made.
    expect(bot.simulator.sent({ conversation })).toMatchObject([{ text: "answer", thread }]);
    expect(bot.simulator.sent({ conversation })[0]?.replyTo).toBeUndefined();
  });

  it("groups: joining, leaving, removing, migrating", async () => {
    await using bot = await testBot();
    await allUpdates(bot);
    const { simulator } = bot;
    const { conversation } = await simulator.createGroup({ title: "G", people: ["Ada"] });
    await simulator.join("Bob", conversation);
    await simulator.leave("Bob", conversation);
    const supergroup = await simulator.migrate(conversation);
    const updates = await bot.updates();
    expect(kinds(updates)).toEqual([
      "my_chat_member",
      "message",
      "chat_member",
      "message",
      "chat_member",
      "message",
      "message",
      "message",
    ]);
    expect(updates[3]?.message?.new_chat_members).toMatchObject([{ first_name: "Bob" }]);
    expect(updates[5]?.message?.left_chat_member).toMatchObject({ first_name: "Bob" });
    expect(updates[6]?.message).toMatchObject({
      chat: { id: Number(conversation) },
      migrate_to_chat_id: Number(supergroup),
    });
    expect(updates[7]?.message).toMatchObject({
      chat: { id: Number(supergroup), type: "supergroup" },
      migrate_from_chat_id: Number(conversation),
    });
    expect(String(supergroup)).toMatch(/^-100\d+$/);
    await simulator.removeBot(supergroup);
    await simulator.say({ from: "Ada", conversation: supergroup, text: "among ourselves" });
    const removed = await bot.updates();
    expect(kinds(removed)).toEqual(["my_chat_member"]);
    expect(removed[0]?.my_chat_member?.new_chat_member.status).toBe("kicked");
  });

  it("blocking is told, and writing ends it", async () => {
    await using bot = await testBot();
    await bot.chat();
    await bot.simulator.block("Ada");
    await bot.simulator.say({ from: "Ada", text: "again" });
    const updates = await bot.updates();
    expect(kinds(updates)).toEqual(["my_chat_member", "my_chat_member", "message"]);
    expect(updates.map(({ my_chat_member }) => my_chat_member?.new_chat_member.status)).toEqual([
      "kicked",
      "member",
      undefined,
    ]);
  });

  it("channels speak for themselves", async () => {
    await using bot = await testBot();
    const { conversation } = await bot.simulator.createGroup({ title: "News", people: ["Ada"], kind: "channel" });
    const post = await bot.simulator.say({ from: "Ada", conversation, text: "a post" });
    await bot.simulator.edit({ ...post, text: "a better post" });
    const updates = await bot.updates();
    expect(kinds(updates)).toEqual(["my_chat_member", "channel_post", "edited_channel_post"]);
    expect(updates[1]?.channel_post).toMatchObject({ text: "a post", sender_chat: { title: "News", type: "channel" } });
    expect(updates[1]?.channel_post?.from).toBeUndefined();
    await bot.result("sendMessage", { chat_id: conversation, text: "by the bot" });
    expect(bot.simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["by the bot"]);
  });

  it("AGT-4 typing is shown for a while, or until the bot speaks", async () => {
    await using bot = await testBot();
    const { conversation, chat_id } = await bot.chat();
    await bot.result("sendChatAction", { chat_id, action: "typing" });
    expect(bot.simulator.typing()).toEqual([conversation]);
    await bot.result("sendMessage", { chat_id, text: "done" });
    expect(bot.simulator.typing()).toEqual([]);
  });

  it("misuse is answered with what is wrong", async () => {
    await using bot = await testBot();
    const conversation = "-1" as ConversationId;
    await expect(bot.simulator.say({ from: "Ada", conversation, text: "x" })).rejects.toMatchObject({
      code: "REQ_002",
    });
    await expect(bot.simulator.say({ from: "Ada" })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(bot.simulator.waitFor(() => false, { timeoutMs: 20 })).rejects.toThrow("nothing was sent there");
    await expect(bot.simulator.waitFor(() => false, { timeoutMs: 20 })).rejects.toMatchObject({ code: "MSG_007" });
  });
});
