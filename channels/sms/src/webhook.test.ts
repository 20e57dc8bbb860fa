import type { WebhookRequest } from "@switchboard/domain";
import { completed } from "@switchboard/domain";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { SmsConfig } from "./config.ts";
import { webhook } from "./webhook.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const URL = "https://gateway.example.com/webhooks/sms/default/main";
const config = (extra: object = {}): SmsConfig =>
  completed(
    SmsConfig,
    { accountSid: `AC${"1".repeat(32)}`, authToken: TOKEN, from: "+15552000000", ...extra },
    "config",
  );
const MESSAGE = {
  AccountSid: `AC${"1".repeat(32)}`,
  MessageSid: `SM${"2".repeat(32)}`,
  From: "+15551000100",
  Body: "Grüße + 😀 & so",
};

function post(params: Readonly<Record<string, string>>, url = URL): WebhookRequest {
  const signature = twilio.getExpectedTwilioSignature(TOKEN, url, params);
  const body = new TextEncoder().encode(new URLSearchParams(params).toString());
  return { method: "POST", url, headers: { "x-twilio-signature": signature }, body };
}

const verify = (request: WebhookRequest) => webhook.verify(request, { config: config(), secret: "unused" });

describe("CH-6 calls of Twilio", () => {
  it("are let in and read, whatever people write", () => {
    const request = post(MESSAGE);
    expect(() => verify(request)).not.toThrow();
    expect(webhook.parse(request)).toEqual([MESSAGE]);
  });

  it("A21 are let in by one signature only: not in another spelling, not with a parameter more", () => {
    const request = post(MESSAGE);
    const signature = request.headers["x-twilio-signature"] ?? "";
    for (const other of [
      signature.replaceAll("+", "-").replaceAll("/", "_").replace("=", ""),
      `${signature}=`,
      signature.toLowerCase(),
    ]) {
      if (other === signature) continue;
      expect(() => verify({ ...request, headers: { "x-twilio-signature": other } })).toThrow(
        expect.objectContaining({ code: "SEC_002" }),
      );
    }
    const more = new TextEncoder().encode(`${new TextDecoder().decode(request.body)}&NumMedia=1`);
    expect(() => verify({ ...request, body: more })).toThrow(expect.objectContaining({ code: "SEC_002" }));
  });

  it("come by GET where the number is set up so: the query is signed and read", () => {
    const url = `${URL}?${new URLSearchParams(MESSAGE)}`;
    const headers = { "x-twilio-signature": twilio.getExpectedTwilioSignature(TOKEN, url, {}) };
    const request: WebhookRequest = { method: "GET", url, headers, body: new Uint8Array() };
    expect(() => verify(request)).not.toThrow();
    expect(webhook.parse(request)).toEqual([MESSAGE]);
    expect(() => verify({ ...request, url: url.replace("Body=", "Body=x") })).toThrow();
  });

  it("that name a body's hash have that body, and no form that nobody signed", () => {
    const body = new TextEncoder().encode('{"a":1}');
    const hash = twilio.getExpectedBodyHash('{"a":1}');
    const url = `${URL}?bodySHA256=${hash}`;
    const headers = { "x-twilio-signature": twilio.getExpectedTwilioSignature(TOKEN, url, {}) };
    expect(() => verify({ method: "POST", url, headers, body })).not.toThrow();
    const form = new TextEncoder().encode(new URLSearchParams(MESSAGE).toString());
    expect(() => verify({ method: "POST", url, headers, body: form })).toThrow(
      expect.objectContaining({ code: "SEC_002" }),
    );
  });

  it("are answered with TwiML that says nothing", () => {
    expect(webhook.reply?.(post(MESSAGE), { config: config() })).toEqual({
      type: "text/xml",
      body: "<Response></Response>",
    });
  });

  it("get the help text for HELP, unless Twilio has answered it", () => {
    const asked = (params: object, extra?: object) =>
      webhook.reply?.(post({ ...MESSAGE, ...params }), { config: config(extra) })?.body;
    const helpText = { helpText: "Call <us> & them" };
    expect(asked({ Body: " help" }, helpText)).toBe(
      "<Response><Message>Call &lt;us&gt; &amp; them</Message></Response>",
    );
    expect(asked({ Body: "HELP" })).toBe("<Response></Response>");
    expect(asked({ Body: "AIDE", OptOutType: "HELP" }, helpText)).toBe("<Response></Response>");
    expect(asked({ Body: "help me" }, helpText)).toBe("<Response></Response>");
    expect(asked({ Body: "help", MessageStatus: "sent" }, helpText)).toBe("<Response></Response>");
  });

  it("REQ_001 that are nobody's are refused", () => {
    const body = new TextEncoder().encode("From=%2B1&Body=x");
    expect(() => webhook.parse({ method: "POST", url: URL, headers: {}, body })).toThrow(
      expect.objectContaining({ code: "REQ_001" }),
    );
  });
});
