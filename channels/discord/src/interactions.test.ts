/** Slash commands, buttons, selects and forms, from one person's hands to the answer. */
import { type CommandHint, textContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { answerTo, discordScene } from "./scene.test.helper.ts";

const COMMANDS: readonly CommandHint[] = [
  { name: "status", description: "How it goes" },
  { name: "whoami", description: "Who you are here", private: true },
  { name: "model", description: "Which model answers", argument: { label: "Model" } },
  { name: "thinking", description: "How hard", argument: { label: "Level", choices: ["low", "medium", "high"] } },
  {
    name: "voice",
    description: "Which voice",
    argument: { label: "Voice", choices: Array.from({ length: 60 }, (_, index) => `voice ${index}`) },
  },
];

async function stage() {
  const it = await discordScene({ commands: COMMANDS });
  await it.connect();
  return it;
}

describe("CH-3 slash commands", () => {
  it("are registered with their arguments, once, and again when they change", async () => {
    const memory = new Map<string, string>();
    await using first = await discordScene({ commands: COMMANDS, memory });
    await first.connect();
    const registered = first.simulator.commands();
    expect(registered.map(({ name }) => name)).toEqual(COMMANDS.map(({ name }) => name));
    expect(registered.find(({ name }) => name === "thinking")?.options).toMatchObject([
      { type: 3, name: "level", required: false, choices: [{ value: "low" }, { value: "medium" }, { value: "high" }] },
    ]);
    expect(registered.find(({ name }) => name === "voice")?.options).toMatchObject([{ autocomplete: true }]);
    const times = () => first.simulator.registrations();
    expect(times()).toBe(1);
    await using again = await discordScene({ commands: COMMANDS, memory, simulator: first.simulator });
    await again.connect();
    expect(times()).toBe(1);
    await using changed = await discordScene({ commands: COMMANDS.slice(1), memory, simulator: first.simulator });
    await changed.connect();
    expect(times()).toBe(2);
    expect(first.simulator.commands()).toHaveLength(COMMANDS.length - 1);
  });

  it("come in with their argument; Discord is told at once that an answer comes, and it fills that in", async () => {
    await using it = await stage();
    await it.simulator.command({ from: "Ann", name: "thinking", text: "high" });
    const event = await it.event("command");
    expect(event).toMatchObject({
      name: "thinking",
      text: "high",
      conversation: { kind: "direct" },
      sender: { displayName: "Ann" },
    });
    await it.until(() => it.simulator.thinking() === 1, "Desk is thinking");
    const [receipt] = await it.send(answerTo(event), textContent("Thinking is high."));
    expect(it.simulator.thinking()).toBe(0);
    expect(it.simulator.sent()).toMatchObject([{ id: receipt?.messageIds[0], text: "Thinking is high.", edits: 0 }]);
    await it.send(answerTo(event), textContent("And more."));
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["Thinking is high.", "And more."]);
  });

  it("whose answer is for one person are answered to that person alone, in servers", async () => {
    await using it = await stage();
    const { conversation } = await it.simulator.createGroup({ title: "general", people: ["Ann", "Bob"] });
    await it.simulator.command({ from: "Ann", name: "whoami", conversation });
    const event = await it.event("command");
    await it.send(answerTo(event, { private: true }), textContent("You are Ann."));
    expect(it.simulator.whispers("Ann").map(({ text }) => text)).toEqual(["You are Ann."]);
    expect(it.simulator.whispers("Bob")).toEqual([]);
  });

  it("that everybody could have read are refused to one person alone: the word to all is taken away", async () => {
    await using it = await stage();
    const { conversation } = await it.simulator.createGroup({ title: "general", people: ["Ann", "Bob"] });
    await it.simulator.command({ from: "Bob", name: "status", conversation });
    const event = await it.event("command");
    await it.send(answerTo(event, { private: true }), textContent("Only owners may."));
    expect(it.simulator.whispers("Bob").map(({ text }) => text)).toEqual(["Only owners may."]);
    expect(it.simulator.sent({ conversation }).filter(({ deleted }) => !deleted)).toHaveLength(1);
  });

  it("are answered as usual when the time for it is over", async () => {
    await using it = await stage();
    await it.simulator.command({ from: "Ann", name: "status" });
    const event = await it.event("command");
    await it.until(() => it.simulator.thinking() === 1, "the deferral");
    it.simulator.expireInteractions();
    await it.send(answerTo(event), textContent("Late, but here."));
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["Late, but here."]);
    await it.send(answerTo(event), textContent("And another."));
    expect(it.simulator.sent().at(-1)).toMatchObject({ text: "And another." });
  });

  it("delivered again are known, and an answer that was given stays", async () => {
    await using it = await stage();
    await it.simulator.command({ from: "Ann", name: "status" });
    const event = await it.event("command");
    await it.send(answerTo(event), textContent("Fine."));
    await it.simulator.redeliver(5);
    await it.until(
      () => it.account.received.filter(({ key }) => key.startsWith("INTERACTION")).length > 1,
      "the repeat",
    );
    expect(new Set(it.account.received.map(({ key }) => key)).size).toBe(1);
    await it.send(answerTo(event), textContent("Second."));
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["Fine.", "Second."]);
    expect(it.logged.filter((line) => line.includes("could not be confirmed"))).toEqual([]);
  });

  it("suggest what fits while one types, at most 25, and store nothing of it", async () => {
    await using it = await stage();
    expect(await it.simulator.suggestions({ from: "Ann", name: "voice", typed: "VOICE 1" })).toEqual([
      "voice 1",
      ...Array.from({ length: 10 }, (_, index) => `voice ${10 + index}`),
    ]);
    expect(await it.simulator.suggestions({ from: "Ann", name: "voice", typed: "" })).toHaveLength(25);
    expect(await it.simulator.suggestions({ from: "Ann", name: "voice", typed: "none" })).toEqual([]);
    expect(it.account.received).toEqual([]);
  });

  it("without the free text that belongs to them open a form; what is sent is the command", async () => {
    await using it = await stage();
    const opened = it.simulator.nextForm();
    await it.simulator.command({ from: "Ann", name: "model" });
    const form = await opened;
    expect(form).toMatchObject({ title: "/model", fields: [{ name: "argument", label: "Model", optional: true }] });
    expect(it.account.received).toEqual([]);
    await it.simulator.submit({ from: "Ann", form, values: { argument: "large" } });
    const event = await it.event("command");
    expect(event).toMatchObject({ name: "model", text: "large", sender: { displayName: "Ann" } });
    await it.send(answerTo(event), textContent("large it is."));
    expect(it.simulator.sent()).toMatchObject([{ text: "large it is." }]);
  });

  it("no token is stored with an event or logged, and none is left in the open memory", async () => {
    const memory = new Map<string, string>();
    await using it = await discordScene({ commands: COMMANDS, memory });
    await it.connect();
    await it.simulator.command({ from: "Ann", name: "status" });
    await it.event("command");
    const [sealed] = [...memory].filter(([key]) => key.startsWith("sealed/interaction/"));
    const { token } = JSON.parse(sealed?.[1] ?? "{}") as { token: string };
    expect(token.length).toBeGreaterThan(20);
    const open = [...memory].filter(([key]) => !key.startsWith("sealed/"));
    expect(JSON.stringify([it.account.received, open, it.logged])).not.toContain(token);
  });
});

describe("CH-3 buttons and selects", () => {
  it("come in with their values and messages, and Discord is told so", async () => {
    await using it = await stage();
    await it.simulator.say({ from: "Ann", text: "hello" });
    const greeting = await it.event("message");
    const [sent] = await it.send(
      answerTo(greeting),
      textContent("Which?", {
        controls: [
          [{ kind: "button", label: "Yes", value: "yes" }],
          [{ kind: "select", label: "Day", options: [{ label: "Monday", value: "mon" }] }],
        ],
      }),
    );
    const messageId = sent?.messageIds[0] as NonNullable<typeof sent>["messageIds"][number];
    const { conversation } = greeting;
    await it.simulator.press({ from: "Ann", conversation: conversation.id, messageId, label: "Yes" });
    await it.simulator.press({ from: "Ann", conversation: conversation.id, messageId, label: "Monday" });
    await it.until(() => it.events().filter(({ kind }) => kind === "control").length === 2, "two controls");
    expect(it.events().filter(({ kind }) => kind === "control")).toMatchObject([
      { value: "yes", messageId },
      { value: "mon", messageId },
    ]);
    await it.until(() => it.simulator.unconfirmed() === 0, "both are confirmed");
  });

  it("a note about a press is for whoever pressed", async () => {
    await using it = await stage();
    const { conversation } = await it.simulator.createGroup({ title: "general", people: ["Ann", "Bob"] });
    const [sent] = await it.send(
      { conversation, kind: "group" },
      textContent("Go?", { controls: [[{ kind: "button", label: "Go", value: "go" }]] }),
    );
    const messageId = sent?.messageIds[0] as NonNullable<typeof sent>["messageIds"][number];
    await it.simulator.press({ from: "Bob", conversation, messageId, label: "Go" });
    const event = await it.event("control");
    await it.connection.acknowledge?.(event.callback ?? "", "This button is too old.");
    expect(it.simulator.whispers("Bob").map(({ text }) => text)).toEqual(["This button is too old."]);
    expect(it.simulator.whispers("Ann")).toEqual([]);
    // What is said to everybody goes the usual way.
    await it.send(answerTo(event), textContent("Gone."));
    expect(it.simulator.sent({ conversation }).at(-1)).toMatchObject({ text: "Gone." });
  });
});
