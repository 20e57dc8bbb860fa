import type { Control, SimulatedMessage, Simulator } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";

describe.concurrent("settings from chat", () => {
  let gateway: TestGateway;
  let simulator: Simulator;
  beforeAll(async () => {
    gateway = await startTestGateway({
      agent: { models: ["big model", "small model"] },
      account: { settings: { requireMention: false, groupCommands: "everyone" } },
    });
    simulator = gateway.simulator;
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const labelsOf = ({ controls }: SimulatedMessage) => controls.flat().map(({ label }) => label);
  const asked = (text: string) => gateway.model.requests.find(({ lastUserText }) => lastUserText.endsWith(text));
  const ignored = async () =>
    (await metric(gateway, "settled_events_total", {
      channel: gateway.platform.id,
      account: "default",
      state: "ignored",
    })) ?? 0;

  it("AGT-5 a group's menu belongs to whoever asked for it: nobody else turns its pages or sets anything", async () => {
    const { conversation } = await simulator.createGroup({ title: "Team", people: ["Ada", "Bob"] });
    await simulator.say({ from: "Ada", conversation, text: "/menu" });
    const menu = await simulator.waitFor(({ text }) => text.includes("Settings"), { conversation });
    const press = (from: string, label: string) => simulator.press({ from, conversation, messageId: menu.id, label });
    const before = await ignored();
    await press("Bob", "Model");
    await eventually(async () => (await ignored()) > before);
    expect(simulator.sent({ conversation })[0]).toMatchObject({ text: menu.text, edits: 0 });
    await press("Ada", "Model");
    await simulator.waitFor((each) => each.id === menu.id && labelsOf(each).includes("big model"), { conversation });
    await press("Bob", "small model");
    await eventually(async () => (await ignored()) > before + 1);
    await press("Ada", "big model");
    await simulator.waitFor((each) => each.id === menu.id && each.text.includes("Now: big model"), { conversation });
    await simulator.say({ from: "Bob", conversation, text: "who answers now" });
    await simulator.waitFor(({ text }) => text.endsWith("who answers now"), { conversation });
    expect(asked("who answers now")?.model).toBe("big model");
    // One message all the while.
    expect(simulator.sent({ conversation })).toHaveLength(2);
  });

  it("AGT-5 what is set in one conversation holds there only, and the default can be chosen again", async () => {
    const { conversation } = await simulator.say({ from: "Cem", text: '/model "big model"' });
    await simulator.waitFor(({ text }) => text === "Model is now big model.", { conversation });
    await simulator.say({ from: "Cem", text: "cem asks" });
    await simulator.waitFor(({ text }) => text === "cem asks", { conversation });
    const other = await simulator.say({ from: "Dan", text: "dan asks" });
    await simulator.waitFor(({ text }) => text === "dan asks", other);
    expect([asked("cem asks")?.model, asked("dan asks")?.model]).toEqual(["big model", "test-model"]);
    const session = await gateway.request("sessions.transcript", { key: await gateway.sessionOf(conversation) });
    expect(session.preferences).toEqual({ model: "big model" });
    await simulator.say({ from: "Cem", text: "/model test-model" });
    await simulator.waitFor(({ text }) => text === "Model is now test-model.", { conversation });
    await simulator.say({ from: "Cem", text: "cem asks again" });
    await simulator.waitFor(({ text }) => text === "cem asks again", { conversation });
    expect(asked("cem asks again")?.model).toBe("test-model");
    const after = await gateway.request("sessions.transcript", { key: await gateway.sessionOf(conversation) });
    expect(after.preferences).toEqual({});
  });

  it("AGT-5 every parameter has a page with its choices, the chosen one marked, and a way back", async () => {
    const { conversation } = await simulator.say({ from: "Eve", text: "/menu" });
    const menu = await simulator.waitFor(({ text }) => text.includes("Settings"), { conversation });
    expect(labelsOf(menu)).toEqual(
      expect.arrayContaining(["Model", "Thinking", "Verbosity", "Reasoning", "New conversation", "Stop"]),
    );
    const press = async (label: string, then: (message: SimulatedMessage) => boolean) => {
      await simulator.press({ from: "Eve", conversation, messageId: menu.id, label });
      return simulator.waitFor((each) => each.id === menu.id && then(each), { conversation });
    };
    for (const [page, choice] of [
      ["Verbosity", "short"],
      ["Thinking", "high"],
      ["Reasoning", "shown"],
    ] as const) {
      const choices = await press(page, (each) => labelsOf(each).includes(choice));
      expect(labelsOf(choices).filter((label) => label.startsWith("✓"))).toHaveLength(1);
      await press(choice, (each) => labelsOf(each).includes(`✓ ${choice}`));
      await press("‹ Back", (each) => each.text.includes("Settings") && each.text.includes(choice));
    }
    await simulator.say({ from: "Eve", text: "eve asks" });
    await simulator.waitFor(({ text }) => text.endsWith("eve asks"), { conversation });
    expect(JSON.stringify(asked("eve asks")?.messages)).toContain("briefly");
    expect(JSON.stringify(asked("eve asks")?.body)).toContain("high");
    const { preferences } = await gateway.request("sessions.transcript", {
      key: await gateway.sessionOf(conversation),
    });
    expect(preferences).toEqual({ verbosity: "short", thinking: "high", reasoning: "shown" });
  });

  it("AGT-5 MSG-4 an agent's buttons come back to it as what the person chose, whoever of a group presses", async () => {
    await using own = await startTestGateway({ agent: "echo", account: { settings: { requireMention: false } } });
    const { conversation } = await own.simulator.createGroup({ title: "Poll", people: ["Ada", "Bob"] });
    await own.simulator.say({ from: "Ada", conversation, text: "demo buttons" });
    const question = await own.simulator.waitFor((each) => labelsOf(each).includes("Yes"), { conversation });
    await own.simulator.press({ from: "Bob", conversation, messageId: question.id, label: "Yes" });
    await own.simulator.waitFor(({ text }) => text.startsWith("I pressed yes"), { conversation });
    const values = (question.controls.flat() as readonly Partial<Control>[]).map(({ label }) => label);
    expect(values).toEqual(["Yes", "No", "What Markdown is"]);
  });
});
