import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromSetupCode } from "@switchboard/client";
import { fileTokenStore, loadOrCreateDeviceIdentity, nodeGatewayClient } from "@switchboard/client/node";
import { decodeSetupCode } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

const client = { id: "node-host", mode: "cli", version: "1", platform: "linux" } as const;
const start = () =>
  startTestGateway({ config: { gateway: { tls: { enabled: true } } }, account: false, agent: "echo" });

/** Approves whoever waits, as soon as somebody does. */
async function approveNext(gateway: TestGateway): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const stop = gateway.client.on("device.pair.requested", ({ requestId }) => resolve(requestId));
  const { pending } = await gateway.request("device.pair.list", {});
  const requestId = pending[0]?.requestId ?? (await promise);
  stop();
  await gateway.request("device.pair.approve", { requestId });
}

describe("a device with a pinned certificate", () => {
  it("DEV-4 DEV-6 DEV-11 comes from a setup code, waits to be let in, and comes back with what it keeps in files", async () => {
    await using gateway = await start();
    const minted = await gateway.request("device.pair.setupCode", { onThisMachine: true, includeQr: false });
    const code = decodeSetupCode(minted.setupCode, Date.now());
    expect(code.tlsFingerprint).toBe(gateway.tlsFingerprint);
    expect(code.urls?.every((url) => url.startsWith("wss://"))).toBe(true);
    const files = { key: join(gateway.directory, "device.pem"), tokens: join(gateway.directory, "tokens.json") };
    const options = () => ({
      client,
      scopes: ["operator.read"] as const,
      device: loadOrCreateDeviceIdentity(files.key),
      tokenStore: fileTokenStore(files.tokens),
      reconnect: { minMs: 20, maxMs: 100 },
    });
    const approved = approveNext(gateway);
    const first = nodeGatewayClient({ ...options(), ...fromSetupCode(minted.setupCode), waitForApproval: true });
    const hello = await first.connect();
    await approved;
    first.close();
    expect(hello.auth).toMatchObject({ role: "operator", scopes: ["operator.read"] });
    expect(readFileSync(files.tokens, "utf8")).not.toContain(code.bootstrapToken);

    // The code is spent; what was kept is enough, and only behind the pin.
    const { tlsFingerprint, url } = fromSetupCode(minted.setupCode);
    const pin = tlsFingerprint ?? "";
    const back = nodeGatewayClient({ ...options(), url, tlsFingerprint: pin });
    expect((await back.connect()).auth).toMatchObject({ method: "device-token", scopes: ["operator.read"] });
    expect(await back.request("sessions.list", {})).toMatchObject({ sessions: expect.any(Array) });
    back.close();
    const fooled = nodeGatewayClient({
      ...options(),
      url: url[0],
      tlsFingerprint: pin.replace(/^./, (x) => (x === "0" ? "1" : "0")),
    });
    await expect(fooled.connect()).rejects.toMatchObject({ code: "SEC_006" });
  });
});
