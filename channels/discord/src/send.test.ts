/** What a send leaves behind, and how it is found again. */
import { markdownContent, type SwitchboardError, textContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import channel from "./index.ts";
import { answerTo, discordScene } from "./scene.test.helper.ts";
import { nonceOf } from "./send.ts";

async function greeted() {
  const it = await discordScene();
  await it.connect();
  await it.simulator.say({ from: "Ann", text: "hello" });
  const target = answerTo(await it.event("message"));
  const part = (text: string) => {
    const [first] = channel.render(textContent(text), target);
    if (!first) throw new Error("nothing rendered");
    return first;
  };
  const send = (text: string, deliveryId: string) =>
    it.connection.send(target, part(text), {
      deliveryId,
      number: 1,
      kind: "answer",
      signal: it.account.context.signal,
    });
  const find = (text: string, deliveryId: string, startedAt = Date.now() - 1_000) =>
    it.connection.reconcile?.(target, part(text), { deliveryId, startedAt }, it.account.context.signal);
  return Object.assign(it, { target, part, sendAs: send, find });
}

describe("CH-3 sending", () => {
  it("a nonce is one for a delivery, and fits", () => {
    expect(nonceOf("dlv_1")).toBe(nonceOf("dlv_1"));
    expect(nonceOf("dlv_1")).not.toBe(nonceOf("dlv_2"));
    expect(nonceOf("x".repeat(10_000))).toHaveLength(25);
  });

  it("Q-6 a delivery that is sent again makes no second message", async () => {
    await using it = await greeted();
    const first = await it.sendAs("once", "dlv_a");
    expect(await it.sendAs("once", "dlv_a")).toEqual(first);
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["once"]);
  });

  it("Q-6 what broke off is found by what the gateway told, and only that says which of two alike it is", async () => {
    await using it = await greeted();
    it.simulator.inject({ on: "send", kind: "cut-after", times: 1 });
    await expect(it.sendAs("arrived", "dlv_b")).rejects.toMatchObject({ code: "CONN_001", delivered: "unknown" });
    let found: Awaited<ReturnType<typeof it.find>>;
    const deadline = performance.now() + 5_000;
    do found = await it.find("arrived", "dlv_b");
    while (!found && performance.now() < deadline);
    expect(found).toEqual({ arrived: { messageIds: [it.simulator.sent()[0]?.id] } });
    // Another delivery with the same words may be the one that is there, or not.
    expect(await it.find("arrived", "dlv_other")).toBeUndefined();
    expect(await it.find("never sent", "dlv_c")).toEqual({ arrived: false });
  });

  it("Q-6 what broke off before it left certainly did not arrive", async () => {
    await using it = await greeted();
    it.simulator.inject({ on: "send", kind: "cut-before", times: 1 });
    const thrown: SwitchboardError = await it.sendAs("lost", "dlv_d").then(
      () => Promise.reject(new Error("it did not fail")),
      (error) => error,
    );
    expect(thrown).toMatchObject({ code: "CONN_001", delivered: "unknown" });
    expect(await it.find("lost", "dlv_d")).toEqual({ arrived: false });
  });

  it("Q-6 an empty list does not say that it did not arrive: without the right to read it, it is empty, too", async () => {
    await using it = await greeted();
    // Nothing is newer than that.
    expect(await it.find("lost", "dlv_f", Date.now() + 3_600_000)).toBeUndefined();
  });

  it("the bot's own messages are neither stored nor answered", async () => {
    await using it = await greeted();
    await it.sendAs("mine", "dlv_e");
    await it.simulator.say({ from: "Ann", text: "after" });
    await it.until(() => it.events().length === 2, "the message after it");
    expect(it.events().map((event) => event.kind === "message" && event.content.text)).toEqual(["hello", "after"]);
  });

  it("MSG-4 pings nobody but people, whatever an agent writes", async () => {
    await using it = await greeted();
    await it.send(it.target, markdownContent("@everyone <@&5> and <@1>"));
    expect(it.simulator.lastCall("POST", "/messages")).toMatchObject({
      allowed_mentions: { parse: ["users"], replied_user: false },
      enforce_nonce: true,
      flags: 4,
    });
  });

  it("takes the older reaction back also when that failed the first time", async () => {
    await using it = await greeted();
    const { signal } = it.account.context;
    const said = await it.event("message");
    const react = (emoji: string | undefined) => it.connection.react?.(it.target, said.messageId, emoji, signal);
    await react("👀");
    // The call that adds the new one passes, the one that removes the older does not.
    const { conversation } = it.target;
    it.simulator.inject({ on: "any", kind: "slow", delayMs: 1, times: 1, conversation });
    it.simulator.inject({ on: "any", kind: "server-error", times: 1, conversation });
    await expect(react("✅")).rejects.toBeDefined();
    expect(it.simulator.ownReactions({ conversation: it.target.conversation, messageId: said.messageId })).toEqual([
      "👀",
      "✅",
    ]);
    await react("✅");
    expect(it.simulator.ownReactions({ conversation: it.target.conversation, messageId: said.messageId })).toEqual([
      "✅",
    ]);
  });

  it("reacts with one emoji at a time, to any message, and takes it back", async () => {
    await using it = await greeted();
    const { signal } = it.account.context;
    const said = await it.event("message");
    const react = (emoji: string | undefined) => it.connection.react?.(it.target, said.messageId, emoji, signal);
    await react("👀");
    expect(it.simulator.ownReactions({ conversation: it.target.conversation, messageId: said.messageId })).toEqual([
      "👀",
    ]);
    await react("✅");
    await react("✅");
    expect(it.simulator.ownReactions({ conversation: it.target.conversation, messageId: said.messageId })).toEqual([
      "✅",
    ]);
    await react(undefined);
    await react(undefined);
    expect(it.simulator.ownReactions({ conversation: it.target.conversation, messageId: said.messageId })).toEqual([]);
    await expect(react("no emoji")).rejects.toMatchObject({ code: "MSG_008" });
    // What the bot did itself is no event.
    await it.simulator.say({ from: "Ann", text: "after" });
    await it.until(() => it.events().length === 2, "the message after it");
    expect(it.events().map(({ kind }) => kind)).toEqual(["message", "message"]);
  });
});
