/** What the channel sends, and what it takes, against Slack's own descriptions of both. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { completed, type MessageId, markdownContent, textContent } from "@switchboard/domain";
import { afterAll, describe, expect, it } from "vitest";
import channel from "../src/index.ts";
import { install } from "../src/install.ts";
import { letIn } from "../src/let-in.test.helper.ts";
import { scene, targetOf } from "../src/scene.test.helper.ts";
import { verifySignature } from "../src/signature.ts";
import { startSimulator } from "./index.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const directory = process.env.SWITCHBOARD_SPECS ?? join(root, "..", "shared", "specs");
const webFile = join(directory, "slack", "slack_web_openapi_v2.json");
const wrapperFile = join(directory, "slack", "slack_common_event_wrapper_schema.json");
const eventsFile = join(directory, "slack", "slack_events_api_async_v1.json");
const vectorsFile = join(directory, "signature-vectors.json");
const TITLE = "CH-2 what the channel and Slack say to each other is as Slack describes it";

if (!existsSync(webFile)) {
  it(TITLE, (context) => {
    console.warn(`SKIPPED: no ${webFile}; name the folder in SWITCHBOARD_SPECS`);
    context.skip(`no ${webFile}`);
  });
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly type?: string;
}

interface WebDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>>;
}

/** Fields that are younger than the description, by the reference pages of the methods. */
const younger: Readonly<Record<string, readonly string[]>> = {
  "chat.postMessage": ["metadata"],
  "conversations.history": ["include_all_metadata"],
  "conversations.replies": ["include_all_metadata"],
  "oauth.v2.access": ["grant_type", "refresh_token"],
};
/** Methods that took over from a described one, with what it took. */
const successors: Readonly<Record<string, string>> = { "oauth.v2.access": "oauth.access" };
/** Methods that are younger than the description. */
const youngerMethods: readonly string[] = [
  "apps.connections.open",
  "assistant.threads.setStatus",
  "assistant.threads.setSuggestedPrompts",
  "assistant.threads.setTitle",
  "files.completeUploadExternal",
  "files.getUploadURLExternal",
];

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

describe.runIf(existsSync(webFile))(TITLE, () => {
  const problems: string[] = [];
  const described = new Set<string>();
  const undescribed = new Set<string>();
  let requests = 0;
  let deliveries = 0;

  function check(description: WebDescription, method: string, fields: Readonly<Record<string, unknown>>): void {
    requests += 1;
    const operation = Object.values(description.paths[`/${successors[method] ?? method}`] ?? {})[0];
    if (!operation) {
      undescribed.add(method);
      if (!youngerMethods.includes(method)) problems.push(`${method} is not described`);
      return;
    }
    described.add(method);
    const known = new Map((operation.parameters ?? []).map((parameter) => [parameter.name, parameter]));
    for (const [name, value] of Object.entries(fields)) {
      const parameter = known.get(name);
      if (!parameter && !younger[method]?.includes(name)) problems.push(`${method}: "${name}" is unknown`);
      const isNumber = parameter?.type === "number" || parameter?.type === "integer";
      if (isNumber && !Number.isFinite(Number(value))) problems.push(`${method}: "${name}" is no number`);
      if (parameter?.type === "boolean" && !["true", "false"].includes(String(value))) {
        problems.push(`${method}: "${name}" is no boolean`);
      }
    }
    for (const { name, required } of known.values()) {
      if (required && name !== "token" && fields[name] === undefined) problems.push(`${method}: "${name}" is missing`);
    }
  }

  afterAll(() => {
    console.log(
      `Slack: checked ${requests} requests to ${described.size} described and ${undescribed.size} younger methods, and ${deliveries} deliveries`,
    );
  });

  it("calls of the Web API", async () => {
    const description = readJson<WebDescription>(webFile);
    const simulated = {
      onCall: (method: string, fields: Readonly<Record<string, unknown>>) => check(description, method, fields),
    };
    const suggestedPrompts = [{ title: "Help", message: "What can you do?" }];
    await using it = await scene({ simulated, config: { suggestedPrompts } });
    const panel = await it.simulator.beginThread("Ann");
    await it.simulator.say({ from: "Ann", ...panel, text: "first" });
    await it.until(() => it.simulator.panel(panel.conversation, panel.thread).title === "first", "a title");
    const { conversation } = await it.simulator.createGroup({ title: "Team", people: ["Ann"] });
    await it.simulator.say({ from: "Ann", conversation, text: "hello", mention: true });
    const event = await it.event("message", ({ content }) => content.text?.includes("hello") ?? false);
    const target = targetOf(event);
    const signal = AbortSignal.timeout(20_000);
    await it.connection.typing?.(target, signal);
    await it.connection.react?.(target, event.messageId, "👀", signal);
    await it.connection.react?.(target, event.messageId, undefined, signal);
    const long =
      "# Title\n\nSome **bold** text with [a link](https://example.org) and `code`.\n\n- one\n  1. two\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n";
    const controls = [[{ kind: "button", label: "Yes", value: "y" } as const]];
    const receipts = await it.send(target, markdownContent(long.repeat(3), { controls, thinking: "hm" }), "dlv_1");
    const id = receipts[0]?.messageIds[0] as MessageId;
    const [part] = channel.render(textContent("changed"), target);
    if (!part) throw new Error("nothing rendered");
    await it.connection.edit?.(target, id, part, signal);
    await it.connection.reconcile?.(target, part, { deliveryId: "dlv_1", startedAt: Date.now() }, signal);
    const { thread: _thread, ...flat } = target;
    await it.connection.reconcile?.(flat, part, { deliveryId: "dlv_1", startedAt: Date.now() }, signal);
    await it.send({ ...target, private: true }, textContent("psst"));
    it.account.blobs.set("b1", { bytes: new Uint8Array([1, 2, 3]), fileName: "a.bin" });
    const attachments = [{ kind: "document", source: { blob: "b1" }, caption: "a file" } as const];
    const [files] = await it.send(target, { ...textContent("and a file"), attachments });
    await it.connection.remove?.(target, files?.messageIds[0] as MessageId, signal);
    await it.connection.remove?.(target, id, signal);
    await it.simulator.command({ from: "Ann", line: "/switchboard" });
    await it.until(() => it.simulator.openForms("Ann").length > 0, "a form");
    await it.simulator.openHome("Ann");
    await it.until(() => it.simulator.home("Ann") !== undefined, "a view");
    expect(problems).toEqual([]);
    expect(described.size).toBeGreaterThanOrEqual(12);
  }, 60_000);

  it("the exchange of a code, and of a token that rotates", async () => {
    const description = readJson<WebDescription>(webFile);
    const seen: string[][] = [];
    const simulator = await startSimulator({
      acknowledgeMs: 100,
      onCall: (method, fields) => {
        check(description, method, fields);
        if (method === "oauth.v2.access") seen.push(Object.keys(fields).sort());
      },
    });
    const rotating = { ...simulator.accountConfig({ transport: "websocket" }), ...simulator.rotateTokens() };
    const config = completed(channel.config.schema, { ...rotating, ...simulator.clientConfig() }, "config");
    const redirectUrl = "http://127.0.0.1:9/install/slack";
    const asked = new URL(install.authorizeUrl({ config, redirectUrl, state: "s" }));
    expect([...asked.searchParams.keys()].sort()).toEqual(["client_id", "redirect_uri", "scope", "state"]);
    const code = (await letIn(asked.href, "Acme")).searchParams.get("code") ?? "";
    await install.complete({ config, redirectUrl, code, signal: AbortSignal.timeout(20_000) });
    {
      await using it = await scene({ simulator, config: rotating });
      expect(it.connection.isConnected()).toBe(true);
    }
    await simulator.close();
    expect(seen).toEqual([
      ["client_id", "client_secret", "code", "redirect_uri"],
      ["client_id", "client_secret", "grant_type", "refresh_token"],
    ]);
    expect(problems).toEqual([]);
  }, 30_000);

  it("events of the Events API", async () => {
    const { required } = readJson<{ readonly required: readonly string[] }>(wrapperFile);
    const { topics } = readJson<{ readonly topics: Readonly<Record<string, unknown>> }>(eventsFile);
    const known = new Set(Object.keys(topics).map((topic) => topic.replaceAll(".", "_")));
    // The list of people that saw an event has given way to `authorizations`.
    const wanted = required.filter((name) => name !== "authed_users");
    await using it = await scene();
    const { conversation } = await it.simulator.createGroup({ title: "Team", people: ["Ann", "Bob"] });
    const said = await it.simulator.say({ from: "Ann", conversation, text: "hello", mention: true });
    await it.simulator.edit({ ...said, text: "hello again" });
    await it.simulator.react({ from: "Bob", conversation, messageId: said.messageId, emoji: "👍" });
    await it.simulator.leave("Bob", conversation);
    await it.simulator.rename(conversation, "another name");
    await it.simulator.archive(conversation);
    await it.until(
      () => it.events().some(({ raw }) => JSON.stringify(raw).includes("channel_archive")),
      "the last event",
    );
    const wrong: string[] = [];
    for (const { raw } of it.events()) {
      deliveries += 1;
      const body = raw as Readonly<Record<string, unknown>>;
      for (const name of wanted) if (body[name] === undefined) wrong.push(`"${name}" is missing`);
      const { event_ts: stamp, type } = (body.event ?? {}) as Readonly<Record<string, unknown>>;
      if (typeof stamp !== "string") wrong.push(`${String(type)}: "event_ts" is missing`);
      if (!known.has(String(type))) wrong.push(`${String(type)} is not described`);
    }
    expect([...new Set(wrong)]).toEqual([]);
  }, 30_000);

  it("signatures", () => {
    const { slack_v0_hmac_sha256: vector } =
      readJson<Readonly<Record<string, Readonly<Record<string, string>>>>>(vectorsFile);
    if (!vector) throw new Error("no vector");
    const { body = "", signature, signing_secret: secret, timestamp } = vector;
    const headers = { "x-slack-signature": signature, "x-slack-request-timestamp": timestamp };
    verifySignature({ body: new TextEncoder().encode(body), headers }, secret, Number(timestamp) * 1000);
  });
});
