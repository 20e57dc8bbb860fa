import { describe, expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import channel from "./index.ts";
import { smsScene } from "./scene.test.helper.ts";

const HOOK = { url: "http://127.0.0.1:9/webhooks/sms/default/default", secret: "s" };

describe("CH-6 the login says exactly what is missing", () => {
  it.each([
    ["nobody who writes", { from: undefined }, "CFG_001", /`from` or `messagingServiceSid`/],
    ["a number of somebody else", { from: "+15559999999" }, "CFG_001", /does not belong to this Twilio account/],
    [
      "a service of somebody else",
      { from: undefined, messagingServiceSid: `MG${"9".repeat(32)}` },
      "CFG_001",
      /no Messaging Service/,
    ],
    [
      "an account that is not there",
      { accountSid: `AC${"9".repeat(32)}` },
      "CONN_002",
      /Account SID or the Auth Token/,
    ],
    ["a token that was renewed", { authToken: "0".repeat(32) }, "CONN_002", /mistyped or was renewed/],
  ])("%s", async (_what, changes, code, words) => {
    await using it = await smsScene({ config: () => changes as never });
    await expect(it.connect()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(words),
      retryable: false,
      scope: "account",
    });
  });

  it("a trial account is told as what it is, and refuses what it refuses", async () => {
    await using it = await smsScene();
    it.simulator.setTrial(true);
    expect((await it.connect()).note).toMatch(/trial account/);
  });

  it("a sender that nobody can answer connects, and the status says so", async () => {
    await using it = await smsScene({ config: () => ({ from: "Bakery" }) });
    expect(await it.connect()).toMatchObject({
      self: { id: "Bakery" },
      note: expect.stringMatching(/cannot be answered/),
    });
  });

  it("the webhook that is not set is named with its place and its address, and polling stands in", async () => {
    await using it = await smsScene({ webhook: HOOK, config: () => ({ transport: "auto", configureWebhook: false }) });
    const { note, transport } = await it.connect();
    expect(transport).toBe("polling");
    expect(note).toContain("A message comes in");
    expect(note).toContain(`${HOOK.url}#rc=5&rp=all`);
    expect(it.simulator.webhookUrl()).toBe("");
  });

  it("CFG_001 a webhook that must be there and is not keeps the account from connecting", async () => {
    for (const webhook of [HOOK, undefined]) {
      await using it = await smsScene({
        ...(webhook && { webhook }),
        config: () => ({ transport: "webhook", configureWebhook: false }),
      });
      await expect(it.connect()).rejects.toMatchObject({
        code: "CFG_001",
        message: expect.stringMatching(/configureWebhook|publicUrl/),
      });
    }
  });

  it("sets the webhook of the number when told to, and then finds it there", async () => {
    await using simulator = Object.assign(await startSimulator(), {
      async [Symbol.asyncDispose]() {
        await simulator.close();
      },
    });
    await using first = await smsScene({ simulator, webhook: HOOK, config: () => ({ transport: "auto" }) });
    expect(await first.connect()).toMatchObject({ transport: "webhook", note: expect.stringMatching(/was set/) });
    expect(simulator.webhookUrl()).toBe(`${HOOK.url}#rc=5&rp=all`);
    await using second = await smsScene({
      simulator,
      webhook: HOOK,
      config: () => ({ transport: "auto", configureWebhook: false }),
    });
    expect(await second.connect()).toMatchObject({ transport: "webhook" });
  });

  it("sets the webhook of a Messaging Service, and hears and sends by it", async () => {
    await using it = await smsScene({
      webhook: HOOK,
      config: (simulator) =>
        ({ ...simulator.serviceConfig(), from: undefined, transport: "auto", catchUpMs: 50 }) as never,
    });
    expect(await it.connect()).toMatchObject({ transport: "webhook", self: { displayName: "Simulated service" } });
    // Nobody answers at that address: the list tells.
    await it.simulator.say({ from: "Ann", text: "by the service" });
    await it.until(() => it.events().some(({ kind }) => kind === "message"), "the message");
  });

  it("CONN-4 what came by the webhook is not read from the list again", async () => {
    await using it = await smsScene({ webhook: HOOK, config: () => ({ transport: "auto", catchUpMs: 50 }) });
    await it.connect();
    const { account, connection, simulator } = it;
    const say = async (text: string) => ({ text, sid: (await simulator.say({ from: "Ann", text })).messageId });
    // While the list is being read, another message comes by the webhook.
    const held = account.holdReceive();
    const first = await say("read from the list");
    await it.until(() => account.calls() === 1, "the reading");
    const called = await say("told by the webhook");
    const call = { MessageSid: called.sid, From: "+15551000199", To: "+15552000000", Body: called.text };
    await connection.stored?.(channel.unbundle(call, account.reader()));
    held.release();
    await it.until(() => account.received.length > 0, "the first message");
    const last = await say("read later");
    await it.until(() => account.received.some(({ key }) => key === last.sid), "the last message");
    expect(account.received.map(({ key }) => key)).toEqual([first.sid, last.sid]);
  });
});
