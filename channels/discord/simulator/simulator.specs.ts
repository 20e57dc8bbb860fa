/** The channel's calls and the simulator's answers against Discord's own description of its API. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CommandHint, markdownContent, type OutboundContent, textContent } from "@switchboard/domain";
import { recordingProxy, type SeenCall } from "@switchboard/simulator-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import channel from "../src/index.ts";
import { answerTo, discordScene } from "../src/scene.test.helper.ts";
import { startSimulator } from "./index.ts";
import { type DescribedCall, SpecChecker } from "./specs.test.helper.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const file = join(process.env.SWITCHBOARD_SPECS ?? join(root, "..", "shared", "specs"), "discord", "openapi.json");

const COMMANDS: readonly CommandHint[] = [
  { name: "status", description: "How it goes" },
  { name: "model", description: "Which model answers", argument: { label: "Model" } },
  { name: "thinking", description: "How hard", argument: { label: "Level", choices: ["low", "high"] }, private: true },
  {
    name: "voice",
    description: "Which voice",
    argument: { label: "Voice", choices: Array.from({ length: 60 }, (_, index) => `voice ${index}`) },
  },
];

if (!existsSync(file)) {
  it("CH-3 the channel keeps to Discord's description", (context) => {
    console.warn(`SKIPPED: no ${file}; name the folder in SWITCHBOARD_SPECS`);
    context.skip(`no ${file}`);
  });
}

describe.runIf(existsSync(file))("CH-3 the channel keeps to Discord's description", () => {
  let checker: SpecChecker;
  beforeAll(() => {
    checker = new SpecChecker(file);
  });
  afterAll(() => {
    if (!checker) return;
    const { described, operations, requests } = checker;
    console.log(
      `Discord: checked ${requests} requests with their answers, ${operations.length} of ${described} operations: ${operations.join(", ")}`,
    );
  });

  it("in everything that it does", async () => {
    const simulator = await startSimulator();
    await using proxy = await recordingProxy(simulator.url);
    await using scene = await discordScene({ simulator, commands: COMMANDS, config: { baseUrl: proxy.url } });
    await scene.connect();
    const { conversation, threads } = await simulator.createGroup({
      title: "general",
      people: ["Ann", "Bob"],
      threads: ["Ideas"],
    });
    scene.account.blobs.set("b1", { bytes: new Uint8Array([1, 2]) });
    await simulator.say({
      from: "Ann",
      text: "hi",
      attach: { kind: "image", bytes: new Uint8Array([1]), mimeType: "image/png" },
    });
    const direct = answerTo(await scene.event("message"));
    const group = { conversation, kind: "group" as const };
    const contents: OutboundContent[] = [
      markdownContent("**Hello** <@1> `x`\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
      textContent("x".repeat(4_000)),
      textContent("A picture", { attachments: [{ kind: "image", source: { blob: "b1" }, mimeType: "image/png" }] }),
      textContent("Which?", {
        controls: [
          [
            { kind: "button", label: "Yes", value: "yes", style: "primary" },
            { kind: "link", label: "Docs", url: "https://example.org" },
          ],
          [{ kind: "select", label: "Day", options: [{ label: "Monday", value: "mon" }] }],
        ],
      }),
    ];
    const sent: string[] = [];
    for (const content of contents) {
      for (const target of [direct, group]) {
        for (const { messageIds } of await scene.send(target, content)) sent.push(...messageIds);
      }
    }
    const { signal } = scene.account.context;
    const { connection } = scene;
    const said = await simulator.say({ from: "Ann", conversation, thread: threads[0] as never, text: "in a thread" });
    await scene.send({ ...group, thread: threads[0] as never, replyTo: said.messageId }, textContent("a reply"));
    const [part] = channel.render(textContent("edited"), group);
    if (!part) throw new Error("nothing rendered");
    const id = sent[0] as typeof said.messageId;
    await connection.edit?.(direct, id, part, signal);
    await connection.typing?.(group, signal);
    await connection.reconcile?.(group, part, { deliveryId: "none", startedAt: Date.now() - 60_000 }, signal);
    await connection.probe?.(signal);
    // A thread of which nothing is known any more is looked up.
    const late = simulator.unknownThread(conversation);
    await simulator.say({ from: "Ann", conversation, thread: late, text: "in another thread" });
    await scene.until(() => scene.events().some(({ thread }) => thread === late), "the message in it");
    for (const emoji of ["👀", undefined]) await connection.react?.(direct, id, emoji, signal);
    await connection.remove?.(direct, id, signal);
    const wrong = { ...group, conversation: "1" as typeof conversation };
    await expect(scene.send(wrong, textContent("nobody"))).rejects.toMatchObject({ code: "MSG_005" });
    simulator.inject({ on: "send", kind: "rate-limit", times: 1, retryAfterMs: 1_000 });
    await expect(scene.send(group, textContent("too fast"))).rejects.toMatchObject({ code: "CONN_003" });

    // Interactions: put off, filled in, followed up, hidden, taken away, suggested, asked for in a form.
    const forms = simulator.nextForm();
    await simulator.command({ from: "Ann", name: "model", conversation });
    await simulator.submit({ from: "Ann", form: await forms, values: { argument: "large" } });
    await simulator.command({ from: "Ann", name: "status", conversation });
    await simulator.command({ from: "Ann", name: "thinking", text: "high", conversation });
    await simulator.suggestions({ from: "Ann", name: "voice", typed: "1" });
    const last = simulator.sent({ conversation }).findLast(({ controls }) => controls.length > 0);
    if (!last) throw new Error("no buttons");
    await simulator.press({ from: "Bob", conversation, messageId: last.id, label: "Yes" });
    const callbacks = () => scene.events().filter(({ kind }) => kind === "command" || kind === "control");
    await scene.until(() => callbacks().length === 4, "four interactions");
    for (const event of callbacks()) {
      const target = answerTo(event, event.kind === "command" && event.name === "status" ? { private: true } : {});
      for (const text of ["first", "second"]) await scene.send(target, textContent(text));
      if (event.kind === "control") await connection.acknowledge?.(event.callback ?? "", "Noted.");
    }
    const calls = await Promise.all(proxy.calls.filter(({ path }) => path.startsWith(ROOT)).map(described));
    const problems = calls.flatMap((call) => checker.check(call));
    expect([...new Set(problems)]).toEqual([]);
    expect(checker.operations.length).toBeGreaterThanOrEqual(16);
    await simulator.close();
  });

  it("notices what is wrong", () => {
    const call = { method: "POST", path: "/channels/1/messages", body: { content: "x" }, status: 200, answer: {} };
    expect(checker.check(call), "an answer without its fields").not.toEqual([]);
    expect(checker.check({ ...call, path: "/nothing" })).toHaveLength(1);
    const refused = { ...call, status: 400, answer: { code: 1, message: "no" } };
    expect(checker.check({ ...refused, path: "/channels/1/messages?wait=1" })).toHaveLength(1);
    const typing = { method: "POST", path: "/channels/1/typing", body: undefined, status: 204, answer: undefined };
    expect(checker.check(typing)).toEqual([]);
    expect(checker.check({ ...typing, body: {} })).toHaveLength(1);
    const commands = { method: "PUT", path: "/applications/1/commands", status: 200, answer: [] };
    expect(checker.check({ ...commands, body: [{ name: "a", description: "b" }] })).toEqual([]);
    expect(checker.check({ ...commands, body: [{ name: "a", colour: 1 }] })).not.toEqual([]);
  });
});

const ROOT = "/api/v10";

/** As the description has it: without the root, the body as JSON. */
async function described({ body, headers, path, ...call }: SeenCall): Promise<DescribedCall> {
  return { ...call, path: path.slice(ROOT.length), body: await jsonOf(body, headers["content-type"]) };
}

async function jsonOf(body: Buffer, type = ""): Promise<unknown> {
  if (body.byteLength === 0) return undefined;
  if (!type.startsWith("multipart/")) return JSON.parse(body.toString());
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  return JSON.parse(String(form.get("payload_json")));
}
