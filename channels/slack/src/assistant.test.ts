/** CH-2: Slack's panel for agents. */

import { describe, expect, it } from "vitest";
import type { SlackSimulatorOptions } from "../simulator/index.ts";
import { scene } from "./scene.test.helper.ts";
import { SCOPE_NAMES } from "./scopes.ts";

const suggestedPrompts = [
  { title: "What is new?", message: "Tell me what is new" },
  { title: "Help", message: "What can you do?" },
];

async function panel(config: Parameters<typeof scene>[0] & object = {}, simulated: SlackSimulatorOptions = {}) {
  const calls: [string, Readonly<Record<string, unknown>>][] = [];
  const onCall = (method: string, fields: Readonly<Record<string, unknown>>) => {
    if (method.startsWith("assistant.")) calls.push([method.replace("assistant.threads.", ""), fields]);
  };
  const it = await scene({ ...config, simulated: { ...simulated, onCall } });
  return { it, calls, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() };
}

describe("CH-2 a conversation that is begun in the panel for agents", () => {
  it("gets the account's suggestions, is called by what is said first, and is answered in its thread", async () => {
    await using scene = await panel({ config: { suggestedPrompts, suggestedPromptsTitle: "Try one" } });
    const { calls, it } = scene;
    const { conversation, thread } = await it.simulator.beginThread("Ann");
    const shown = () => it.simulator.panel(conversation, thread);
    await it.until(() => shown().suggested !== undefined, "suggestions");
    expect(shown().suggested).toEqual({ title: "Try one", prompts: suggestedPrompts });
    await it.simulator.press({ from: "Ann", conversation, messageId: thread as never, label: "What is new?" });
    const event = await it.event("message");
    expect([event.content.text, event.thread]).toEqual(["Tell me what is new", thread]);
    await it.until(() => shown().title !== undefined, "a title");
    await it.simulator.say({ from: "Ann", conversation, thread, text: "and more" });
    await it.event("message", ({ content }) => content.text === "and more");
    await it.simulator.openMessages("Ann");
    await it.simulator.say({ from: "Ann", conversation, text: "outside" });
    await it.event("message", ({ content }) => content.text === "outside");
    await it.simulator.openHome("Ann");
    await it.until(() => it.simulator.home("Ann") !== undefined, "what came later");
    expect(shown().title).toBe("Tell me what is new");
    expect(calls.map(([method]) => method)).toEqual(["setSuggestedPrompts", "setTitle"]);
  });

  it("in the newer panel suggestions come with the messages, and name no thread", async () => {
    await using scene = await panel({ config: { suggestedPrompts } });
    const { calls, it } = scene;
    const { conversation, messageId } = await it.simulator.say({ from: "Ann", text: "hello" });
    await it.simulator.openMessages("Ann");
    await it.until(() => it.simulator.panel(conversation, messageId).suggested !== undefined, "suggestions");
    expect(Object.keys(calls[0]?.[1] ?? {}).sort()).toEqual(["channel_id", "prompts"]);
  });

  it("without suggestions and titles nothing is called", async () => {
    await using scene = await panel({ config: { threadTitles: false } });
    const { calls, it } = scene;
    const { conversation, thread } = await it.simulator.beginThread("Ann");
    await it.simulator.openMessages("Ann");
    await it.simulator.say({ from: "Ann", conversation, thread, text: "hello" });
    await it.event("message");
    await it.simulator.openHome("Ann");
    await it.until(() => it.simulator.home("Ann") !== undefined, "what came later");
    expect(calls).toEqual([]);
  });

  it("the scope is asked for where there are suggestions, and not else", async () => {
    const noteOf = async (config: object) => {
      await using scene = await panel({ config: config as never }, { scopes: SCOPE_NAMES });
      await scene.it.connection.disconnect();
      return (await scene.it.connection.connect()).note;
    };
    expect(await noteOf({ suggestedPrompts })).toContain("assistant:write (to suggest what to ask)");
    expect(await noteOf({})).toBeUndefined();
  });
});
