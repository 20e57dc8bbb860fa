import type { Update } from "@grammyjs/types";
import { describe, expect, it } from "vitest";
import { type TestBot, testBot } from "../testing/client.ts";

const ids = (updates: readonly Update[]): number[] => updates.map(({ update_id }) => update_id);
const texts = (updates: readonly Update[]): (string | undefined)[] => updates.map(({ message }) => message?.text);

async function say(bot: TestBot, ...words: readonly string[]): Promise<void> {
  for (const text of words) await bot.simulator.say({ from: "Ada", text });
}

describe("CH-1 getUpdates of the simulator", () => {
  it("gives the same updates until an offset confirms them", async () => {
    await using bot = await testBot();
    await say(bot, "a", "b", "c");
    const first = await bot.result<Update[]>("getUpdates");
    expect(texts(first)).toEqual(["a", "b", "c"]);
    expect(await bot.result("getUpdates")).toEqual(first);
    expect(texts(await bot.result("getUpdates", { limit: 2 }))).toEqual(["a", "b"]);
    const [, second] = ids(first);
    expect(texts(await bot.result("getUpdates", { offset: second }))).toEqual(["b", "c"]);
    expect(bot.simulator.pendingUpdates()).toBe(2);
    expect(texts(await bot.result("getUpdates", { offset: (second ?? 0) + 1 }))).toEqual(["c"]);
    expect(ids(first)).toEqual([...ids(first)].sort((a, b) => a - b));
  });

  it("a negative offset keeps only the newest", async () => {
    await using bot = await testBot();
    await say(bot, "a", "b", "c");
    expect(texts(await bot.result("getUpdates", { offset: -1 }))).toEqual(["c"]);
    expect(bot.simulator.pendingUpdates()).toBe(1);
  });

  it("an offset from the future loses nothing", async () => {
    await using bot = await testBot();
    await say(bot, "a");
    expect(texts(await bot.result("getUpdates", { offset: 2_000_000_000 }))).toEqual(["a"]);
  });

  it("waits until something happens", async () => {
    await using bot = await testBot();
    const steps: string[] = [];
    const waiting = bot.result<Update[]>("getUpdates", { timeout: 30 }).then((updates) => {
      steps.push("answered");
      return updates;
    });
    // Another call is answered meanwhile: the first one really is held.
    await bot.result("getMe");
    steps.push("said");
    await say(bot, "wake up");
    expect(texts(await waiting)).toEqual(["wake up"]);
    expect(steps).toEqual(["said", "answered"]);
  });

  it("answers with nothing when the time is up", async () => {
    await using bot = await testBot();
    expect(await bot.result("getUpdates", { timeout: 1 })).toEqual([]);
  });

  it("what happens together arrives together", async () => {
    await using bot = await testBot();
    const waiting = bot.result<Update[]>("getUpdates", { timeout: 30 });
    await bot.result("getMe");
    await Promise.all(["a", "b", "c"].map((text) => bot.simulator.say({ from: "Ada", text })));
    expect(texts(await waiting)).toEqual(["a", "b", "c"]);
  });

  it("oc#50913 a second poller ends the first with 409", async () => {
    await using bot = await testBot();
    const first = bot.call("getUpdates", { timeout: 30 });
    await bot.result("getMe");
    const second = bot.call("getUpdates", { timeout: 30 });
    expect(await first).toEqual({
      status: 409,
      ok: false,
      error_code: 409,
      description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    });
    await say(bot, "for the second");
    expect(await second).toMatchObject({ ok: true, result: [{ message: { text: "for the second" } }] });
  });

  it("a poller that hung up takes nothing with it", async () => {
    await using bot = await testBot();
    const controller = new AbortController();
    const url = `${bot.url}/bot${bot.token}/getUpdates?timeout=30`;
    const lost = fetch(url, { signal: controller.signal }).catch(() => "gone");
    await bot.result("getMe");
    controller.abort();
    expect(await lost).toBe("gone");
    await say(bot, "still here");
    expect(texts(await bot.result("getUpdates", { timeout: 30 }))).toEqual(["still here"]);
  });

  it("only kinds that were asked for are kept, from then on", async () => {
    await using bot = await testBot();
    const { conversation, messageId } = await bot.simulator.say({ from: "Ada", text: "a" });
    await bot.simulator.react({ from: "Ada", conversation, messageId, emoji: "👍" });
    // Reactions come only to a bot that names them.
    expect(await bot.updates()).toHaveLength(1);
    await bot.result("getUpdates", { allowed_updates: ["message_reaction"] });
    await say(bot, "b");
    await bot.simulator.react({ from: "Ada", conversation, messageId, emoji: "🔥" });
    const [update, ...more] = await bot.updates();
    expect(more).toEqual([]);
    expect(update?.message_reaction).toMatchObject({
      old_reaction: [{ type: "emoji", emoji: "👍" }],
      new_reaction: [{ type: "emoji", emoji: "🔥" }],
      user: { first_name: "Ada" },
    });
    // The setting stays until another list comes; an empty one is the default again.
    await bot.result("getUpdates", { allowed_updates: [] });
    await say(bot, "c");
    expect(texts(await bot.updates())).toEqual(["c"]);
  });

  it("oc#42681 redelivers what was confirmed, with its old ids", async () => {
    await using bot = await testBot();
    await say(bot, "a", "b", "c");
    const first = await bot.updates();
    expect(bot.simulator.pendingUpdates()).toBe(0);
    await bot.simulator.redeliver(2);
    expect(await bot.result("getUpdates", { offset: (first.at(-1)?.update_id ?? 0) + 1 })).toEqual(first.slice(1));
    expect(await bot.result("getUpdates")).toEqual([]);
  });

  it("never lets a repeat overtake what was not delivered yet", async () => {
    await using bot = await testBot();
    await say(bot, "a", "b");
    await bot.simulator.redeliver(1);
    const first = await bot.result<Update[]>("getUpdates");
    expect(texts(first)).toEqual(["a", "b"]);
    const again = await bot.result<Update[]>("getUpdates", { offset: (first.at(-1)?.update_id ?? 0) + 1 });
    expect(again).toEqual(first.slice(1));
  });

  it("wakes a waiting poller for a redelivery", async () => {
    await using bot = await testBot();
    await say(bot, "a");
    const first = await bot.updates();
    const waiting = bot.result<Update[]>("getUpdates", { timeout: 30 });
    await bot.result("getMe");
    await bot.simulator.redeliver(1);
    expect(await waiting).toEqual(first);
  });
});
