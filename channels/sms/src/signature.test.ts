/** Signatures against the published vectors and against Twilio's own validator. */
import fc from "fast-check";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { hasSignedBody, isSigned, signatureOf } from "./signature.ts";

/** twilio-node, spec/validation.spec.js (MIT). */
const TOKEN = "12345";
const URL = "https://mycompany.com/myapp.php?foo=1&bar=2";
const PARAMS = {
  CallSid: "CA1234567890ABCDE",
  Caller: "+14158675309",
  Digits: "1234",
  From: "+14158675309",
  To: "+18005551212",
};
const SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
const BODY = '{"property": "value", "boolean": true}';
const BODY_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
const EMPTY_HASH = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

const call = (url: string, params: Readonly<Record<string, string>> = PARAMS) => ({
  url,
  params: Object.entries(params),
});

describe("CH-6 the signature", () => {
  it("is that of the published vector", () => {
    expect(signatureOf(call(URL), TOKEN)).toBe(SIGNATURE);
    expect(isSigned(call(URL), SIGNATURE, TOKEN)).toBe(true);
    expect(isSigned(call(URL, { ...PARAMS, Digits: "1235" }), SIGNATURE, TOKEN)).toBe(false);
    expect(isSigned(call(URL), SIGNATURE, "12346")).toBe(false);
  });

  it("covers a body by the hash in the query", () => {
    const url = `${URL}&bodySHA256=${BODY_HASH}`;
    const body = new TextEncoder().encode(BODY);
    expect(isSigned({ url, params: [] }, "a9nBmqA0ju/hNViExpshrM61xv4=", TOKEN)).toBe(true);
    expect(hasSignedBody(url, body)).toBe(true);
    expect(hasSignedBody(url, new TextEncoder().encode(`${BODY} `))).toBe(false);
    expect(hasSignedBody(URL, body)).toBe(false);
    const empty = `${URL}&bodySHA256=${EMPTY_HASH}`;
    // This one was made over the address with :443; the port is not always in what arrives.
    expect(isSigned({ url: empty, params: [] }, "Ldidvp12m26NI7eqEvxnEpkd9Hc=", TOKEN)).toBe(true);
    expect(hasSignedBody(empty, new TextEncoder().encode("{}"))).toBe(true);
  });

  const signedAs = "https://Gateway.Example.com/webhooks/sms/default/main?x=%20a&y=it's";
  it.each([
    ["as it is", signedAs, signedAs],
    ["with the usual port, signed without", signedAs, signedAs.replace(".com/", ".com:443/")],
    ["without a port, signed with the usual one", signedAs.replace(".com/", ".com:443/"), signedAs],
    ["http with and without :80", "http://example.com/a", "http://example.com:80/a"],
    ["another port, signed with it", "https://example.com:8443/a", "https://example.com:8443/a"],
    ["another port, signed without", "https://example.com/a", "https://example.com:8443/a"],
    ["the host in small letters, signed so", "https://example.com/a?b=1", "https://EXAMPLE.com/a?b=1"],
    ["with a slash at its end", "https://example.com/a/", "https://example.com/a/"],
    ["the host alone", "https://example.com/", "https://example.com"],
  ])("CH-6 fits the address %s", (_what, signed, arrived) => {
    const signature = twilio.getExpectedTwilioSignature(TOKEN, signed, PARAMS);
    expect(twilio.validateRequest(TOKEN, signature, arrived, PARAMS)).toBe(true);
    expect(isSigned(call(arrived), signature, TOKEN)).toBe(true);
  });

  it.each([
    ["another path", "https://example.com/a", "https://example.com/b"],
    ["a slash more", "https://example.com/a", "https://example.com/a/"],
    ["another host", "https://example.com/a", "https://example.org/a"],
    ["another scheme", "https://example.com/a", "http://example.com/a"],
    ["another query", "https://example.com/a?b=1", "https://example.com/a?b=2"],
    ["the path in capitals", "https://example.com/a", "https://example.com/A"],
  ])("CH-6 does not fit %s", (_what, signed, arrived) => {
    const signature = twilio.getExpectedTwilioSignature(TOKEN, signed, PARAMS);
    expect(twilio.validateRequest(TOKEN, signature, arrived, PARAMS)).toBe(false);
    expect(isSigned(call(arrived), signature, TOKEN)).toBe(false);
  });

  it("CH-6 is judged as Twilio's own validator does, whatever the address and the form", () => {
    const host = fc.constantFrom(
      "example.com",
      "Example.COM",
      "a-b.example.com:443",
      "example.com:80",
      "10.0.0.1:8080",
      "[::1]:443",
    );
    const path = fc.constantFrom("", "/", "/webhooks/sms/default/main", "/a/", "/%7Euser/it's", "/a//b");
    const query = fc.constantFrom(
      "",
      "?",
      "?a=1&b=2",
      "?b=2&a=1",
      "?q=a%20b+c",
      "?q='x'",
      "?e=%F0%9F%98%80",
      "?a=1&a=2",
    );
    const address = fc
      .tuple(fc.constantFrom("http://", "https://", "HTTPS://"), host, path, query)
      .map((parts) => parts.join(""));
    const params = fc.dictionary(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
      fc.string({ unit: "grapheme" }),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(address, address, params, (signed, arrived, form) => {
        const signature = twilio.getExpectedTwilioSignature(TOKEN, signed, form);
        expect(signatureOf({ url: signed, params: Object.entries(form) }, TOKEN)).toBe(signature);
        const theirs = twilio.validateRequest(TOKEN, signature, arrived, form);
        expect(isSigned(call(arrived, form), signature, TOKEN), `${signed} ${arrived}`).toBe(theirs);
      }),
      { numRuns: 2_000, seed: 6 },
    );
  });

  it("takes a name that comes several times as Twilio does", () => {
    const form = { To: ["b", "a", "b"], Body: "x" };
    const params: [string, string][] = [
      ["To", "b"],
      ["To", "a"],
      ["To", "b"],
      ["Body", "x"],
    ];
    expect(signatureOf({ url: URL, params }, TOKEN)).toBe(twilio.getExpectedTwilioSignature(TOKEN, URL, form));
  });
});
