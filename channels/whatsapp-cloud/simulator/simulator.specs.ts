/** The channel's calls, the simulator's answers and its webhook bodies against Meta's own description of the API. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AttachmentKind,
  completed,
  markdownContent,
  type OutboundContent,
  textContent,
} from "@switchboard/domain";
import { png, recordingProxy } from "@switchboard/simulator-kit/testing";
import { afterAll, describe, expect, it } from "vitest";
import channel from "../src/index.ts";
import { type Scene, scene } from "../src/scene.test.helper.ts";
import { startSimulator } from "./index.ts";
import { SpecChecker } from "./specs.test.helper.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = join(process.env.SWITCHBOARD_SPECS ?? join(root, "..", "shared", "specs"), "whatsapp-cloud");
const file = join(folder, "business-messaging-api_v23.0.yaml");
/** Of the account that the fixtures are addressed to. */
const FIXTURES = completed(
  channel.config.schema,
  { accessToken: "t", appSecret: "s", phoneNumberId: "106540352242922", businessAccountId: "102290129340398" },
  "config",
);
const TITLE = "CH-5 the channel keeps to Meta's description";

if (!existsSync(file)) {
  it(TITLE, (context) => {
    console.warn(`SKIPPED: no ${file}; name the folder in SWITCHBOARD_SPECS`);
    context.skip(`no ${file}`);
  });
}

const blob = (kind: AttachmentKind, mimeType: string, caption?: string): OutboundContent => ({
  ...textContent(""),
  attachments: [{ kind, source: { blob: kind }, mimeType, ...(caption !== undefined && { caption }) }],
});

/** Everything that the channel sends. */
const CONTENTS: readonly OutboundContent[] = [
  textContent("plain"),
  markdownContent("# A heading\n\n**bold** [link](https://example.org)\n\n```ts\nlet a;\n```"),
  textContent("long ".repeat(2_000)),
  { ...textContent("Press"), controls: [[{ kind: "button", label: "Yes", value: "y" }]] },
  {
    ...textContent("Choose"),
    controls: [
      [
        {
          kind: "select",
          label: "Seasons",
          options: ["Spring", "Summer", "Autumn", "Winter, which is the longest of all of them"].map((label) => ({
            label,
            value: label,
          })),
        },
      ],
    ],
  },
  blob("image", "image/png", "a picture"),
  blob("document", "application/pdf", "a paper"),
  blob("audio", "audio/mpeg"),
  blob("voice", "audio/ogg"),
  blob("sticker", "image/webp"),
  markdownContent('```whatsapp-location\n{"latitude":52.52,"longitude":13.405,"name":"Bakery","address":"Here"}\n```'),
  markdownContent(
    '```whatsapp-contacts\n[{"name":"Ann Lee","phones":["+16505551234"],"emails":["a@example.org"]}]\n```',
  ),
  markdownContent('```whatsapp-template\n{"name":"order_ready","language":"en_US","parameters":["Ann","17"]}\n```'),
];

describe.runIf(existsSync(file))(TITLE, () => {
  let checker: SpecChecker | undefined;
  afterAll(() => {
    if (!checker) return;
    const { besides, described, events, foreign, operations, requests } = checker;
    console.log(
      `WhatsApp: checked ${requests} requests with their answers, ${operations.length} of ${described} operations, ` +
        `${events} webhook bodies. Documented elsewhere: ${[...besides, ...foreign].toSorted().join(", ")}`,
    );
  });

  it("in what it sends, what it is answered, and what it is told", { timeout: 60_000 }, async () => {
    const simulator = await startSimulator({ webhookRetryMs: 10 });
    checker = new SpecChecker(file, simulator.phones);
    await using proxy = await recordingProxy(simulator.url);
    await using it = await scene(() => ({ baseUrl: proxy.url, outsideWindow: OUTSIDE }), simulator);
    simulator.approve({ name: "news", body: "News: {{1}}" });
    simulator.approve({ name: "order_ready", body: "Dear {{1}}, order {{2}} is ready." });
    it.blobs.set("image", { bytes: new Uint8Array(png()) });
    for (const kind of ["document", "audio", "voice", "sticker"]) it.blobs.set(kind, { bytes: new Uint8Array(100) });
    await everything(it);
    const problems = [
      ...proxy.calls.flatMap((call) => checker?.check(call) ?? []),
      ...it.raws.flatMap(({ payload }) => checker?.event(payload) ?? []),
    ];
    expect([...new Set(problems)]).toEqual([]);
    expect(checker.operations).toEqual([
      "DELETE /{Version}/{WABA-ID}/message_templates",
      "GET /{Version}/{Media-ID}",
      "GET /{Version}/{Phone-Number-ID}",
      "GET /{Version}/{WABA-ID}/message_templates",
      "GET /{Version}/{WABA-ID}/subscribed_apps",
      "POST /{Version}/{Phone-Number-ID}",
      "POST /{Version}/{Phone-Number-ID}/media",
      "POST /{Version}/{Phone-Number-ID}/messages",
      "POST /{Version}/{WABA-ID}/message_templates",
      "POST /{Version}/{WABA-ID}/subscribed_apps",
    ]);
  });

  it("A05 the webhooks of others' fixtures are understood", () => {
    const names = readdirSync(join(folder, "webhook-fixtures")).filter((name) => name.endsWith(".json"));
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) {
      const update: unknown = JSON.parse(readFileSync(join(folder, "webhook-fixtures", name), "utf8"));
      const account = { account: "default" as never, config: FIXTURES };
      const events = channel.unbundle(update, account).flatMap((raw) => channel.normalise(raw, account));
      const kinds = events.map(({ kind }) => kind);
      const expected = name.startsWith("status-sent") || name.startsWith("unsupported") ? "unsupported" : undefined;
      expect([name, kinds]).toEqual([name, [expected ?? (name.startsWith("status") ? "receipt" : "message")]]);
    }
  });
});

const OUTSIDE = { template: "news", language: "en_US", parameters: ["{text}"] };

async function everything(it: Scene): Promise<void> {
  const { connection, simulator } = it;
  const bytes = new Uint8Array(png());
  const { conversation } = await simulator.say({ from: "Ann", text: "hello" });
  const picture = { kind: "image", bytes, mimeType: "image/png" } as const;
  await simulator.say({ from: "Ann", text: "look", attach: picture });
  const event = await it.heard((each) => each.kind === "message" && each.content.type === "image");
  const attachments = event.kind === "message" ? event.content.attachments : undefined;
  const signal = AbortSignal.timeout(30_000);
  const media = await connection.download?.(attachments?.[0]?.ref ?? null, signal);
  await new Response(media?.stream).arrayBuffer();
  await connection.typing?.({ conversation, kind: "direct" }, signal);
  await connection.probe?.(signal);
  for (const content of CONTENTS) await it.send(conversation, content);
  const [asked] = simulator.sent().filter(({ controls }) => controls.length > 0);
  if (asked) await simulator.press({ from: "Ann", conversation, messageId: asked.id, label: "Yes" });
  await it.heard(({ kind }) => kind === "control");
  if (asked) await simulator.react({ from: "Ann", conversation, messageId: asked.id, emoji: "👍" });
  await it.heard(({ kind }) => kind === "reaction");
  const [target] = simulator.sent();
  if (target) {
    const [part] = channel.render(textContent("a reply"), { conversation, kind: "direct" });
    const attempt = { deliveryId: "dlv_reply", number: 1, kind: "answer", signal } as const;
    if (part) await connection.send({ conversation, kind: "direct", replyTo: target.id }, part, attempt);
  }
  const { messageId } = await simulator.say({ from: "Ann", text: "thanks" });
  await connection.react?.({ conversation, kind: "direct" }, messageId, "👍", signal);
  const created = { name: "sale", language: "en_US", category: "MARKETING", body: "Hi {{1}}", examples: ["Ann"] };
  await connection.act?.("templates.create", { ...created, footer: "The shop", buttons: ["Stop"] }, signal);
  await connection.act?.("templates.list", {}, signal);
  await connection.act?.("templates.delete", { name: "sale" }, signal);
  simulator.lapse("Ann");
  await it.send(conversation, textContent("refused for the window"));
  await it.heard((each) => each.kind === "receipt" && each.status === "failed");
  await it.send(conversation, textContent("by a template"));
  // Each kind of refusal has Meta's form, too.
  for (const kind of ["rate-limit", "server-error", "forbidden", "unauthorised"] as const) {
    simulator.inject({ on: "send", kind, times: 1 });
    await it.send(conversation, textContent("x")).catch(() => undefined);
  }
}
