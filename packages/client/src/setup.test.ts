import { encodeSetupCode } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { nodeGatewayClient } from "./node/index.ts";
import { welcome } from "./scripted-gateway.test.util.ts";
import { fromSetupCode } from "./setup.ts";
import { tlsGateway } from "./tls-gateway.test.util.ts";

describe("from a setup code", () => {
  const client = { id: "cli", version: "1", platform: "linux", mode: "cli" } as const;

  it("DEV-6 DEV-11 to a pinned connection that shows the code's token and nothing else", async () => {
    await using gateway = await tlsGateway((visit) => welcome(visit));
    const code = encodeSetupCode({
      url: "wss://127.0.0.1:1",
      urls: ["wss://127.0.0.1:1", gateway.url],
      bootstrapToken: "for-one-pairing",
      expiresAtMs: Date.now() + 60_000,
      tlsFingerprint: gateway.fingerprint,
    });
    const device = nodeGatewayClient({ ...fromSetupCode(` oc-pair://${code}\n`), client });
    await device.connect();
    device.close();
    const [connect] = gateway.visits[0]?.frames ?? [];
    expect(connect).toMatchObject({ params: { auth: { bootstrapToken: "for-one-pairing" } } });
  });

  it("DEV-6 gives the address, the token and the pin, if there is one", () => {
    const code = encodeSetupCode({ url: "ws://10.0.2.2:18789", bootstrapToken: "b", expiresAtMs: 2 });
    expect(fromSetupCode(code, 1)).toEqual({ url: ["ws://10.0.2.2:18789"], bootstrapToken: "b" });
    expect(() => fromSetupCode(code, 2)).toThrow(
      expect.objectContaining({ code: "REQ_001", details: { reason: "expired" } }),
    );
  });

  it("CVE-2026-25253 a link is no setup code, however it holds one", () => {
    const code = encodeSetupCode({ url: "wss://evil.example", bootstrapToken: "b", expiresAtMs: 2 });
    for (const link of [
      `https://gateway.example.com/?gatewayUrl=wss://evil.example`,
      `https://gateway.example.com/#${code}`,
      `https://gateway.example.com/j/${code}`,
      `?code=${code}`,
      `#${code}`,
      "wss://evil.example",
    ]) {
      expect(() => fromSetupCode(link, 1)).toThrow(expect.objectContaining({ code: "REQ_001" }));
    }
  });
});
