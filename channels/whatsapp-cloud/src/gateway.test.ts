/** The channel in the real gateway: its process, its public address, its files, and what it says to Meta. */
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@switchboard/domain";
import { freePort, startGatewayProcess } from "@switchboard/testkit/gateway-process";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { startSimulator, type WhatsAppSimulator } from "../simulator/index.ts";

interface GatewayScene extends AsyncDisposable {
  readonly simulator: WhatsAppSimulator;
  /** Of the account's webhook. */
  readonly hook: string;
  readonly appSecret: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

async function scene(config: JsonObject = {}): Promise<GatewayScene> {
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
      agents: [{ id: "main", runtime: "echo" }],
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
    appSecret: account.appSecret,
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
    const call = (secret: string) =>
      fetch(it.hook, {
        method: "POST",
        body,
        headers: { "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}` },
      });
    expect((await call(it.appSecret)).status).toBe(200);
    expect((await call("another-secret")).status).toBe(401);
    expect((await fetch(it.hook, { method: "POST", body })).status).toBe(401);
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
