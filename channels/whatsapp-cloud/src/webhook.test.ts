import type { WebhookRequest } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import type { WhatsAppConfig } from "./config.ts";
import { webhook } from "./webhook.ts";

/** GitHub's published vector of the same construction: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries */
const SECRET = "It's a Secret to Everybody";
const BODY = "Hello, World!";
const SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

const account = (more: Partial<WhatsAppConfig> = {}) => ({
  config: { appSecret: SECRET, ...more } as WhatsAppConfig,
  secret: "gateway-secret",
});
const call = (more: Partial<WebhookRequest>): WebhookRequest => ({
  method: "POST",
  url: "https://example.org/webhooks/whatsapp-cloud/default/default",
  headers: {},
  body: new TextEncoder().encode(BODY),
  ...more,
});
const refused = expect.objectContaining({ code: "SEC_002" });

describe("CH-5 SEC_002 signatures", () => {
  it("are HMAC-SHA256 of the bytes as they came", () => {
    webhook.verify(call({ headers: { "x-hub-signature-256": SIGNATURE } }), account());
    const other = new TextEncoder().encode(`${BODY} `);
    expect(() =>
      webhook.verify(call({ body: other, headers: { "x-hub-signature-256": SIGNATURE } }), account()),
    ).toThrow(refused);
  });

  it("of the old kind, or none, do not count", () => {
    for (const headers of [{}, { "x-hub-signature": "sha1=00" }, { "x-hub-signature-256": SIGNATURE.slice(7) }]) {
      expect(() => webhook.verify(call({ headers }), account())).toThrow(refused);
    }
  });
});

describe("CH-5 the handshake", () => {
  const asked = (token: string, mode = "subscribe") =>
    call({
      method: "GET",
      body: new Uint8Array(),
      url: `https://example.org/hook?hub.mode=${mode}&hub.challenge=1158201444&hub.verify_token=${token}`,
    });

  it("echoes the challenge and is no update", () => {
    const request = asked("gateway-secret");
    webhook.verify(request, account());
    expect(webhook.parse(request)).toEqual([]);
    expect(webhook.reply?.(request, account())).toEqual({ type: "text/plain", body: "1158201444" });
    webhook.verify(asked("my-word"), account({ verifyToken: "my-word" }));
  });

  it("SEC_002 needs the token and the mode", () => {
    for (const request of [
      asked("wrong"),
      asked(""),
      asked("gateway-secret", "unsubscribe"),
      call({ method: "GET" }),
    ]) {
      expect(() => webhook.verify(request, account())).toThrow(refused);
    }
    expect(() => webhook.verify(asked("gateway-secret"), account({ verifyToken: "my-word" }))).toThrow(refused);
  });

  it("answers nothing in particular to events", () => {
    expect(webhook.reply?.(call({}), account())).toBeUndefined();
  });
});
