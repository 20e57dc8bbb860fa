/** `web.login.*`: a client of the gateway protocol shows a QR code, and the account that is scanned is connected. */
import { type StepsPlatform, startStepsPlatform } from "@switchboard/testkit/steps";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { readQrPng } from "../test-support/read-qr.ts";

const CHANNEL = "steps";

describe("TEN-1 DEV-1 web.login", () => {
  let gateway: TestGateway;
  let phone: StepsPlatform;
  beforeAll(async () => {
    phone = await startStepsPlatform();
    gateway = await startTestGateway({
      agent: "echo",
      config: { thirdPartyChannels: ["@switchboard/testkit"] },
      env: { STEPS_BASE_URL: phone.url },
    });
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await phone?.[Symbol.asyncDispose]();
  });

  const shown = (dataUrl = "") => readQrPng(Buffer.from(dataUrl.split(",")[1] ?? "", "base64"));
  const states = async () => {
    const { channelAccounts } = await gateway.request("channels.status", { channel: CHANNEL });
    return (channelAccounts[CHANNEL] ?? []).map(({ accountId, connected }) => [accountId, connected]);
  };

  it("TEN-1 begins with a QR code, tells of the next one, and connects the account once it is scanned", async () => {
    // Without a channel: the only one that is logged in so.
    const begun = await gateway.request("web.login.start", {});
    expect(begun).toMatchObject({ connected: false, sessionKey: expect.any(String) });
    const { qrDataUrl: currentQrDataUrl = "", sessionKey = "" } = begun;
    const same = await gateway.request("web.login.wait", { sessionKey, currentQrDataUrl, timeoutMs: 1 });
    expect(same).toEqual({ connected: false, message: begun.message, qrDataUrl: currentQrDataUrl });
    const next = gateway.request("web.login.wait", { channel: CHANNEL, sessionKey, currentQrDataUrl });
    phone.refresh();
    const refreshed = await next;
    expect(refreshed.connected).toBe(false);
    expect(shown(refreshed.qrDataUrl)).not.toBe(shown(currentQrDataUrl));
    expect(await states()).toEqual([]);
    // Without a session key: the newest login of the account.
    const end = gateway.request("web.login.wait", { channel: CHANNEL });
    phone.scan();
    expect(await end).toEqual({ connected: true, message: expect.any(String) });
    expect(await states()).toEqual([["default", true]]);
    const { entries } = await gateway.request("auditLog.list", { limit: 10 });
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["channel.login-begun", "channel.connected"]),
    );
  });

  it("TEN-1 an account that is connected stays as it is; with force another login begins, and the newer one counts", async () => {
    const count = phone.begun.length;
    const there = await gateway.request("web.login.start", { channel: CHANNEL });
    expect([there.connected, there.sessionKey, phone.begun.length]).toEqual([true, undefined, count]);
    const older = await gateway.request("web.login.start", { channel: CHANNEL, force: true });
    const newer = await gateway.request("web.login.start", { channel: CHANNEL, force: true });
    expect(newer.qrDataUrl).toBeDefined();
    expect(newer.qrDataUrl).not.toBe(older.qrDataUrl);
    const replaced = gateway.request("web.login.wait", { channel: CHANNEL, sessionKey: older.sessionKey ?? "" });
    await expect(replaced).rejects.toMatchObject({ code: "REQ_002" });
    expect(await states()).toEqual([["default", true]]);
  });

  it("TEN-1 says in words why a login came to nothing, and lets no other account have it", async () => {
    const begun = await gateway.request("web.login.start", { channel: CHANNEL, accountId: "second" });
    const { sessionKey = "" } = begun;
    const elsewhere = gateway.request("web.login.wait", { channel: CHANNEL, accountId: "third", sessionKey });
    await expect(elsewhere).rejects.toMatchObject({ code: "REQ_002" });
    const [first = ""] = phone.tokens.values();
    const end = gateway.request("web.login.wait", { channel: CHANNEL, accountId: "second", sessionKey });
    // The phone of the account that is connected already.
    phone.scan({ phone: first });
    expect(await end).toEqual({ connected: false, message: `That is the account ${CHANNEL}:default already.` });
    await eventually(async () => (await states()).length === 1);
  });

  it("REQ_001 refuses a channel without such a login, and a name that is none", async () => {
    const other = gateway.request("web.login.start", { channel: gateway.platform.id });
    await expect(other).rejects.toMatchObject({ code: "REQ_001" });
    const named = gateway.request("web.login.start", { channel: CHANNEL, accountId: "No Name" });
    await expect(named).rejects.toMatchObject({ code: "REQ_001" });
  });

  it("DEV-1 is there for who knows it, and not advertised", () => {
    const { methods = [] } = gateway.client.hello?.features ?? {};
    expect(methods).toContain("channels.start");
    expect(methods).not.toContain("web.login.start");
  });
});
