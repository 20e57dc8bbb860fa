import type { ConversationId, SimulatedMessage, Simulator } from "@switchboard/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { reasonsOf } from "../test-support/reasons.ts";
import { entriesOf } from "../test-support/transcript.ts";

describe.concurrent("who may talk", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      account: { settings: { dmPolicy: "allowlist", groupPolicy: "allowlist" } },
      accounts: {
        closed_bot: { settings: { dmPolicy: "disabled", groupPolicy: "disabled" } },
        wild_bot: { settings: { dmPolicy: "allowlist", allowFrom: ["*"], groupPolicy: "allowlist", groups: ["*"] } },
        open_bot: {},
        group_bot: {},
        silent_bot: { settings: { requireMention: false } },
      },
      config: { limits: { userPerMinute: 60, userBurst: 20 } },
    });
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const settled = (account: string, state: string) =>
    metric(gateway, "settled_events_total", { channel: gateway.platform.id, account, state }).then((n) => n ?? 0);

  /** Runs `act` and resolves when so many more events of the account, or more, were decided so. */
  async function decided(account: string, state: string, count: number, act: () => Promise<unknown>): Promise<void> {
    const before = await settled(account, state);
    await act();
    await eventually(async () => (await settled(account, state)) >= before + count, { what: `${count} ${state}` });
  }

  it("ACC-5 SEC_001 tells a stranger once, audits every try, names nobody, and asks no model", async () => {
    const { simulator, model } = gateway;
    const { conversation } = await simulator.say({ from: "Stranger", text: "let me in" });
    const refusal = await simulator.waitFor(() => true, { conversation });
    expect(refusal.text).toContain("SEC_001");
    await decided("default", "denied", 3, async () => {
      for (const text of ["please", "/help", "/stop"]) await simulator.say({ from: "Stranger", text });
    });
    expect(simulator.sent({ conversation })).toHaveLength(1);
    const id = /Your id here is (\S+?)\.?$/.exec(refusal.text)?.[1] ?? "";
    expect(id).not.toBe("");
    const { entries } = await gateway.request("auditLog.list", { action: "access.denied" });
    const theirs = entries.filter(({ detail }) => JSON.stringify(detail).includes("dm-not-allowed"));
    const actors = new Set(theirs.map(({ actor }) => actor));
    expect(theirs.length).toBeGreaterThanOrEqual(4);
    expect([...actors].every((actor) => /^peer:[0-9a-f]{16}$/.test(actor))).toBe(true);
    // Not as a part of a number either: times have the digits of an id by chance.
    expect(JSON.stringify(entries)).not.toMatch(new RegExp(`(?<!\\w)${id.replaceAll(/\W/g, "\\$&")}(?!\\w)`));
    expect(JSON.stringify(entries)).not.toContain("Stranger");
    expect(model.requests.some(({ lastUserText }) => lastUserText.includes("let me in"))).toBe(false);
    expect((await gateway.request("sessions.list", { search: `:${conversation}` })).sessions).toEqual([]);
  });

  it("ACC-4 lets in whom the list names, and no one else's words reach the model", async () => {
    await using own = await startTestGateway({
      account: { settings: { dmPolicy: "allowlist", groupPolicy: "allowlist" } },
    });
    const { conversation } = await own.simulator.say({ from: "Ada", text: "hello?" });
    const refusal = await own.simulator.waitFor(() => true, { conversation });
    const id = /Your id here is (\S+?)\.?$/.exec(refusal.text)?.[1] ?? "";
    await own.restart({ channels: { [own.platform.id]: { default: { settings: { allowFrom: [id] } } } } });
    await own.simulator.say({ from: "Ada", text: "hello!" });
    await own.simulator.waitFor(({ text }) => text === "hello!", { conversation });
    const other = await own.simulator.say({ from: "Bob", text: "me too" });
    await own.simulator.waitFor(({ text }) => text.includes("SEC_001"), other);
    expect(own.model.requests.map(({ lastUserText }) => lastUserText)).toEqual(["hello!"]);
    // Being allowed to chat is no right in groups.
    const { conversation: group } = await own.simulator.createGroup({ title: "G", people: ["Ada"] });
    await own.simulator.say({ from: "Ada", conversation: group, mention: true, text: "and here?" });
    await eventually(() => reasonsOf(own, "default").some((reason) => reason.includes("group-not-allowed")));
    expect(own.model.count).toBe(1);
    expect(own.simulator.sent({ conversation: group })).toEqual([]);
  });

  it("CVE-2026-44991 a wildcard in a list lets in nobody", async () => {
    const bot = gateway.other("wild_bot");
    const { conversation } = await bot.say({ from: "Anybody", text: "hello" });
    await bot.waitFor(({ text }) => text.includes("SEC_001"), { conversation });
    const { conversation: group } = await bot.createGroup({ title: "W", people: ["Anybody"] });
    await decided("wild_bot", "denied", 1, () =>
      bot.say({ from: "Anybody", conversation: group, mention: true, text: "hello" }),
    );
    expect(bot.sent({ conversation: group })).toEqual([]);
  });

  it("ACC-4 an account that is closed answers nobody, not even with a refusal (stepcodex)", async () => {
    const bot = gateway.other("closed_bot");
    const { conversation } = await bot.createGroup({ title: "C", people: ["Ada"] });
    await decided("closed_bot", "denied", 1, () => bot.say({ from: "Ada", text: "hello" }));
    await decided("closed_bot", "ignored", 1, () =>
      bot.say({ from: "Ada", conversation, mention: true, text: "hello" }),
    );
    expect(bot.sent()).toEqual([]);
  });

  it("ACC-4 in a group answers only what is addressed to it: by name, or by a reply to what it said", async () => {
    const bot = gateway.other("group_bot");
    const { conversation } = await bot.createGroup({ title: "Friends", people: ["Ada", "Bob"] });
    await decided("group_bot", "ignored", 2, async () => {
      await bot.say({ from: "Ada", conversation, text: "talking to Bob" });
      await bot.say({ from: "Bob", conversation, text: "and Bob answers" });
    });
    expect(bot.sent({ conversation })).toEqual([]);
    const asked = await bot.say({ from: "Ada", conversation, mention: true, text: "what do you say" });
    const answer = await bot.waitFor(({ text }) => text.includes("what do you say"), { conversation });
    expect(answer.replyTo).toBe(asked.messageId);
    await bot.say({ from: "Bob", conversation, replyTo: answer.id, text: "I disagree" });
    await bot.waitFor(({ text }) => text.includes("I disagree"), { conversation });
    expect(bot.sent({ conversation })).toHaveLength(2);
    // A reply to somebody else is none to us.
    await decided("group_bot", "ignored", 1, () =>
      bot.say({ from: "Bob", conversation, replyTo: asked.messageId, text: "to Ada" }),
    );
  });

  it("ACC-4 answers everything in a group where the account says so", async () => {
    const bot = gateway.other("silent_bot");
    const { conversation } = await bot.createGroup({ title: "Open", people: ["Ada"] });
    await bot.say({ from: "Ada", conversation, text: "no mention here" });
    await bot.waitFor(({ text }) => text.includes("no mention here"), { conversation });
    expect(bot.sent({ conversation })).toHaveLength(1);
  });

  it("AGT-2 keeps threads of one group apart, and answers where it was asked", async () => {
    const bot = gateway.other("open_bot");
    const { conversation, threads } = await bot.createGroup({ title: "Forum", people: ["Ada"], threads: ["a", "b"] });
    for (const thread of threads) {
      await bot.say({ from: "Ada", conversation, thread, mention: true, text: `in ${thread}` });
      const answer = await bot.waitFor(({ text }) => text.includes(`in ${thread}`), { conversation });
      expect(answer.thread).toBe(thread);
    }
    const { sessions } = await gateway.request("sessions.list", { search: `:${conversation}` });
    expect(sessions.map(({ entries }) => entries)).toEqual([2, 2]);
  });

  it("ACC-5 SEC_004 slows somebody down who writes too much, tells them once, and nobody else notices", async () => {
    const bot = gateway.other("open_bot");
    let conversation: ConversationId | undefined;
    const texts = Array.from({ length: 30 }, (_, index) => `flood ${index}`);
    for (const text of texts) ({ conversation } = await bot.say({ from: "Flo", text }));
    const home = { ...(conversation && { conversation }) };
    await bot.waitFor(({ text }) => text.includes("SEC_004"), home);
    await eventually(() => reasonsOf(gateway, "open_bot").filter((reason) => reason.startsWith("SEC_004")).length >= 5);
    expect(bot.sent(home).filter(({ text }) => text.includes("SEC_004"))).toHaveLength(1);
    const other = await bot.say({ from: "Quiet", text: "may I?" });
    await bot.waitFor(({ text }) => text === "may I?", other);
    const { entries } = await gateway.request("auditLog.list", { action: "access.denied" });
    expect(JSON.stringify(entries)).toContain("rate-limited");
  });

  it("MSG-5 MSG_003 tells whoever writes more than is taken", async () => {
    await using own = await startTestGateway({ config: { limits: { inboundCharacters: 100 } } });
    const { conversation } = await own.simulator.say({ from: "Ada", text: "x".repeat(101) });
    const refusal = await own.simulator.waitFor(() => true, { conversation });
    expect(refusal.text).toContain("MSG_003");
    expect(refusal.text).toContain("at most 100 characters");
    await own.simulator.say({ from: "Ada", text: "y".repeat(100) });
    await own.simulator.waitFor(({ text }) => text === "y".repeat(100), { conversation });
    expect(own.model.count).toBe(1);
    const long = { sessionKey: "main", message: "z".repeat(101), idempotencyKey: "long" };
    await expect(own.request("chat.send", long)).rejects.toMatchObject({ code: "MSG_003" });
  });
});

describe.concurrent("chat commands", () => {
  let gateway: TestGateway;
  let simulator: Simulator;
  beforeAll(async () => {
    gateway = await startTestGateway({ agent: { name: "Model", models: ["big model", "test-model"] } });
    simulator = gateway.simulator;
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const seen = new Set<string>();

  /** Says something and resolves with the first message that was not there before. */
  async function ask(from: string, text: string) {
    const { conversation } = await simulator.say({ from, text });
    const idOf = ({ id }: SimulatedMessage) => `${conversation}/${id}`;
    const answer = await simulator.waitFor((message) => !seen.has(idOf(message)), { conversation });
    seen.add(idOf(answer));
    return { conversation, answer };
  }

  it("ACC-6 answers /start, /help, /status and /whoami without the model", async () => {
    const start = await ask("Ada", "/start");
    expect(start.answer.text).toContain("Model");
    const help = await ask("Ada", "/help");
    for (const name of ["/menu", "/model", "/new", "/stop", "/status", "/whoami"]) {
      expect(help.answer.text).toContain(name);
    }
    expect((await ask("Ada", "/status")).answer.text).toMatch(/Waiting messages: \d/);
    const whoami = await ask("Ada", "/whoami");
    expect(whoami.answer.text).toContain(start.conversation);
    const commands = ["/start", "/help", "/status", "/whoami"];
    expect(gateway.model.requests.some(({ lastUserText }) => commands.includes(lastUserText))).toBe(false);
  });

  it("TEN-2 /status tells of one's own conversation only, not of what others wait for", async () => {
    gateway.model.next({ type: "silence" });
    const { conversation } = await simulator.say({ from: "Waiting", text: "a long question" });
    const key = await eventually(() => gateway.sessionOf(conversation));
    for (const text of ["more", "and more"]) await simulator.say({ from: "Waiting", text });
    await eventually(async () => (await gateway.request("status", {})).queues.turn.depth > 1);
    expect((await ask("Else", "/status")).answer.text).toContain("Waiting messages: 0");
    expect((await ask("Waiting", "/status")).answer.text).toContain("Waiting messages: 1");
    await gateway.request("chat.abort", { sessionKey: key });
  });

  it("ACC-6 reads commands character by character: formatting, line breaks and quotes do not confuse it", async () => {
    const { answer } = await ask("Bea", '  /MODEL\t"Big Model" ');
    expect(answer.text).toBe("Model is now big model.");
    const no = await ask("Bea", "/model gpt-nothing");
    expect(no.answer.text).toContain("gpt-nothing is no choice");
    // What only looks like a command goes to the agent.
    for (const text of ["/ model", "say /help to me", "/unknown thing", "//help"]) {
      const { answer: echoed } = await ask("Cem", text);
      expect(echoed.text.endsWith(text)).toBe(true);
    }
  });

  it("AGT-2 /new lets the agent forget, and keeps what was set", async () => {
    await ask("Dan", "my name is Dan");
    await ask("Dan", "/verbosity short");
    await ask("Dan", "/new");
    const { answer } = await ask("Dan", "who am I");
    expect(answer.text).toBe("who am I");
    const request = gateway.model.requests.find(({ lastUserText }) => lastUserText === "who am I");
    expect(JSON.stringify(request?.messages)).not.toContain("my name is Dan");
    expect(JSON.stringify(request?.messages)).toContain("briefly");
  });

  it("AGT-5 /menu sets parameters by buttons, which the model's server then sees", async () => {
    const { conversation, answer: menu } = await ask("Eve", "/menu");
    const press = (label: string) => simulator.press({ from: "Eve", conversation, messageId: menu.id, label });
    const shows = (text: string) =>
      simulator.waitFor((each) => each.id === menu.id && each.text.includes(text), { conversation });
    await press("Model");
    const choice = await shows("which model answers");
    const labels = choice.controls.flat().map(({ label }) => label);
    expect(labels).toContain("big model");
    await press("big model");
    await shows("Now: big model");
    await press("‹ Back");
    await shows("Settings");
    await ask("Eve", "which one are you");
    const request = gateway.model.requests.find(({ lastUserText }) => lastUserText === "which one are you");
    expect(request?.model).toBe("big model");
    // Pressing changed the one message instead of writing new ones.
    expect(simulator.sent({ conversation })).toHaveLength(2);
    const entries = await entriesOf(gateway, conversation);
    expect(entries.map(({ role }) => role)).toContain("notice");
    expect(JSON.stringify(request?.messages)).not.toContain("Settings");
  });
});

describe.concurrent("the classifier", () => {
  it("ACC-6 maps free text to a command, asks before anything changes, and leaves the rest to the agent", async () => {
    await using gateway = await startTestGateway({
      config: { classifier: { enabled: true } },
      agent: { models: ["big-one"] },
    });
    const { simulator, model } = gateway;
    const value = (command: string, args: string[] = [], confidence = 0.95) => ({
      type: "json" as const,
      value: { command, arguments: args, confidence },
    });
    model.otherwise((request) => {
      const asks = JSON.stringify(request.body).includes("commands of a messaging gateway");
      if (!asks) return { type: "echo" };
      if (request.lastUserText.includes("big one")) return value("model", ["big-one"]);
      if (request.lastUserText.includes("who am I")) return value("whoami");
      if (request.lastUserText.includes("perhaps")) return value("new", [], 0.3);
      return value("none", [], 1);
    });
    const { conversation } = await simulator.say({ from: "Ada", text: "who am I to you?" });
    const harmless = await simulator.waitFor(() => true, { conversation });
    expect(harmless.text).toContain("Session:");
    await simulator.say({ from: "Ada", text: "please use the big one from now on" });
    const question = await simulator.waitFor(({ text }) => text.includes("/model big-one"), { conversation });
    expect(question.controls.flat().map(({ label }) => label)).toEqual(["Yes", "No"]);
    await simulator.say({ from: "Ada", text: "nothing changed yet" });
    await simulator.waitFor(({ text }) => text.endsWith("nothing changed yet"), { conversation });
    expect(model.requests.at(-1)?.model).toBe("test-model");
    await simulator.press({ from: "Ada", conversation, messageId: question.id, label: "Yes" });
    await simulator.waitFor(({ text }) => text.includes("Now: big-one"), { conversation });
    await simulator.say({ from: "Ada", text: "perhaps start over" });
    await simulator.waitFor(({ text }) => text.endsWith("perhaps start over"), { conversation });
    expect(model.requests.at(-1)?.model).toBe("big-one");
  });

  it("ACC-6 lets a message through as it is when the classifier fails or is slow", async () => {
    await using gateway = await startTestGateway({ config: { classifier: { enabled: true, timeoutMs: 200 } } });
    const { simulator, model } = gateway;
    model.otherwise((request) => {
      if (!JSON.stringify(request.body).includes("commands of a messaging gateway")) return { type: "echo" };
      return request.lastUserText.includes("slow") ? { type: "silence" } : { type: "error", status: 500 };
    });
    for (const text of ["a failing guess", "a slow guess"]) {
      const { conversation } = await simulator.say({ from: "Ada", text });
      await simulator.waitFor((each) => each.text.endsWith(text), { conversation });
    }
    expect(simulator.sent()).toHaveLength(2);
  });

  it("the time a classifier may take is as configured, also when that is long", async () => {
    await using gateway = await startTestGateway({ config: { classifier: { enabled: true, timeoutMs: 20_000 } } });
    const { simulator, model } = gateway;
    const whoami = { command: "whoami", arguments: [], confidence: 1 };
    model.next({ type: "json", value: whoami, firstDelayMs: 4_500 });
    const { conversation } = await simulator.say({ from: "Ada", text: "who am I" });
    const answer = await simulator.waitFor(() => true, { conversation });
    expect(answer.text).toContain("Session:");
  });
});
