import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gatewayAddress, ownGatewayAddress } from "./address.ts";
import { GatewayClient } from "./client.ts";

describe("the gateway's address", () => {
  it.each([
    ["ws://127.0.0.1:18789", "ws://127.0.0.1:18789/"],
    ["http://localhost:18789", "ws://localhost:18789/"],
    ["https://gateway.example.com/ws", "wss://gateway.example.com/ws"],
    ["wss://8.8.8.8", "wss://8.8.8.8/"],
    ["ws://gateway:18789", "ws://gateway:18789/"],
    ["ws://192.168.1.5:18789", "ws://192.168.1.5:18789/"],
    ["ws://box.tail1234.ts.net", "ws://box.tail1234.ts.net/"],
    ["ws://[::1]:18789", "ws://[::1]:18789/"],
  ])("%s is fine", (text, address) => {
    expect(gatewayAddress(text)).toBe(address);
  });

  it.each([
    ["no URL", "gateway"],
    ["another scheme", "ftp://localhost"],
    ["a script", "javascript:alert(1)"],
    ["a password", "ws://user:pass@localhost"],
    ["a query", "ws://localhost/?gatewayUrl=ws://evil.example"],
    ["a fragment", "ws://localhost/#token"],
    ["cleartext to a public host", "ws://gateway.example.com"],
    ["cleartext to a public address", "http://8.8.8.8"],
    ["cleartext to a number that is an address", "ws://134744072"],
  ])("CVE-2026-25253 %s is refused, without repeating it", (_what, text) => {
    const make = () =>
      new GatewayClient({ url: text, token: "t", client: { id: "cli", version: "1", platform: "x", mode: "cli" } });
    expect(make).toThrow(expect.objectContaining({ code: "REQ_001" }));
    expect(make).not.toThrow("pass@");
  });

  it("cleartext to a public host is possible for who insists", () => {
    expect(gatewayAddress("ws://gateway.example.com", "any")).toBe("ws://gateway.example.com/");
  });

  it("CVE-2026-25253 a page's own gateway comes from its origin, whatever else its address says", () => {
    const page = new URL("https://gateway.example.com/chat?gatewayUrl=wss://evil.example&token=x#wss://evil.example");
    expect(ownGatewayAddress(page)).toBe("wss://gateway.example.com/");
    expect(ownGatewayAddress(new URL("http://127.0.0.1:18789/?x"), "/ws?x=1#y")).toBe(
      "ws://127.0.0.1:18789/ws%3Fx=1%23y",
    );
  });

  it("CVE-2026-25253 nothing in this package reads a page's address by itself", () => {
    const folder = new URL("./", import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.endsWith(".ts") && !name.includes(".test."),
    );
    expect(sources.length).toBeGreaterThan(12);
    for (const name of sources) {
      const code = readFileSync(new URL(name, folder), "utf8");
      expect(code).not.toMatch(/\b(window|document|globalThis|self)\.location\b|\blocation\.|searchParams/);
      expect(code).not.toMatch(/console\./);
    }
  });
});
