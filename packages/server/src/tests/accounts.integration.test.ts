import type { EventPayload } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { metric } from "../test-support/metrics.ts";
import { openAccount, startPlatform } from "../test-support/platform.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { peopleSaid } from "../test-support/transcript.ts";

type Change = EventPayload<"channels.changed">;

async function statusOf(gateway: TestGateway, account = "default") {
  const { channelAccounts } = await gateway.request("channels.status", {});
  const found = channelAccounts[gateway.platform.id]?.find(({ accountId }) => accountId === account);
  if (!found) throw new Error(`no account ${account}`);
  return found;
}

function listen(gateway: TestGateway): Change[] {
  const changes: Change[] = [];
  gateway.client.on("channels.changed", (change) => changes.push(change));
  return changes;
}

const inState = (gateway: TestGateway, state: string, account?: string) =>
  eventually(async () => (await statusOf(gateway, account)).state === state, { what: `state ${state}` });

describe.concurrent("accounts", () => {
  it("CONN-1 CONN-2 a lost platform is looked for after 1, 2, 4 … 60 s, ten times; then only every quarter of an hour", async () => {
    const clock = new TestClock(100);
    await using gateway = await startTestGateway({ clock, account: { config: { pollPauseMs: 10 } } });
    const { simulator } = gateway;
    const changes = listen(gateway);
    const { port } = new URL(simulator.url);
    await simulator.close();
    await eventually(async () => (await statusOf(gateway)).state === "PERMANENTLY_FAILED", { timeoutMs: 20_000 });
    const failures = gateway.log.lines.filter(({ message }) => message === "connection failed");
    const delays = failures.map(({ fields }) => Number(fields.delay));
    expect(failures.map(({ fields }) => fields.attempt)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
    for (const [index, delay] of delays.slice(0, 10).entries()) {
      const full = Math.min(60_000, 1000 * 2 ** index);
      expect(delay).toBeGreaterThanOrEqual(full * 0.9);
      expect(delay).toBeLessThanOrEqual(Math.max(full, 60_000));
    }
    const states = changes.map(({ account }) => account.state);
    expect(new Set(states)).toEqual(new Set(["ERROR", "RECONNECTING", "PERMANENTLY_FAILED"]));
    expect((await statusOf(gateway)).error?.code).toBe("CONN_001");
    expect((await gateway.request("status", {})).problems.join()).toContain("PERMANENTLY_FAILED");
    expect((await gateway.request("health", { probe: true })).ok).toBe(false);
    const labels = { channel: gateway.platform.id, account: "default" };
    expect(await metric(gateway, "connected", labels)).toBe(0);
    expect(await metric(gateway, "reconnects_total", { ...labels, code: "CONN_001" })).toBe(11);
    // The same bot is not there any more, but somebody who answers is; the credential is what is wrong now.
    const { simulator: stranger } = await startPlatform({ port: Number(port) });
    clock.jump(16 * 60_000);
    await eventually(async () => (await statusOf(gateway)).error?.code === "CONN_002");
    await stranger.close();
  });

  it("CONN-1 comes back when the platform does, and says so from the first sign of life", async () => {
    await using gateway = await startTestGateway({
      clock: new TestClock(20),
      account: { config: { pollPauseMs: 10 } },
    });
    const { simulator } = gateway;
    const before = await statusOf(gateway);
    expect(before).toMatchObject({ state: "CONNECTED", evidence: expect.anything(), reconnectAttempts: 0 });
    const changes = listen(gateway);
    simulator.inject({ on: "receive", kind: "server-error", times: 6 });
    simulator.inject({ on: "any", kind: "server-error", times: 2 });
    await eventually(() => changes.some(({ account }) => account.state === "ERROR"));
    await inState(gateway, "CONNECTED");
    expect(changes.map(({ account }) => account.state)).toEqual(
      expect.arrayContaining(["ERROR", "RECONNECTING", "CONNECTED"]),
    );
    expect((await statusOf(gateway)).reconnectAttempts).toBeGreaterThanOrEqual(1);
    const { conversation } = await simulator.say({ from: "Ada", text: "back?" });
    await simulator.waitFor(({ text }) => text === "back?", { conversation });
  });

  it("oc#56086 oc#90921 CONN-3 CONN_002 an account whose credential is refused is given up at once and disturbs no other", async () => {
    await using gateway = await startTestGateway({ accounts: { other_bot: {} } });
    const bot = gateway.other("other_bot");
    const { simulator } = gateway;
    const changes = listen(gateway);
    const wellBefore = await statusOf(gateway);
    bot.inject({ on: "any", kind: "unauthorised", times: 1_000 });
    await bot.say({ from: "Ada", text: "wakes the poll" });
    await inState(gateway, "PERMANENTLY_FAILED", "other_bot");
    const { conversation } = await simulator.say({ from: "Ada", text: "still there?" });
    await simulator.waitFor(({ text }) => text === "still there?", { conversation });
    const well = await statusOf(gateway);
    expect(well).toMatchObject({
      state: "CONNECTED",
      reconnectAttempts: 0,
      lastConnectedAt: wellBefore.lastConnectedAt,
    });
    expect(new Set(changes.map(({ account }) => account.accountId))).toEqual(new Set(["other_bot"]));
    const given = gateway.log.lines.filter(({ message }) => message.startsWith("given up"));
    expect(given).toHaveLength(1);
    expect((await statusOf(gateway, "other_bot")).error).toMatchObject({ code: "CONN_002", retryable: false });
    const { channels } = await gateway.request("health", { probe: true });
    expect(channels[gateway.platform.id]?.accounts).toMatchObject({
      default: { connected: true },
      other_bot: { connected: false },
    });
  });

  it("oc#6917 a credential that is refused in the middle of a send costs no message: it goes when the account is back", async () => {
    await using gateway = await startTestGateway();
    const { simulator, platform } = gateway;
    const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(() => true, { conversation });
    simulator.inject({ on: "send", kind: "unauthorised", times: 1 });
    await simulator.say({ from: "Ada", text: "one" });
    await inState(gateway, "PERMANENTLY_FAILED");
    expect((await gateway.request("deadLetters.list", {})).deadLetters).toEqual([]);
    await gateway.request("channels.stop", { channel: platform.id });
    await gateway.request("channels.start", { channel: platform.id });
    await simulator.waitFor(({ text }) => text.endsWith("one"), { conversation });
    expect(simulator.sent({ conversation })).toHaveLength(2);
  });

  it("oc#54682 oc#58525 CONN-2 asks every 30 s for proof of life: silence of people is none, silence of the platform is", async () => {
    const clock = new TestClock(60);
    await using gateway = await startTestGateway({ clock, account: { config: { pollPauseMs: 10 } } });
    const labels = { channel: gateway.platform.id, account: "default" };
    const first = await eventually(async () => (await statusOf(gateway)).lastProbeAt);
    const second = await eventually(async () => {
      const { lastProbeAt } = await statusOf(gateway);
      return lastProbeAt !== first && lastProbeAt;
    });
    expect(second - first).toBeGreaterThanOrEqual(30_000);
    expect(await statusOf(gateway)).toMatchObject({ state: "CONNECTED", reconnectAttempts: 0 });
    expect(await metric(gateway, "connected", labels)).toBe(1);
    await gateway.simulator.close();
    await eventually(async () => (await statusOf(gateway)).state !== "CONNECTED");
    expect(await metric(gateway, "connected", labels)).toBe(0);
  });

  it("oc#83017 changed settings touch neither inbox, sessions nor outbox, and do not reconnect anybody", async () => {
    await using gateway = await startTestGateway({ config: { turns: { drainMs: 100 } } });
    const { simulator, model, platform } = gateway;
    const changes = listen(gateway);
    const bot = gateway.other("added");
    const { config, settings } = openAccount(bot);
    const account = { channel: platform.id, accountId: "added", config, settings };
    await gateway.request("channels.add", account);
    await gateway.connected("added");
    const { conversation } = await bot.say({ from: "Ada", text: "before" });
    await bot.waitFor(({ text }) => text === "before", { conversation });
    const sendAt = Date.now() + 3_600_000;
    const later = { channel: platform.id, accountId: "added", to: conversation, idempotencyKey: "l", sendAt };
    await gateway.request("send", { ...later, message: "later" });
    model.next({ type: "echo", firstDelayMs: 700 });
    await bot.say({ from: "Ada", text: "while it changes" });
    await eventually(() => model.count === 2);
    changes.length = 0;
    const stricter = { ...account, settings: { ...settings, dmPolicy: "disabled" as const }, replace: true };
    expect(await gateway.request("channels.add", stricter)).toMatchObject({ replaced: true });
    await bot.waitFor(({ text }) => text === "while it changes", { conversation });
    expect(changes).toEqual([]);
    // It counts at once.
    await bot.say({ from: "Ada", text: "after" });
    const denied = { channel: platform.id, account: "added", state: "denied" };
    await eventually(async () => (await metric(gateway, "settled_events_total", denied)) === 1);
    expect(await peopleSaid(gateway, conversation, "added")).toEqual(["before", "while it changes"]);
    expect((await gateway.request("status", {})).scheduled).toBe(1);
    // A changed configuration file, too.
    const other = await simulator.say({ from: "Bob", text: "hello" });
    await simulator.waitFor(({ text }) => text === "hello", other);
    await gateway.restart({ sessions: { idleMinutes: 5 }, limits: { userBurst: 7 } });
    await gateway.connected("added");
    await gateway.request("channels.add", { ...account, replace: true });
    await bot.say({ from: "Ada", text: "once more" });
    await bot.waitFor(({ text }) => text.endsWith("once more"), { conversation });
    expect(await peopleSaid(gateway, conversation, "added")).toEqual(["before", "while it changes", "once more"]);
    expect((await gateway.request("status", {})).scheduled).toBe(1);
  });

  it("adds, refuses to overwrite, replaces and removes accounts; messages outlive them", async () => {
    await using gateway = await startTestGateway();
    const { platform } = gateway;
    const bot = gateway.other("second");
    const account = { channel: platform.id, accountId: "second", ...openAccount(bot) };
    expect(await gateway.request("channels.add", account)).toMatchObject({ replaced: false });
    await expect(gateway.request("channels.add", account)).rejects.toMatchObject({ code: "REQ_004" });
    const of = (changes: object) => gateway.request("channels.add", { ...account, accountId: "third", ...changes });
    await expect(of({ config: {} })).rejects.toMatchObject({ code: "CFG_001" });
    await expect(of({ channel: "nonsense" })).rejects.toMatchObject({ code: "CFG_002" });
    await expect(of({ accountId: "Not An Id" })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(of({ settings: { dmPolicy: "whoever" } })).rejects.toMatchObject({ code: "REQ_001" });
    await expect(of({ channel: "webchat" })).rejects.toMatchObject({ code: "REQ_001" });
    const fromFile = { channel: platform.id, accountId: "default" };
    await expect(gateway.request("channels.add", { ...account, ...fromFile, replace: true })).rejects.toMatchObject({
      code: "REQ_004",
    });
    await expect(gateway.request("channels.remove", fromFile)).rejects.toMatchObject({ code: "REQ_004" });
    await gateway.connected("second");
    const { conversation } = await bot.say({ from: "Ada", text: "remember me" });
    await bot.waitFor(({ text }) => text === "remember me", { conversation });
    const { channel, accountId } = account;
    expect(await gateway.request("channels.remove", { channel, accountId })).toMatchObject({ removed: true });
    await expect(gateway.request("channels.remove", { channel, accountId })).rejects.toMatchObject({ code: "CFG_003" });
    expect(await peopleSaid(gateway, conversation, "second")).toEqual(["remember me"]);
    await expect(
      gateway.request("send", { channel, accountId, to: conversation, message: "x", idempotencyKey: "x" }),
    ).rejects.toMatchObject({ code: "CFG_003" });
    const { entries } = await gateway.request("auditLog.list", {});
    expect(entries.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      `account.removed ${channel}:second`,
      `account.added ${channel}:second`,
    ]);
  });

  it("an account that cannot run is reported and stops nobody else", async () => {
    await using gateway = await startTestGateway({
      config: { channels: { nowhere: { default: { config: {} } } } },
      accounts: { broken: { config: { noSuchSetting: true } } },
      connects: ["default"],
    });
    expect(gateway.log.text()).toContain("noSuchSetting");
    expect(gateway.log.text()).toContain('There is no channel \\"nowhere\\"');
    const { conversation } = await gateway.simulator.say({ from: "Ada", text: "hello" });
    await gateway.simulator.waitFor(({ text }) => text === "hello", { conversation });
  });
});
