import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSetupCode, encodeSetupCode, type SetupCode, urlsOfSetupCode } from "./setup-code.ts";

const NOW = 1_800_000_000_000;
const TOKEN = "c2VjcmV0LWJvb3RzdHJhcC10b2tlbi1vZi00My1jaGFy";
const FINGERPRINT = "0123456789abcdef".repeat(4);
const code = (changes: Partial<SetupCode> = {}): SetupCode => ({
  url: "wss://gateway.example.com",
  bootstrapToken: TOKEN,
  expiresAtMs: NOW + 1,
  ...changes,
});
const base64url = (text: string | Uint8Array) => Buffer.from(text).toString("base64url");
const raw = (changes: Record<string, unknown>) => base64url(JSON.stringify({ ...code(), ...changes }));
const decode = (text: string) => decodeSetupCode(text, NOW);

const refused = (text: string) => {
  expect(() => decode(text)).toThrow(expect.objectContaining({ code: "REQ_001", name: "SwitchboardError" }));
  try {
    decode(text);
  } catch (error) {
    const said = JSON.stringify([String(error), (error as Error).cause ?? "", { ...(error as object) }]);
    expect(said).not.toContain(TOKEN.slice(0, 8));
  }
};

describe("a setup code", () => {
  it("DEV-6 is base64url without padding of its JSON", () => {
    const text = encodeSetupCode(code());
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(JSON.parse(Buffer.from(text, "base64url").toString())).toEqual(code());
  });

  it("DEV-6 comes back as it was", () => {
    const host = fc.stringMatching(/^[a-z][a-z0-9]{0,20}\.example$/);
    const codes = fc.record(
      {
        url: host.map((name) => `wss://${name}`),
        bootstrapToken: fc.stringMatching(/^[A-Za-z0-9_-]{1,60}$/),
        expiresAtMs: fc.integer({ min: NOW + 1, max: 2 * NOW }),
        urls: fc.array(
          host.map((name) => `wss://${name}:8443/p`),
          { minLength: 2, maxLength: 8 },
        ),
        tlsFingerprint: fc.stringMatching(/^[0-9a-f]{64}$/),
        access: fc.constantFrom("full" as const, "limited" as const, "node" as const),
        accessDowngraded: fc.boolean(),
      },
      { requiredKeys: ["url", "bootstrapToken", "expiresAtMs"] },
    );
    fc.assert(
      fc.property(codes, (each) => {
        const text = encodeSetupCode(each);
        expect(decode(text)).toEqual(each);
        expect(decode(`\n oc-pair://${text}\t `)).toEqual(each);
      }),
    );
  });

  it.each([
    ["with the prefix", (text: string) => `oc-pair://${text}`],
    ["with the prefix in capitals", (text: string) => `OC-PAIR://${text}`],
    ["with white space around it", (text: string) => ` \r\n\t${text}\u00a0\n`],
    ["with its padding", (text: string) => text.padEnd(Math.ceil(text.length / 4) * 4, "=")],
  ])("DEV-6 is read %s", (_how, written) => {
    for (const path of ["", "/a", "/ab", "/abc"]) {
      const one = code({ url: `wss://gateway.example.com${path}` });
      expect(decode(written(encodeSetupCode(one)))).toEqual(one);
    }
  });

  it("DEV-6 padding that is not right is refused", () => {
    for (const path of ["", "/a", "/ab"]) {
      const text = encodeSetupCode(code({ url: `wss://gateway.example.com${path}` }));
      const right = (4 - (text.length % 4)) % 4;
      for (const count of [0, 1, 2, 3, 4].filter((each) => each !== 0 && each !== right)) {
        refused(text + "=".repeat(count));
      }
    }
  });

  it("DEV-6 addresses come in one spelling, and without what is there twice", () => {
    const read = decode(raw({ url: "WSS://Gateway.Example.COM:443/", urls: ["wss://a.example/", "wss://b.example"] }));
    expect(read.url).toBe("wss://gateway.example.com");
    expect(urlsOfSetupCode(read)).toEqual(["wss://gateway.example.com", "wss://a.example", "wss://b.example"]);
    expect(
      urlsOfSetupCode(code({ urls: ["wss://a.example", "wss://gateway.example.com", "wss://a.example"] })),
    ).toEqual(["wss://a.example", "wss://gateway.example.com"]);
    expect(urlsOfSetupCode(code())).toEqual(["wss://gateway.example.com"]);
  });

  it("DEV-6 a fingerprint is read with colons and capitals", () => {
    const colons = FINGERPRINT.toUpperCase().match(/../g)?.join(":");
    expect(decode(raw({ tlsFingerprint: colons })).tlsFingerprint).toBe(FINGERPRINT);
  });

  it("DEV-6 has an end", () => {
    for (const expiresAtMs of [NOW, NOW - 1, 1]) {
      expect(() => decode(raw({ expiresAtMs }))).toThrow(
        expect.objectContaining({ code: "REQ_001", details: { reason: "expired" } }),
      );
      refused(raw({ expiresAtMs }));
    }
    expect(decode(raw({ expiresAtMs: NOW + 1 })).expiresAtMs).toBe(NOW + 1);
  });

  it.each([
    ["nothing", ""],
    ["the prefix alone", "oc-pair://"],
    ["white space", " \n "],
    ["another prefix", `switchboard://${encodeSetupCode(code())}`],
    ["the prefix twice", `oc-pair://oc-pair://${encodeSetupCode(code())}`],
    ["a web address that holds it", `https://evil.example/?code=${encodeSetupCode(code())}`],
    ["standard base64", Buffer.from(JSON.stringify(code({ url: "wss://g.example/~~~>>>???" }).url)).toString("base64")],
    ["characters of standard base64", `${encodeSetupCode(code())}+/`],
    ["white space within", `${encodeSetupCode(code()).slice(0, 9)} ${encodeSetupCode(code()).slice(9)}`],
    ["a line break within", `${encodeSetupCode(code()).slice(0, 9)}\n${encodeSetupCode(code()).slice(9)}`],
    ["too much padding", `${encodeSetupCode(code())}===`],
    ["a length that no base64 has", "A"],
    ["bits that mean nothing", "YR"],
    ["a code cut short", encodeSetupCode(code()).slice(0, -5)],
    ["text that is no JSON", base64url(`{"bootstrapToken":"${TOKEN}"`)],
    ["bytes that are no text", base64url(new Uint8Array([0xff, 0xfe, 0xfd]))],
    ["an overlong text", base64url(new Uint8Array([0xc0, 0xaf]))],
    ["a text", base64url('"wss://gateway.example.com"')],
    ["a list", base64url("[]")],
    ["null", base64url("null")],
    ["no address", raw({ url: undefined })],
    ["an address that is no text", raw({ url: ["wss://gateway.example.com"] })],
    ["an address with credentials", raw({ url: `wss://user:${TOKEN}@gateway.example.com` })],
    ["an address with a query", raw({ url: `wss://gateway.example.com/?t=${TOKEN}` })],
    ["an address with a fragment", raw({ url: `wss://gateway.example.com/#${TOKEN}` })],
    ["an address of the web", raw({ url: "https://gateway.example.com" })],
    ["a script for an address", raw({ url: "javascript:alert(1)" })],
    ["CVE-2026-32034 no encryption to the Internet", raw({ url: "ws://gateway.example.com" })],
    ["CVE-2026-32034 no encryption to one of its addresses", raw({ urls: ["wss://a.example", "ws://8.8.8.8"] })],
    ["one address in its list", raw({ urls: ["wss://gateway.example.com"] })],
    ["nine addresses", raw({ urls: Array.from({ length: 9 }, (_, index) => `wss://g${index}.example`) })],
    ["addresses that are no list", raw({ urls: "wss://gateway.example.com" })],
    ["an address in the list that is none", raw({ urls: ["wss://gateway.example.com", 1] })],
    ["no token", raw({ bootstrapToken: undefined })],
    ["an empty token", raw({ bootstrapToken: "" })],
    ["a token that is no text", raw({ bootstrapToken: 1 })],
    ["a token of other characters", raw({ bootstrapToken: `${TOKEN}|x` })],
    ["a token that is too long", raw({ bootstrapToken: "a".repeat(513) })],
    ["no end", raw({ expiresAtMs: undefined })],
    ["an end that is a text", raw({ expiresAtMs: "2099-01-01" })],
    ["an end that is no whole number", raw({ expiresAtMs: NOW + 0.5 })],
    [
      "an end beyond all numbers",
      base64url(JSON.stringify(code()).replace(/"expiresAtMs":\d+/, '"expiresAtMs":1e400')),
    ],
    ["a negative end", raw({ expiresAtMs: -1 })],
    ["a fingerprint that is none", raw({ tlsFingerprint: "abc" })],
    ["CVE-2026-100551 an empty fingerprint", raw({ tlsFingerprint: "" })],
    ["CVE-2026-100551 a fingerprint that is null", raw({ tlsFingerprint: null })],
    ["CVE-2026-100551 a fingerprint without TLS", raw({ url: "ws://10.0.0.1", tlsFingerprint: FINGERPRINT })],
    [
      "CVE-2026-100551 a fingerprint, and one address without TLS",
      raw({ urls: ["wss://a.example", "ws://10.0.0.1"], tlsFingerprint: FINGERPRINT }),
    ],
    ["an access that does not exist", raw({ access: "admin" })],
    ["an access that every object has", raw({ access: "constructor" })],
    ["a downgrade that is a text", raw({ accessDowngraded: "yes" })],
    ["far too much", base64url(JSON.stringify({ ...code(), more: "x".repeat(10_000) }))],
  ])("DEV-6 with %s is refused, and its token is not repeated", (_what, text) => {
    refused(text);
  });

  it("DEV-6 whatever else is pasted, it is refused in the words of the table", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json().map(base64url)), (text) => {
        expect(() => decode(text)).toThrow(expect.objectContaining({ code: "REQ_001" }));
      }),
      { numRuns: 300 },
    );
  });

  it("GHSA-7h7g-x2px-94hj carries no credential but the token for one pairing, neither written nor read", () => {
    const more = { token: "gateway-token", password: "hunter2", deviceToken: "device", auth: { token: "x" } };
    const written = encodeSetupCode({ ...code({ access: "full" }), ...more });
    const content = JSON.parse(Buffer.from(written, "base64url").toString()) as object;
    expect(Object.keys(content).toSorted()).toEqual(["access", "bootstrapToken", "expiresAtMs", "url"]);
    expect(decode(raw(more))).toEqual(code());
    // The type has no place for one either: a further field does not compile here.
    const fields: Readonly<Record<keyof SetupCode, true>> = {
      url: true,
      urls: true,
      bootstrapToken: true,
      expiresAtMs: true,
      tlsFingerprint: true,
      access: true,
      accessDowngraded: true,
    };
    const all = Object.fromEntries(Object.keys({ ...fields, ...more }).map((name) => [name, undefined]));
    expect(Object.keys(decode(raw({ ...all, ...code(), ...more }))).filter((name) => !(name in fields))).toEqual([]);
  });

  it("DEV-6 what could not be read is not written", () => {
    for (const wrong of [
      { url: "ws://gateway.example.com" },
      { urls: ["wss://one.example"] },
      { bootstrapToken: "" },
      { expiresAtMs: Number.NaN },
      { tlsFingerprint: "" },
      { url: "ws://10.0.0.1", tlsFingerprint: FINGERPRINT },
    ]) {
      expect(() => encodeSetupCode(code(wrong))).toThrow(expect.objectContaining({ code: "REQ_001" }));
    }
  });

  it("no key of a prototype is taken for a field", () => {
    refused(base64url(`{"__proto__":${JSON.stringify(code())}}`));
  });
});
