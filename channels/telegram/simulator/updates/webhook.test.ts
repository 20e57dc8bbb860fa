import { setTimeout as sleep } from "node:timers/promises";
import type { Update, WebhookInfo } from "@grammyjs/types";
import { type TakenDelivery, type WebhookTarget, webhookTarget } from "@switchboard/simulator-kit/testing";
import { describe, expect, it } from "vitest";
import { type TestBot, testBot } from "../testing/client.ts";

const ok = { status: 200 };

const updateOf = ({ body }: TakenDelivery): Update => JSON.parse(body) as Update;

const texts = ({ deliveries }: WebhookTarget): (string | undefined)[] =>
  deliveries.map((delivery) => updateOf(delivery).message?.text);

const info = (bot: TestBot): Promise<WebhookInfo> => bot.result<WebhookInfo>("getWebhookInfo");

/** Deliveries are confirmed a moment after they were answered. */
async function settled(bot: TestBot, pending: number): Promise<void> {
  while (bot.simulator.pendingUpdates() !== pending) await sleep(5);
}

describe("CH-1 the simulator's webhook", () => {
  it("delivers what is pending and what comes, with the secret", async () => {
    await using bot = await testBot();
    await using target = await webhookTarget(() => ok);
    await bot.simulator.say({ from: "Ada", text: "before" });
    await bot.result("setWebhook", { url: target.url, secret_token: "s3cret_-" });
    await bot.simulator.say({ from: "Ada", text: "after" });
    await target.count(2);
    expect(texts(target)).toEqual(["before", "after"]);
    expect(target.deliveries[0]?.headers).toMatchObject({
      "x-telegram-bot-api-secret-token": "s3cret_-",
      "content-type": "application/json",
    });
    await settled(bot, 0);
    expect(await info(bot)).toEqual({
      url: target.url,
      has_custom_certificate: false,
      pending_update_count: 0,
      max_connections: 40,
      ip_address: "127.0.0.1",
    });
  });

  it("refuses getUpdates while it is set, and ends a waiting one", async () => {
    await using bot = await testBot();
    await using target = await webhookTarget(() => ok);
    const waiting = bot.call("getUpdates", { timeout: 30 });
    await bot.result("getMe");
    await bot.result("setWebhook", { url: target.url });
    expect(await waiting).toMatchObject({ error_code: 409, description: "Conflict: terminated by setWebhook request" });
    expect(await bot.call("getUpdates")).toMatchObject({
      status: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    await bot.result("deleteWebhook");
    expect(await bot.call("getUpdates")).toMatchObject({ ok: true });
  });

  it("Q-5 keeps the order within a chat and serves chats side by side", async () => {
    await using bot = await testBot();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using target = await webhookTarget(async (delivery) => {
      if (updateOf(delivery).message?.text === "ada 1") await held;
      return ok;
    });
    await bot.result("setWebhook", { url: target.url });
    for (const number of [1, 2, 3]) {
      await bot.simulator.say({ from: "Ada", text: `ada ${number}` });
      await bot.simulator.say({ from: "Bob", text: `bob ${number}` });
    }
    await target.count(4);
    expect(texts(target).filter((text) => text?.startsWith("bob"))).toEqual(["bob 1", "bob 2", "bob 3"]);
    expect(texts(target).filter((text) => text?.startsWith("ada"))).toEqual(["ada 1"]);
    release();
    await target.count(6);
    expect(texts(target).filter((text) => text?.startsWith("ada"))).toEqual(["ada 1", "ada 2", "ada 3"]);
  });

  it("opens no more connections than allowed", async () => {
    await using bot = await testBot();
    await using target = await webhookTarget(async () => {
      await sleep(20);
      return ok;
    });
    await bot.result("setWebhook", { url: target.url, max_connections: 2 });
    for (let person = 0; person < 8; person += 1) await bot.simulator.say({ from: `Person ${person}`, text: "hi" });
    await target.count(8);
    expect(target.mostAtOnce()).toBe(2);
  });

  it("Q-1 repeats what was not accepted, later and later, and says why", async () => {
    await using bot = await testBot({ webhookRetryMs: 10 });
    const at: number[] = [];
    await using target = await webhookTarget((_delivery, index) => {
      at.push(performance.now());
      return index < 4 ? { status: 503 } : ok;
    });
    await bot.result("setWebhook", { url: target.url });
    await bot.simulator.say({ from: "Ada", text: "first" });
    await bot.simulator.say({ from: "Ada", text: "second" });
    await target.count(2);
    expect(await info(bot)).toMatchObject({
      pending_update_count: 2,
      last_error_message: "Wrong response from the webhook: 503 Service Unavailable",
    });
    expect((await info(bot)).last_error_date).toBeTypeOf("number");
    await target.count(6);
    expect(texts(target)).toEqual(["first", "first", "first", "first", "first", "second"]);
    // At once, then after twice, four and eight times the first pause at least: a busy machine only adds to that.
    for (const [index, least] of [0, 20, 40, 80].entries()) {
      expect((at[index + 1] ?? 0) - (at[index] ?? 0)).toBeGreaterThanOrEqual(least - 2);
    }
    await settled(bot, 0);
  });

  it("waits as long as the answer asks", async () => {
    await using bot = await testBot({ webhookRetryMs: 60_000 });
    await using target = await webhookTarget((_delivery, index) =>
      index === 0 ? { status: 429, headers: { "retry-after": "1" } } : ok,
    );
    await bot.result("setWebhook", { url: target.url });
    await bot.simulator.say({ from: "Ada", text: "hi" });
    await target.count(2);
    expect(texts(target)).toEqual(["hi", "hi"]);
  });

  it("notices broken connections and closed ports", async () => {
    await using bot = await testBot({ webhookRetryMs: 10 });
    await using target = await webhookTarget((_delivery, index) => (index === 0 ? false : ok));
    await bot.result("setWebhook", { url: target.url });
    await bot.simulator.say({ from: "Ada", text: "hi" });
    await target.count(2);
    await settled(bot, 0);
    expect(await info(bot)).toMatchObject({ last_error_message: "Connection reset by peer" });
    await bot.result("setWebhook", { url: "http://127.0.0.1:9/" });
    await bot.simulator.say({ from: "Ada", text: "hi" });
    while ((await info(bot)).last_error_message === undefined) await sleep(5);
    expect(await info(bot)).toMatchObject({ last_error_message: "Connection refused", pending_update_count: 1 });
  });

  it("oc#42681 redelivers, and delivers again when the answer is lost", async () => {
    await using bot = await testBot();
    await using target = await webhookTarget(() => ok);
    await bot.result("setWebhook", { url: target.url });
    await bot.simulator.say({ from: "Ada", text: "a" });
    await target.count(1);
    await settled(bot, 0);
    await bot.simulator.redeliver(1);
    await target.count(2);
    expect(target.deliveries[1]?.body).toEqual(target.deliveries[0]?.body);
    bot.simulator.inject({ on: "receive", kind: "cut-after", times: 1 });
    await bot.simulator.say({ from: "Ada", text: "b" });
    await target.count(4);
    expect(texts(target)).toEqual(["a", "a", "b", "b"]);
  });

  it("does what the answer calls for", async () => {
    await using bot = await testBot();
    await using target = await webhookTarget((delivery) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        method: "sendMessage",
        chat_id: updateOf(delivery).message?.chat.id,
        text: "answered in place",
      }),
    }));
    await bot.result("setWebhook", { url: target.url });
    await bot.simulator.say({ from: "Ada", text: "hi" });
    expect(await bot.simulator.waitFor(({ text }) => text === "answered in place")).toMatchObject({ deleted: false });
  });

  it("drops what is pending when asked, and refuses nonsense", async () => {
    await using bot = await testBot();
    await bot.simulator.say({ from: "Ada", text: "old" });
    expect(await bot.call("setWebhook", { url: "ftp://example.com" })).toMatchObject({
      description: "Bad Request: invalid webhook URL specified",
    });
    expect(await bot.call("setWebhook", { url: "https://example.com", secret_token: "no spaces" })).toMatchObject({
      description: "Bad Request: secret token contains unallowed characters",
    });
    await bot.result("deleteWebhook", { drop_pending_updates: true });
    expect(await bot.updates()).toEqual([]);
  });
});
