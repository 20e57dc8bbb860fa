/** The simulator as a widely used client sees it. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { StartSimulator } from "@switchboard/domain";
import { png } from "@switchboard/simulator-kit/testing";
import { Bot, InputFile, webhookCallback } from "grammy";
import { describe, expect, it } from "vitest";
import { startSimulator, type TelegramSimulator } from "./index.ts";

function botOf(simulator: TelegramSimulator): Bot {
  const { token, baseUrl } = simulator.accountConfig() as { token: string; baseUrl: string };
  return new Bot(token, { client: { apiRoot: baseUrl } });
}

/** A bot with everything that the tests talk to. */
function answering(bot: Bot): Bot {
  bot.command("start", (ctx) =>
    ctx.reply("Choose", { reply_markup: { inline_keyboard: [[{ text: "A", callback_data: "a" }]] } }),
  );
  bot.on("callback_query:data", async (ctx) => {
    await ctx.answerCallbackQuery({ text: "noted" });
    await ctx.editMessageText(`You chose ${ctx.callbackQuery.data}`);
  });
  bot.on("message:photo", async (ctx) => {
    const file = await ctx.getFile();
    const url = `${bot.api.options?.apiRoot}/file/bot${bot.token}/${file.file_path}`;
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    await ctx.replyWithDocument(new InputFile(bytes, "back.png"), { caption: `${bytes.length} bytes` });
  });
  bot.on("message:text", (ctx) =>
    ctx.reply(`echo: ${ctx.message.text}`, { reply_parameters: { message_id: ctx.message.message_id } }),
  );
  bot.on("edited_message:text", (ctx) => ctx.reply(`edited: ${ctx.editedMessage.text}`));
  return bot;
}

async function converse(simulator: TelegramSimulator): Promise<void> {
  const start = await simulator.say({ from: "Ada", text: "/start" });
  const offer = await simulator.waitFor(({ text }) => text === "Choose");
  expect(offer.controls).toEqual([[{ label: "A" }]]);
  await simulator.press({ from: "Ada", conversation: start.conversation, messageId: offer.id, label: "A" });
  const chosen = await simulator.waitFor(({ text }) => text === "You chose a");
  expect(chosen).toMatchObject({ id: offer.id, edits: 1, controls: [] });

  const said = await simulator.say({ from: "Ada", text: "hello" });
  const echoed = await simulator.waitFor(({ text }) => text === "echo: hello");
  expect(echoed.replyTo).toBe(said.messageId);
  await simulator.edit({ ...said, text: "hello again" });
  await simulator.waitFor(({ text }) => text === "edited: hello again");

  const picture = png(300, 200);
  await simulator.say({ from: "Ada", attach: { kind: "image", bytes: picture } });
  const back = await simulator.waitFor(({ attachments }) => attachments.length > 0);
  expect(back.text).toBe(`${picture.length} bytes`);
  expect(back.attachments).toMatchObject([{ kind: "document", fileName: "back.png" }]);
  expect(Buffer.from(back.attachments[0]?.bytes ?? []).equals(picture)).toBe(true);

  const { conversation, threads } = await simulator.createGroup({
    title: "Forum",
    people: ["Ada", "Bob"],
    threads: ["One"],
  });
  const [thread] = threads;
  if (!thread) throw new Error("no topic was made");
  await simulator.say({ from: "Bob", conversation, thread, text: "in a topic", mention: true });
  const inTopic = await simulator.waitFor(({ text }) => text.includes("in a topic"), { conversation });
  expect(inTopic).toMatchObject({ text: "echo: @switchboard_bot in a topic", thread, conversation });
}

describe("CH-1 the simulator with grammY", () => {
  it("holds a conversation over long polling", async () => {
    const simulator = await startSimulator();
    const bot = answering(botOf(simulator));
    const running = bot.start();
    try {
      await converse(simulator);
    } finally {
      await bot.stop();
      await running;
      await simulator.close();
    }
  });

  it("holds a conversation over a webhook", async () => {
    const simulator = await startSimulator();
    const bot = answering(botOf(simulator));
    await bot.init();
    const server: Server = createServer(webhookCallback(bot, "http", { secretToken: "s3cret" }));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      await bot.api.setWebhook(`http://127.0.0.1:${port}/hook`, { secret_token: "s3cret" });
      await converse(simulator);
      const info = await bot.api.getWebhookInfo();
      expect(info).toMatchObject({ url: `http://127.0.0.1:${port}/hook`, pending_update_count: 0 });
      expect(info.last_error_message).toBeUndefined();
    } finally {
      await simulator.close();
      server.closeAllConnections();
      server.close();
    }
  });

  it("CH-0 is started like every channel's simulator", async () => {
    const start: StartSimulator = startSimulator;
    const simulator = await start();
    expect(simulator.accountConfig({ transport: "webhook" })).toEqual({
      token: expect.stringMatching(/^\d+:[\w-]{35}$/),
      baseUrl: simulator.url,
      transport: "webhook",
    });
    await simulator.close();
    await expect(fetch(simulator.url)).rejects.toThrow();
  });

  it("keeps bots apart that share the port", async () => {
    const simulator = await startSimulator();
    const other = simulator.account("other_bot");
    try {
      expect(other.accountConfig().token).not.toBe(simulator.accountConfig().token);
      const { conversation } = await simulator.say({ from: "Ada", text: "to the first" });
      expect([simulator.pendingUpdates(), other.pendingUpdates()]).toEqual([1, 0]);
      const { token, baseUrl } = other.accountConfig() as { token: string; baseUrl: string };
      const second = new Bot(token, { client: { apiRoot: baseUrl } });
      await expect(second.api.sendMessage(conversation, "hi")).rejects.toThrow("chat not found");
      expect((await second.api.getMe()).username).toBe("other_bot");
    } finally {
      await simulator.close();
    }
  });
});
