import { describe, expect, it } from "vitest";
import { encodeSetupCode } from "./setup-code.ts";
import { type Reachability, setupUrls } from "./setup-urls.ts";

const LAN = ["192.168.1.5", "fd00::5"];
const way = (changes: Partial<Reachability> = {}): Reachability => ({
  host: "0.0.0.0",
  port: 18_789,
  tls: false,
  addresses: LAN,
  ...changes,
});

describe("the addresses for a setup code", () => {
  it.each<[string, Partial<Reachability>, string, readonly string[], boolean]>([
    ["the local networks", {}, "lan", ["ws://192.168.1.5:18789", "ws://[fd00::5]:18789"], false],
    ["the same with TLS", { tls: true }, "lan", ["wss://192.168.1.5:18789", "wss://[fd00::5]:18789"], true],
    ["every network over IPv6", { host: "::", addresses: ["10.1.2.3"] }, "lan", ["ws://10.1.2.3:18789"], false],
    ["one address", { host: "192.168.1.9" }, "bind", ["ws://192.168.1.9:18789"], false],
    ["a name", { host: "nas.local", tls: true }, "bind", ["wss://nas.local:18789"], true],
    ["a public address", { publicUrl: "https://gw.example.com/x/" }, "publicUrl", ["wss://gw.example.com/x"], false],
    [
      "a public address before a proxy that has TLS, too",
      { publicUrl: "https://gw.example.com", tls: true },
      "publicUrl",
      ["wss://gw.example.com"],
      false,
    ],
    [
      "a public address that is the gateway's own",
      { publicUrl: "https://192.168.1.5:18789", tls: true },
      "publicUrl",
      ["wss://192.168.1.5:18789"],
      true,
    ],
    ["a private address called public", { publicUrl: "http://10.0.0.9:80" }, "publicUrl", ["ws://10.0.0.9"], false],
    [
      "Tailscale before the local networks",
      { tailscaleName: "Box.tail1.ts.net." },
      "tailscale",
      ["wss://box.tail1.ts.net"],
      false,
    ],
    [
      "a public address before Tailscale",
      { publicUrl: "https://gw.example.com", tailscaleName: "box.tail1.ts.net" },
      "publicUrl",
      ["wss://gw.example.com"],
      false,
    ],
    [
      "Tailscale although it listens on loopback",
      { host: "127.0.0.1", tailscaleName: "box.tail1.ts.net" },
      "tailscale",
      ["wss://box.tail1.ts.net"],
      false,
    ],
    [
      "loopback when it is asked for",
      { host: "127.0.0.1", onThisMachine: true },
      "loopback",
      ["ws://127.0.0.1:18789", "ws://10.0.2.2:18789"],
      false,
    ],
    [
      "loopback with TLS",
      { host: "127.0.0.1", onThisMachine: true, tls: true },
      "loopback",
      ["wss://127.0.0.1:18789", "wss://10.0.2.2:18789"],
      true,
    ],
    [
      "no loopback for a public address, when there is another way",
      { publicUrl: "http://127.0.0.1:18789" },
      "lan",
      ["ws://192.168.1.5:18789", "ws://[fd00::5]:18789"],
      false,
    ],
  ])("DEV-6 DEV-7 %s", (_what, changes, source, urls, pinnable) => {
    const found = setupUrls(way(changes));
    expect(found).toMatchObject({ source, urls, pinnable });
    expect(found.encrypted).toBe(urls.every((url) => url.startsWith("wss:")));
    const [url, ...rest] = found.urls;
    const list = rest.length > 0 ? { urls: [...found.urls] } : {};
    expect(encodeSetupCode({ url, ...list, bootstrapToken: "t", expiresAtMs: 1 })).not.toBe("");
  });

  it("DEV-7 leaves out what no other device can use, and what must not be used in the clear", () => {
    const addresses = ["127.0.0.1", "::1", "fe80::1", "fe80::1%eth0", "0.0.0.0", "100.64.0.9", "8.8.8.8", ...LAN];
    expect(setupUrls(way({ addresses })).urls).toEqual(["ws://192.168.1.5:18789", "ws://[fd00::5]:18789"]);
    expect(setupUrls(way({ addresses, tls: true })).urls).toEqual([
      "wss://100.64.0.9:18789",
      "wss://8.8.8.8:18789",
      "wss://192.168.1.5:18789",
      "wss://[fd00::5]:18789",
    ]);
  });

  it("DEV-6 lists eight at most, each once", () => {
    const many = Array.from({ length: 20 }, (_, index) => `10.0.0.${index}`);
    expect(setupUrls(way({ addresses: ["10.0.0.0", ...many] })).urls).toHaveLength(8);
  });

  it.each<[string, Partial<Reachability>, RegExp]>([
    ["it listens on loopback", { host: "127.0.0.1" }, /this machine only/],
    ["it listens on loopback by name", { host: "localhost" }, /this machine only/],
    ["its public address is loopback, too", { host: "::1", publicUrl: "http://localhost:1" }, /this machine only/],
    ["there is no network", { addresses: [] }, /no address in a network/],
    ["there is nothing but link-local IPv6", { addresses: ["fe80::1"] }, /no address in a network/],
    ["only encryption would do", { addresses: ["100.64.0.9", "8.8.8.8"] }, /with encryption/],
    ["it listens on Tailscale's address without TLS", { host: "100.64.0.9" }, /with encryption/],
    ["it listens on a public address without TLS", { host: "8.8.8.8" }, /with encryption/],
    ["CVE-2026-32034 the public address has no TLS", { publicUrl: "http://gw.example.com" }, /wss:\/\//],
    ["the public address holds a password", { publicUrl: "https://u:hunter2@gw.example.com" }, /password/],
  ])("DEV-7 none, because %s", (_what, changes, why) => {
    const choose = () => setupUrls(way(changes));
    expect(choose).toThrow(expect.objectContaining({ code: "REQ_001", action: expect.stringMatching(/./) }));
    expect(choose).toThrow(why);
    expect(choose).not.toThrow(/hunter2/);
  });
});
