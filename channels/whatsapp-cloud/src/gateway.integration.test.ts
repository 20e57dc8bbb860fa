/** The channel in the real gateway: its process, its public address, its files, and what it says to Meta. */
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@switchboard/domain";
import { freePort, startGatewayProcess } from "@switchboard/testkit/gateway-process";
import { startModelServer } from "@switchboard/testkit/model-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { startSimulator, type WhatsAppSimulator } from "../simulator/index.ts";

interface GatewayScene extends AsyncDisposable {
  readonly simulator: WhatsAppSimulator;
  /** Of the account's webhook. */
  readonly hook: string;
  /** The header with which Meta would sign a body. */
  signed(body: string): string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

async function scene(config: JsonObject = {}, agent: JsonObject = { runtime: "echo" }): Promise<GatewayScene> {
  const place = await temporaryDirectory();
  const simulator = await startSimulator({ webhookRetryMs: 20 });
  const port = await freePort();
  const account = simulator.accountConfig() as JsonObject & { readonly appSecret: string };
  const fast = { perSecond: 1_000, burst: 1_000 };
  const settings = { dmPolicy: "open", rateLimit: fast, conversationRateLimit: fast };
  writeFileSync(
    join(place.path, "config.json"),
    JSON.stringify({
      gateway: { publicUrl: `http://127.0.0.1:${port}` },
      agents: [{ id: "main", ...agent }],
      channels: { "whatsapp-cloud": { default: { config: { ...account, ...config }, settings } } },
    }),
  );
  const startProcess = () =>
    startGatewayProcess({
      stateDirectory: place.path,
      port,
      token: "a-token-of-some-length-0123456789",
      form: "source",
    });
  let process = startProcess();
  await process.ready;
  return {
    simulator,
    hook: `http://127.0.0.1:${port}/webhooks/whatsapp-cloud/default/default`,
    signed: (body) => signature(account.appSecret, body),
    kill: async () => void (await process.kill()),
    async start() {
      process = startProcess();
      await process.ready;
    },
    async [Symbol.asyncDispose]() {
      await process.stop();
      await simulator.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

function signature(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

describe("CH-5 in the gateway", () => {
  it("MSG-4 people talk, press, choose, and send and get pictures, after Meta has checked the address", async () => {
    await using it = await scene();
    const { simulator } = it;
    // The gateway connects only once the simulator got its challenge back from the gateway itself.
    const { conversation } = await simulator.say({ from: "Ann", text: "hello there" });
    const answer = await simulator.waitFor(({ text }) => text.includes("hello there"), { conversation });
    await simulator.say({ from: "Ann", text: "demo buttons" });
    const offer = await simulator.waitFor(({ controls }) => controls.length > 0, { conversation });
    expect(offer.controls.flat().map(({ label }) => label)).toEqual(expect.arrayContaining(["Yes", "No"]));
    await simulator.press({ from: "Ann", conversation, messageId: offer.id, label: "No" });
    const known = [answer.id, offer.id];
    await simulator.waitFor(({ id, text }) => !known.includes(id) && /no/i.test(text), { conversation });
    await simulator.say({ from: "Ann", text: "demo image" });
    const picture = await simulator.waitFor(({ attachments }) => attachments.length > 0, { conversation });
    expect(picture.attachments[0]).toMatchObject({ kind: "image", mimeType: expect.stringMatching(/^image\//) });
  });

  it("Q-1 SEC_002 answers the handshake and takes signed calls, and nothing else", async () => {
    await using it = await scene({ verifyToken: "a-word" });
    const asked = (token: string) =>
      fetch(`${it.hook}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
    const heard = await asked("a-word");
    expect([heard.status, heard.headers.get("content-type"), await heard.text()]).toEqual([
      200,
      expect.stringContaining("text/plain"),
      "1158201444",
    ]);
    const refused = await asked("another-word");
    expect([refused.status, await refused.text()]).toEqual([401, expect.not.stringContaining("1158201444")]);
    const body = JSON.stringify({ object: "whatsapp_business_account", entry: [] });
    const call = (header: string) =>
      fetch(it.hook, { method: "POST", body, headers: { "x-hub-signature-256": header } });
    expect((await call(it.signed(body))).status).toBe(200);
    expect((await call(signature("another-secret", body))).status).toBe(401);
    expect((await fetch(it.hook, { method: "POST", body })).status).toBe(401);
  });

  it("CH-5 what is written to another business's number reaches no agent, also while the account is away", async () => {
    const model = await startModelServer();
    const agent = { runtime: "openai", model: "any", apiKey: "none", baseUrl: model.baseUrl, tools: false };
    await using it = await scene({}, agent);
    const { simulator } = it;
    const { conversation } = await simulator.say({ from: "Ann", text: "before" });
    await simulator.waitFor(({ text }) => text.includes("before"), { conversation });
    await it.kill();
    // From now on the account knows who it is, and cannot connect.
    simulator.inject({ on: "any", kind: "server-error", times: 1_000_000 });
    await it.start();
    const call = (phone: string | undefined, text: string) => {
      const message = {
        from: "16505551234",
        id: `wamid.${text}`,
        timestamp: "1749416383",
        type: "text",
        text: { body: text },
      };
      const value = { messaging_product: "whatsapp", metadata: { phone_number_id: phone }, messages: [message] };
      const changes = [{ field: "messages", value }];
      const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "1", changes }] });
      return fetch(it.hook, { method: "POST", body, headers: { "x-hub-signature-256": it.signed(body) } });
    };
    for (const [phone, text] of [
      ["106540352242999", "meant for somebody else"],
      [simulator.phones[1], "meant for the other number"],
      [simulator.phones[0], "meant for us"],
    ] as const) {
      expect((await call(phone, text)).status).toBe(200);
    }
    const asked = () => model.requests.map(({ body }) => JSON.stringify(body));
    await expect.poll(() => asked().some((body) => body.includes("meant for us")), { timeout: 20_000 }).toBe(true);
    expect(asked().filter((body) => /meant for (somebody|the)/.test(body))).toEqual([]);
    expect(
      simulator.sent().map(({ text }) => text),
      "the account was away",
    ).toHaveLength(1);
    await model.close();
  });

  it("Q-4 Q-6 what Meta calls again is answered once, also what came while the gateway was dead", async () => {
    await using it = await scene();
    const { simulator } = it;
    const { conversation } = await simulator.say({ from: "Ann", text: "only once" });
    await simulator.waitFor(({ text }) => text.includes("only once"), { conversation });
    await it.kill();
    await simulator.say({ from: "Ann", text: "into the silence" });
    await it.start();
    await simulator.waitFor(({ text }) => text.includes("into the silence"), { conversation });
    await simulator.redeliver(10);
    await simulator.say({ from: "Ann", text: "afterwards" });
    await simulator.waitFor(({ text }) => text.includes("afterwards"), { conversation });
    for (const words of ["only once", "into the silence"]) {
      expect(simulator.sent({ conversation }).filter(({ text }) => text.includes(words))).toHaveLength(1);
    }
  });
});
