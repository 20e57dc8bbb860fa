/** The channel's calls and the simulator's answers against Twilio's own description of its API. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { markdownContent, type OutboundContent, textContent } from "@switchboard/domain";
import { recordingProxy } from "@switchboard/simulator-kit/testing";
import twilio from "twilio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smsScene, targetOf } from "../src/scene.test.helper.ts";
import { SpecChecker } from "./specs.test.helper.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const file = join(
  process.env.SWITCHBOARD_SPECS ?? join(root, "..", "shared", "specs"),
  "twilio",
  "twilio_api_v2010.json",
);
const HOOK = { url: "https://gateway.example.com/webhooks/sms/default/default", secret: "s" };

if (!existsSync(file)) {
  it("CH-6 the channel keeps to Twilio's description", (context) => {
    console.warn(`SKIPPED: no ${file}; name the folder in SWITCHBOARD_SPECS`);
    context.skip(`no ${file}`);
  });
}

describe.runIf(existsSync(file))("CH-6 the channel keeps to Twilio's description", () => {
  let checker: SpecChecker;
  beforeAll(() => {
    checker = new SpecChecker(file);
  });
  afterAll(() => {
    if (!checker) return;
    const { described, operations, requests } = checker;
    console.log(
      `Twilio: checked ${requests} requests with their answers, ${operations.length} of ${described} operations`,
    );
  });

  /** Everything that the channel does, through a proxy that notes it. */
  async function everything(service: boolean, transport: "auto" | "polling") {
    const [outer] = [await smsScene()];
    await using simulator = outer;
    await using proxy = await recordingProxy(simulator.simulator.url);
    await using it = await smsScene({
      simulator: simulator.simulator,
      webhook: HOOK,
      config: ({ accountConfig, serviceConfig }) =>
        ({
          ...(service ? { ...serviceConfig(), from: undefined } : accountConfig()),
          baseUrl: proxy.url,
          transport,
        }) as never,
    });
    await it.connect();
    const { conversation } = await simulator.simulator.say({
      from: "Ann",
      text: "hi",
      attach: { kind: "image", bytes: new Uint8Array([1]), mimeType: "image/png" },
    });
    if (transport === "polling") await it.until(() => it.events().length > 0, "the message");
    const to = targetOf(conversation);
    it.account.blobs.set("b1", { bytes: new Uint8Array([1, 2]) });
    const contents: OutboundContent[] = [
      markdownContent("**Hello** “you”"),
      textContent("x".repeat(4_000)),
      textContent("A picture", { attachments: [{ kind: "image", source: { blob: "b1" }, mimeType: "image/png" }] }),
    ];
    for (const content of contents) await it.send(to, content);
    for (const wrong of ["+15550000000", "12345678901234567890"]) {
      await expect(it.send(targetOf(wrong), textContent("nobody"))).rejects.toBeDefined();
    }
    const { signal } = new AbortController();
    const [part] = (await import("../src/index.ts")).default.render(textContent("never sent"), to);
    if (part) await it.connection.reconcile?.(to, part, { deliveryId: "d", startedAt: Date.now() - 60_000 }, signal);
    await it.connection.probe?.(signal);
    return proxy.calls.filter(({ path }) => path.includes(".json") || path.startsWith("/v1/"));
  }

  it.each([
    ["with a number, by webhook", false, "auto"],
    ["with a number, by polling", false, "polling"],
    ["with a Messaging Service", true, "auto"],
  ] as const)("%s", async (_what, service, transport) => {
    const calls = await everything(service, transport);
    // Messaging Services are described elsewhere.
    const problems = calls.filter(({ path }) => !path.startsWith("/v1/")).flatMap((call) => checker.check(call));
    expect(problems).toEqual([]);
    expect(calls.length).toBeGreaterThan(8);
  });

  it("notices what is wrong", () => {
    const { path, ...call } = {
      method: "POST",
      path: `/2010-04-01/Accounts/AC${"1".repeat(32)}/Messages.json`,
      headers: {},
      body: Buffer.from("Tu=1"),
      status: 400,
      answer: {},
    };
    expect(checker.check({ ...call, path })).toHaveLength(3);
    expect(checker.check({ ...call, path: "/2010-04-01/Nothing.json" })).toHaveLength(1);
    expect(
      checker.check({
        ...call,
        path,
        body: Buffer.from("To=1&MessagingServiceSid=x&SmartEncoded=yes"),
        status: 201,
        answer: { sid: "x", colour: 1 },
      }),
    ).toHaveLength(4);
  });

  it("the simulator takes what Twilio's own client sends", async () => {
    await using it = await smsScene();
    const { accountSid, authToken, baseUrl } = it.simulator.accountConfig() as Record<string, string>;
    const client = twilio(accountSid, authToken, {
      httpClient: {
        async request(options: { uri: string; method: string; params?: unknown; data?: unknown }) {
          const url = new URL(options.uri.replace("https://api.twilio.com", baseUrl ?? ""));
          for (const [name, value] of Object.entries((options.params ?? {}) as Record<string, string>))
            url.searchParams.append(name, value);
          const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
          const body = options.data ? new URLSearchParams(options.data as Record<string, string>) : undefined;
          const answer = await fetch(url, {
            method: options.method.toUpperCase(),
            headers: { authorization },
            ...(body && { body }),
          });
          return { statusCode: answer.status, body: await answer.json(), headers: {} } as never;
        },
      } as never,
    });
    const { conversation } = await it.simulator.say({ from: "Ann", text: "hi" });
    const made = await client.messages.create({ to: conversation, from: it.simulator.number, body: "by the client" });
    expect(made).toMatchObject({ status: "queued", numSegments: "1", direction: "outbound-api" });
    const listed = await client.messages.list({ to: conversation, limit: 5 });
    expect(listed.map(({ body }) => body)).toEqual(["by the client"]);
    await expect(client.messages.create({ to: "+1", from: it.simulator.number, body: "x" })).rejects.toMatchObject({
      code: 21211,
      status: 400,
    });
    const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: it.simulator.number, limit: 1 });
    expect(number?.capabilities.sms).toBe(true);
  });
});
