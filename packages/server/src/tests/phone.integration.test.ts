/** A phone from the QR code in a chat to the end of its token: the whole way, over real sockets. */
import { join } from "node:path";
import { fromSetupCode } from "@switchboard/client";
import { fileTokenStore, loadOrCreateDeviceIdentity, nodeGatewayClient } from "@switchboard/client/node";
import { decodeSetupCode, type SetupCode } from "@switchboard/protocol";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { readQrPng } from "../test-support/read-qr.ts";
import { type DeviceConnect, TestDevice } from "../test-support/test-device.ts";
import { RawClient } from "../ws/harness.test.util.ts";

const pairing = { dmPolicy: "pairing" };
const phone = {
  id: "openclaw-ios",
  mode: "ui",
  version: "2026.9",
  platform: "iOS 19.1",
  deviceFamily: "iPhone",
  displayName: "Ada's phone",
} as const;

/** Ada writes, is let in, and owns the account from then on. */
async function ownedByAda(gateway: TestGateway) {
  const { platform, simulator } = gateway;
  const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
  const asked = await simulator.waitFor(({ text }) => /\b[A-HJ-NP-Z2-9]{8}\b/.test(text), { conversation });
  const code = /\b[A-HJ-NP-Z2-9]{8}\b/.exec(asked.text)?.[0] ?? "";
  await gateway.request("channels.pairing.approve", {
    channel: platform.id,
    accountId: "default",
    code,
    bootstrapCommandOwner: true,
  });
  const home = { conversation };
  return {
    home,
    /** Writes, and returns the first answer after it that holds `answer`. */
    async says(text: string, answer: string | RegExp) {
      const before = simulator.sent(home).length;
      await simulator.say({ from: "Ada", text });
      return simulator.waitFor(
        (each) => simulator.sent(home).indexOf(each) >= before && each.text.match(answer) !== null,
        home,
      );
    },
  };
}

async function connect(url: string, device: TestDevice, how: DeviceConnect) {
  const client = await RawClient.open(url, {});
  const { payload } = await client.event("connect.challenge");
  const params = device.params(String(payload.nonce), { client: phone, ...how });
  return { client, answer: await client.call("connect", params) };
}

function readQr(png: Uint8Array): string {
  return readQrPng(Buffer.from(png)) ?? "";
}

describe.concurrent("DEV-6 DEV-8 a phone", () => {
  it("DEV-6 DEV-8 is set up by a QR code from chat, approved by a button there, comes back, and is cut off", async () => {
    await using gateway = await startTestGateway({ account: { settings: pairing } });
    const { simulator } = gateway;
    const { home, says } = await ownedByAda(gateway);
    const sent = await says("/pair qr here", "Scan this");
    expect(sent.text).not.toContain("eyJ");
    const code: SetupCode = decodeSetupCode(readQr(sent.attachments[0]?.bytes ?? new Uint8Array()), Date.now());
    expect(code).toMatchObject({
      access: "limited",
      urls: expect.arrayContaining([expect.stringContaining("10.0.2.2")]),
    });
    expect(code.expiresAtMs - Date.now()).toBeLessThanOrEqual(180_000);

    const device = new TestDevice();
    const first = { role: "node", auth: { bootstrapToken: code.bootstrapToken } } as const;
    const waiting = await connect(code.url, device, first);
    expect(waiting.answer.error).toMatchObject({
      code: "NOT_PAIRED",
      details: {
        code: "PAIRING_REQUIRED",
        recommendedNextStep: "wait_then_retry",
        retryable: true,
        pauseReconnect: false,
      },
    });
    const notice = await simulator.waitFor(({ text }) => text.includes("asks to be let in"), home);
    expect(notice.text).toContain("Ada's phone");
    // Coming back while it waits asks nobody again.
    expect((await connect(code.url, device, first)).answer.error.details.requestId).toBe(
      waiting.answer.error.details.requestId,
    );
    await simulator.press({ from: "Ada", ...home, messageId: notice.id, label: "Approve Ada's phone" });
    await simulator.waitFor(({ id, text }) => id === notice.id && text.includes("Approved"), home);

    const { answer } = await connect(code.url, device, first);
    const auth = answer.payload.auth as {
      method: string;
      deviceToken: string;
      deviceTokens: { role: string; deviceToken: string; scopes: string[] }[];
    };
    expect(auth).toMatchObject({
      method: "bootstrap-token",
      role: "node",
      scopes: [],
      deviceTokens: [{ role: "operator" }],
    });
    const [operator] = auth.deviceTokens;
    expect(operator?.scopes).toContain("operator.write");
    expect(operator?.scopes).not.toContain("operator.admin");
    await simulator.waitFor(({ text }) => text.includes("The device is connected"), home);
    expect(simulator.sent(home).filter(({ text }) => text.includes("asks to be let in"))).toHaveLength(0);

    // The code is spent, for this phone and for others.
    for (const other of [device, new TestDevice()]) {
      const again = await connect(code.url, other, first);
      expect(again.answer.error.details).toMatchObject({ code: "AUTH_BOOTSTRAP_TOKEN_INVALID" });
    }
    const back = await connect(code.url, device, {
      scopes: ["operator.write"],
      auth: { deviceToken: operator?.deviceToken ?? "" },
    });
    expect(back.answer.payload).toMatchObject({ auth: { method: "device-token", scopes: ["operator.write"] } });
    expect((await back.client.call("sessions.list")).ok).toBe(true);

    await gateway.request("device.token.revoke", { deviceId: device.id, role: "operator" });
    expect(await back.client.closed).toEqual({ code: 4001, reason: "device token revoked" });
  });

  it("DEV-6 DEV-11 with our own client: over pinned TLS, waiting for its approval, coming back with its token", async () => {
    await using gateway = await startTestGateway({
      account: { settings: pairing },
      config: { gateway: { tls: { enabled: true } } },
    });
    const { simulator } = gateway;
    const { home, says } = await ownedByAda(gateway);
    const sent = await says("/pair qr here", "Scan this");
    const setup = fromSetupCode(readQr(sent.attachments[0]?.bytes ?? new Uint8Array()));
    expect(setup).toMatchObject({
      tlsFingerprint: gateway.tlsFingerprint,
      url: expect.arrayContaining([gateway.url.replace("https", "wss")]),
    });
    await using directory = await temporaryDirectory();
    const options = {
      client: phone,
      role: "node",
      device: loadOrCreateDeviceIdentity(join(directory.path, "key")),
      tokenStore: fileTokenStore(join(directory.path, "tokens")),
      reconnect: { minMs: 50, maxMs: 200 },
    } as const;
    const client = nodeGatewayClient({ ...setup, ...options });
    const connected = client.connect();
    const notice = await simulator.waitFor(({ text }) => text.includes("asks to be let in"), home);
    expect(client.state.name).not.toBe("connected");
    await simulator.press({ from: "Ada", ...home, messageId: notice.id, label: "Approve Ada's phone" });
    expect((await connected).auth.method).toBe("bootstrap-token");
    client.close();

    const { bootstrapToken: _, ...address } = setup;
    const back = nodeGatewayClient({ ...address, ...options, reconnect: false });
    expect((await back.connect()).auth).toMatchObject({ method: "device-token", role: "node" });
    const ended = new Promise<void>((resolve) => back.onState(({ name }) => name === "refused" && resolve()));
    const [paired] = (await gateway.request("device.pair.list", {})).paired;
    await gateway.request("device.pair.remove", { deviceId: paired?.deviceId ?? "" });
    await ended;
    // Whoever pretends to be the gateway is not even spoken to.
    const pinned = nodeGatewayClient({ ...address, ...options, reconnect: false, tlsFingerprint: "0".repeat(64) });
    await expect(pinned.connect()).rejects.toThrow();
  });

  it("DEV-6 of a hundred phones that read one code, one may ask", async () => {
    await using gateway = await startTestGateway({ account: false });
    const minted = await gateway.request("device.pair.setupCode", { onThisMachine: true, includeQr: false });
    const { bootstrapToken, url } = decodeSetupCode(minted.setupCode, Date.now());
    const answers: unknown[] = [];
    // Some at a time: an address has only so many places at the door.
    for (let round = 0; round < 5; round += 1) {
      const some = Array.from({ length: 20 }, () =>
        connect(url, new TestDevice(), { role: "node", auth: { bootstrapToken } }),
      );
      for (const { answer } of await Promise.all(some)) answers.push(answer.error.details.code);
    }
    expect(answers.filter((each) => each === "PAIRING_REQUIRED")).toHaveLength(1);
    expect(
      answers.filter(
        (each) =>
          each !== "PAIRING_REQUIRED" && each !== "AUTH_BOOTSTRAP_TOKEN_INVALID" && each !== "AUTH_RATE_LIMITED",
      ),
    ).toEqual([]);
    expect((await gateway.request("device.pair.list", {})).pending).toHaveLength(1);
  });

  it("DEV-6 GHSA-7h7g-x2px-94hj a code names neither the gateway's secret nor anything that outlives it", async () => {
    await using gateway = await startTestGateway({ account: false });
    const minted = await gateway.request("device.pair.setupCode", { onThisMachine: true });
    const content = Buffer.from(minted.setupCode, "base64url").toString();
    expect(content).not.toContain(gateway.token);
    expect(Object.keys(JSON.parse(content)).sort()).toEqual(["access", "bootstrapToken", "expiresAtMs", "url", "urls"]);
    expect(readQrPng(Buffer.from(minted.qrDataUrl?.split(",")[1] ?? "", "base64"))).toBe(minted.setupCode);
    expect(await gateway.request("device.pair.setupStatus", { setupId: minted.setupId })).toMatchObject({
      remainingMs: expect.any(Number),
    });
  });

  it("DEV-8 /pair is the owner's alone, in a direct chat; words it does not know are told", async () => {
    await using gateway = await startTestGateway({
      account: { settings: { ...pairing, groupPolicy: "open", requireMention: false } },
    });
    const { simulator } = gateway;
    const { says } = await ownedByAda(gateway);
    await says("/pair sideways", "I do not know");
    await says("/pair full here", "missing scope: operator.admin");
    await says("/pair approve", "No such device waits");
    await says("/pair pending", "No device waits");
    await says("/pair cleanup", "no unused setup code");
    await says("**/pair** `here`", "Give this code to the device");
    await says("/pair cleanup", "One unused setup code is void");
    // Without an address that other devices could reach it says what to set.
    await says("/pair", "gateway.host");
    const group = await simulator.createGroup({ title: "Team", people: ["Ada", "Bob"] });
    await simulator.say({ from: "Ada", text: "/pair qr here", conversation: group.conversation });
    const here = await simulator.waitFor(({ text }) => text.includes("Everybody here"), group);
    expect(here.attachments).toEqual([]);
    await simulator.say({ from: "Bob", text: "/pair qr here", conversation: group.conversation });
    await eventually(async () => {
      const { entries } = await gateway.request("auditLog.list", { action: "access.denied" });
      return entries.some(({ detail }) => JSON.stringify(detail).includes("command pair"));
    });
    expect(simulator.sent(group).flatMap(({ attachments }) => attachments)).toEqual([]);
  });
});
