import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { testBot } from "../testing/client.ts";

describe("CH-1 faults of the simulator", () => {
  it("rate-limit: 429 with retry_after, and nothing happened", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    bot.simulator.inject({ on: "send", kind: "rate-limit", times: 2, retryAfterMs: 3500 });
    for (let time = 0; time < 2; time += 1) {
      expect(await bot.call("sendMessage", { chat_id, text: "x" })).toEqual({
        status: 429,
        ok: false,
        error_code: 429,
        description: "Too Many Requests: retry after 4",
        parameters: { retry_after: 4 },
      });
    }
    expect(bot.simulator.sent()).toEqual([]);
    expect(await bot.call("sendMessage", { chat_id, text: "x" })).toMatchObject({ ok: true });
  });

  it("server-error, unauthorised, forbidden", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    const { conversation } = await bot.simulator.createGroup({ title: "G", people: ["Ada"] });
    const send = (to: unknown) => bot.call("sendMessage", { chat_id: to, text: "x" });
    bot.simulator.inject({ on: "any", kind: "server-error", times: 1 });
    expect(await bot.call("getMe")).toMatchObject({ status: 500, description: "Internal Server Error" });
    bot.simulator.inject({ on: "send", kind: "unauthorised", times: 1 });
    expect(await send(chat_id)).toMatchObject({ status: 401, description: "Unauthorized" });
    bot.simulator.inject({ on: "send", kind: "forbidden", times: 2 });
    expect(await send(chat_id)).toMatchObject({ status: 403, description: "Forbidden: bot was blocked by the user" });
    expect(await send(conversation)).toMatchObject({ description: "Forbidden: bot was kicked from the group chat" });
    expect(bot.simulator.sent()).toEqual([]);
  });

  it("oc#87178 cut-after: it is done and the answer never comes; cut-before: it is not done", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    bot.simulator.inject({ on: "send", kind: "cut-after", times: 1 });
    await expect(bot.call("sendMessage", { chat_id, text: "done" })).rejects.toThrow();
    bot.simulator.inject({ on: "send", kind: "cut-before", times: 1 });
    await expect(bot.call("sendMessage", { chat_id, text: "not done" })).rejects.toThrow();
    expect(bot.simulator.sent().map(({ text }) => text)).toEqual(["done"]);
  });

  it("slow: the thing is done at once, the answer takes its time", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    bot.simulator.inject({ on: "send", kind: "slow", times: 1, delayMs: 150 });
    const order: string[] = [];
    const slow = bot.result("sendMessage", { chat_id, text: "slow" }).then(() => order.push("slow"));
    await bot.simulator.waitFor(({ text }) => text === "slow");
    await bot.result("getMe").then(() => order.push("other"));
    await slow;
    expect(order).toEqual(["other", "slow"]);
  });

  it("hits only the calls it is meant for", async () => {
    await using bot = await testBot();
    const { conversation: ada } = await bot.chat("Ada");
    const { conversation: bob } = await bot.chat("Bob");
    const send = (chat_id: unknown) => bot.call("sendMessage", { chat_id, text: "x" });
    bot.simulator.inject({ on: "send", kind: "server-error", times: 1, conversation: bob });
    bot.simulator.inject({ on: "edit", kind: "server-error", times: 1 });
    bot.simulator.inject({ on: "receive", kind: "server-error", times: 1 });
    const sent = await send(ada);
    expect(sent).toMatchObject({ ok: true });
    expect(await send(bob)).toMatchObject({ error_code: 500 });
    expect(await send(bob)).toMatchObject({ ok: true });
    const { message_id } = sent.result as { message_id: number };
    const edit = () => bot.call("editMessageText", { chat_id: ada, message_id, text: "y" });
    expect(await edit()).toMatchObject({ error_code: 500 });
    expect(await edit()).toMatchObject({ ok: true });
    expect(await bot.call("getUpdates")).toMatchObject({ error_code: 500 });
    expect(await bot.call("getUpdates")).toMatchObject({ ok: true });
  });

  it("a button may be answered only for a while", async () => {
    await using bot = await testBot({ callbackMs: 30 });
    const { chat_id, conversation } = await bot.chat();
    const reply_markup = { inline_keyboard: [[{ text: "A", callback_data: "a" }]] };
    const { message_id } = await bot.result("sendMessage", { chat_id, text: "x", reply_markup });
    const press = async () => {
      await bot.simulator.press({ from: "Ada", conversation, messageId: String(message_id) as never, label: "A" });
      return (await bot.updates())[0]?.callback_query?.id;
    };
    expect(await bot.call("answerCallbackQuery", { callback_query_id: await press() })).toMatchObject({ ok: true });
    const late = await press();
    await sleep(60);
    expect(await bot.call("answerCallbackQuery", { callback_query_id: late })).toMatchObject({ error_code: 400 });
  });

  it("enforces Telegram's own limits when told to", async () => {
    await using bot = await testBot({ rateLimit: true });
    const people = Array.from({ length: 40 }, (_, index) => `Person ${index}`);
    const chats = await Promise.all(people.map((person) => bot.simulator.say({ from: person, text: "hi" })));
    const send = (chat_id: unknown) => bot.call("sendMessage", { chat_id, text: "x" });
    // One chat takes a short burst and then about one a second.
    const [first] = chats;
    const began = performance.now();
    const burst = await Promise.all(Array.from({ length: 6 }, () => send(first?.conversation)));
    const refused = burst.filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused[0]).toMatchObject({ status: 429, parameters: { retry_after: 1 } });
    // A bot gets about thirty a second through, whatever the chats.
    const all = await Promise.all(chats.slice(1).map(({ conversation }) => send(conversation)));
    const passed = all.filter(({ ok }) => ok).length;
    expect(passed).toBeGreaterThan(15);
    // The longer it takes on a busy machine, the more may pass.
    const seconds = (performance.now() - began) / 1000;
    expect(passed).toBeLessThanOrEqual(30 + 30 * seconds);
  });
});
