/** The channel in the real gateway: its process, its public address, its files, and what it says to Twilio. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@switchboard/domain";
import { freePort, startGatewayProcess } from "@switchboard/testkit/gateway-process";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { type SmsSimulator, startSimulator } from "../simulator/index.ts";

interface GatewayScene extends AsyncDisposable {
  readonly simulator: SmsSimulator;
  readonly url: string;
  /** A call as Twilio would make it to `signedUrl`, which arrives at the gateway with these headers. */
  call(
    params: Readonly<Record<string, string>>,
    signedUrl: string,
    headers?: Record<string, string>,
    path?: string,
  ): Promise<Response>;
}

const WEBHOOK = "/webhooks/sms/default/default";

async function scene(config: JsonObject = {}, gateway: JsonObject = {}): Promise<GatewayScene> {
  const place = await temporaryDirectory();
  const simulator = await startSimulator({ webhookRetryMs: 20 });
  const port = await freePort();
  const account = { ...simulator.accountConfig({ transport: "webhook" }), ...config };
  const fast = { perSecond: 1_000, burst: 1_000 };
  const settings = { dmPolicy: "open", rateLimit: fast, conversationRateLimit: fast };
  writeFileSync(
    join(place.path, "config.json"),
    JSON.stringify({
      gateway: { publicUrl: `http://127.0.0.1:${port}`, ...gateway },
      agents: [{ id: "main", runtime: "echo" }],
      channels: { sms: { default: { config: account, settings } } },
    }),
  );
  const process = startGatewayProcess({
    stateDirectory: place.path,
    port,
    token: "a-token-of-some-length-0123456789",
    form: "source",
  });
  await process.ready;
  const url = `http://127.0.0.1:${port}`;
  return {
    simulator,
    url,
    call(params, signedUrl, headers = {}, path = WEBHOOK) {
      const { accountSid, authToken } = simulator.accountConfig() as { accountSid: string; authToken: string };
      const all = { AccountSid: accountSid, ...params };
      return fetch(url + path, {
        method: "POST",
        body: new URLSearchParams(all),
        headers: { ...headers, "x-twilio-signature": twilio.getExpectedTwilioSignature(authToken, signedUrl, all) },
      });
    },
    async [Symbol.asyncDispose]() {
      await process.stop();
      await simulator.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

const message = (number: number, body: string) => ({
  MessageSid: `SM${String(number).padStart(32, "0")}`,
  From: "+15551000199",
  To: "+15552000000",
  Body: body,
});

describe("CH-6 in the gateway", () => {
  it("MSG-4 people talk, choose by number, and send and get pictures", async () => {
    await using it = await scene();
    const { simulator } = it;
    const { conversation } = await simulator.say({ from: "Ann", text: "hello there" });
    const answer = await simulator.waitFor(({ text }) => text.includes("hello there"), { conversation });
    await simulator.say({ from: "Ann", text: "demo buttons" });
    const offer = await simulator.waitFor(({ id, text }) => id !== answer.id && /Reply 1 for/.test(text), {
      conversation,
    });
    expect(offer.text).toMatch(/Reply 1 for Yes, 2 for No/);
    await simulator.press({ from: "Ann", conversation, messageId: offer.id, label: "No" });
    await simulator.waitFor(({ id, text }) => id !== offer.id && id !== answer.id && /no/i.test(text), {
      conversation,
    });
    await simulator.say({ from: "Ann", text: "demo image" });
    const picture = await simulator.waitFor(({ attachments }) => attachments.length > 0, { conversation });
    expect(picture.attachments[0]).toMatchObject({ kind: "image", mimeType: expect.stringMatching(/^image\//) });
    expect(picture.attachments[0]?.bytes.byteLength).toBeGreaterThan(50);
  });

  it("Q-1 Twilio hears empty TwiML once the message is stored, and HELP gets the help text", async () => {
    await using it = await scene({ helpText: "Call us." });
    const own = it.url + WEBHOOK;
    const answered = await it.call(message(1, "hi"), own);
    expect(answered.status).toBe(200);
    expect(answered.headers.get("content-type")).toBe("text/xml");
    expect(await answered.text()).toBe("<Response></Response>");
    expect(await (await it.call(message(2, "HELP"), own)).text()).toBe(
      "<Response><Message>Call us.</Message></Response>",
    );
    expect((await it.call(message(3, "hi"), `${own}?forged=1`)).status).toBe(401);
  });

  it("CH-6 the signature fits the public address, whatever stands between", async () => {
    await using it = await scene({}, { publicUrl: "https://gw.example.com:443/base/" });
    for (const [number, url] of [
      "https://gw.example.com/base/webhooks/sms/default/default",
      "https://gw.example.com:443/base/webhooks/sms/default/default",
    ].entries()) {
      expect([url, (await it.call(message(number, "hi"), url)).status]).toEqual([url, 200]);
    }
    const query = "https://gw.example.com/base/webhooks/sms/default/default?a=%20b&c='d'";
    expect((await it.call(message(7, "hi"), query, {}, `${WEBHOOK}?a=%20b&c='d'`)).status).toBe(200);
    const slash = "https://gw.example.com/base/webhooks/sms/default/default/";
    expect((await it.call(message(8, "hi"), slash, {}, `${WEBHOOK}/`)).status).toBe(200);
    // Nobody named a proxy: what these headers say means nothing.
    const elsewhere = "https://evil.example.com/webhooks/sms/default/default";
    expect(
      (
        await it.call(message(9, "hi"), elsewhere, {
          "x-forwarded-host": "evil.example.com",
          "x-forwarded-proto": "https",
        })
      ).status,
    ).toBe(401);
  });

  it("CH-6 a proxy that is named tells host, scheme, port and prefix", async () => {
    await using it = await scene({}, { trustedProxies: ["127.0.0.1"] });
    const proto = { "x-forwarded-proto": "https" };
    for (const [number, [url, headers]] of (
      [
        [`https://gw.example.com${WEBHOOK}`, { ...proto, "x-forwarded-host": "gw.example.com" }],
        [`https://gw.example.com${WEBHOOK}`, { ...proto, "x-forwarded-host": "GW.Example.com" }],
        [`https://GW.Example.com${WEBHOOK}`, { ...proto, "x-forwarded-host": "GW.Example.com" }],
        [`https://gw.example.com${WEBHOOK}`, { ...proto, "x-forwarded-host": "gw.example.com:443" }],
        [
          `https://gw.example.com:8443${WEBHOOK}`,
          { ...proto, "x-forwarded-host": "gw.example.com", "x-forwarded-port": "8443" },
        ],
        [
          `https://gw.example.com${WEBHOOK}`,
          { ...proto, "x-forwarded-host": "gw.example.com", "x-forwarded-port": "443" },
        ],
        [
          `https://gw.example.com/base${WEBHOOK}`,
          { ...proto, "x-forwarded-host": "gw.example.com", "x-forwarded-prefix": "/base/" },
        ],
        [`http://gw.example.com${WEBHOOK}`, { "x-forwarded-host": "gw.example.com, inner.example.com" }],
      ] as const
    ).entries()) {
      expect([url, headers, (await it.call(message(number, "hi"), url, headers)).status]).toEqual([url, headers, 200]);
    }
    expect(
      (
        await it.call(message(99, "hi"), `https://gw.example.com${WEBHOOK}`, {
          ...proto,
          "x-forwarded-host": "other.example.com",
        })
      ).status,
    ).toBe(401);
  });

  it("Q-4 what Twilio calls twice is answered once", async () => {
    await using it = await scene();
    const { conversation } = await it.simulator.say({ from: "Ann", text: "only once" });
    await it.simulator.waitFor(({ text }) => text.includes("only once"), { conversation });
    await it.simulator.redeliver(5);
    await it.simulator.say({ from: "Ann", text: "afterwards" });
    await it.simulator.waitFor(({ text }) => text.includes("afterwards"), { conversation });
    expect(it.simulator.sent({ conversation }).filter(({ text }) => text.includes("only once"))).toHaveLength(1);
  });
});
