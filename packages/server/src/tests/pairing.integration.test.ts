/** Asking to be let in, from the first message to the first answer, on a simulated platform. */
import { GatewayClient } from "@switchboard/client";
import type { SimulatedMessage, Simulator } from "@switchboard/domain";
import type { Result, Scope } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { reasonsOf } from "../test-support/reasons.ts";

const pairing = { dmPolicy: "pairing" } as const;

/** The code that a person was told. */
function codeIn({ text }: SimulatedMessage): string {
  const [, code = ""] = /pairing approve \S+ ([A-HJ-NP-Z2-9]{8})\b/.exec(text) ?? [];
  expect(code).toHaveLength(8);
  return code;
}

/** `from` writes for the first time and is told a code. */
async function asks(simulator: Simulator, from: string) {
  const { conversation } = await simulator.say({ from, text: `${from} was here` });
  const message = await simulator.waitFor(({ text }) => text.includes("pairing approve"), { conversation });
  return { conversation, code: codeIn(message), message };
}

/** Resolves when so many of the account's events were refused to people who may ask. */
const denied = (gateway: TestGateway, count: number, account = "default") =>
  eventually(() => reasonsOf(gateway, account).filter((each) => each.endsWith("pairing-required")).length >= count, {
    what: `${count} refused`,
  });

const pendingOf = async (
  gateway: TestGateway,
  accountId?: string,
): Promise<Result<"channels.pairing.list">["requests"]> =>
  (await gateway.request("channels.pairing.list", accountId === undefined ? {} : { accountId })).requests;

const labelsOf = ({ controls }: SimulatedMessage) => controls.flat().map(({ label }) => label);

describe.concurrent("pairing", () => {
  it("ACC-1 ACC-2 ACC-3 a stranger gets one code, is let in by it, is told so, and is answered from then on", async () => {
    await using gateway = await startTestGateway({ account: { settings: pairing } });
    const { simulator, platform } = gateway;
    const { conversation, code, message } = await asks(simulator, "Ada");
    await simulator.say({ from: "Ada", text: "hello?" });
    await simulator.say({ from: "Ada", text: "/help" });
    await denied(gateway, 3);
    expect(simulator.sent({ conversation })).toHaveLength(1);
    expect(gateway.model.count).toBe(0);
    const { entries } = await gateway.request("auditLog.list", { action: "access.denied" });
    expect(entries.map(({ outcome }) => outcome)).toEqual(["denied", "denied", "denied"]);

    const listed = await gateway.request("channels.pairing.list", { channel: platform.id });
    const [request] = listed.requests;
    expect(listed).toMatchObject({
      accounts: [{ channel: platform.id, accountId: "default", notifySupported: true }],
      requests: [{ senderLabel: "Ada", accountId: "default", channelLabel: platform.channel.label }],
      commandOwnerConfigured: false,
      limits: { pendingPerAccount: 3, ttlMs: 3_600_000 },
    });
    expect(request?.requestId).toMatch(/^[\w-]{32}$/);
    expect(message.text).toContain(`Your id here is ${request?.senderId}.`);
    expect(JSON.stringify(listed)).not.toContain(code);
    const times = [request?.createdAt, request?.expiresAt].map((each) => Date.parse(each ?? ""));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(3_600_000);

    const approved = await gateway.request("channels.pairing.approve", {
      channel: platform.id,
      accountId: "default",
      code: code.toLowerCase(),
      notify: true,
    });
    expect(approved).toEqual({
      requestId: request?.requestId,
      senderId: request?.senderId,
      notification: "sent",
      commandOwnerBootstrap: "not-requested",
    });
    expect(simulator.sent({ conversation }).map(({ text }) => text)[1]).toContain("You are known here now");
    await simulator.say({ from: "Ada", text: "now then" });
    await simulator.waitFor(({ text }) => text === "now then", { conversation });
    expect(await pendingOf(gateway)).toEqual([]);
    expect((await gateway.request("auditLog.list", { action: "pairing.approved" })).entries).toHaveLength(1);
    // It is kept.
    await gateway.restart();
    await simulator.say({ from: "Ada", text: "still here" });
    await simulator.waitFor(({ text }) => text === "still here", { conversation });
  });

  it("GHSA-2gvc-4f3c-2855 being let in to chat is no right in groups, to commands or to let others in", async () => {
    await using gateway = await startTestGateway({ account: { settings: { ...pairing, groupPolicy: "allowlist" } } });
    const { simulator, platform } = gateway;
    const account = { channel: platform.id, accountId: "default" };
    const ada = await asks(simulator, "Ada");
    await gateway.request("channels.pairing.approve", { ...account, code: ada.code });
    const { conversation: group } = await simulator.createGroup({ title: "G", people: ["Ada"] });
    await simulator.say({ from: "Ada", conversation: group, mention: true, text: "and here?" });
    await simulator.say({ from: "Ada", conversation: group, mention: true, text: "/new" });
    await eventually(
      () => reasonsOf(gateway, "default").filter((each) => each.includes("group-not-allowed")).length === 2,
    );
    const bob = await asks(simulator, "Bob");
    const [request] = await pendingOf(gateway);
    for (const line of ["/pairing", `/pairing approve ${bob.code}`, `/pairing approve ${request?.requestId}`]) {
      await simulator.say({ from: "Ada", text: line });
    }
    await eventually(
      () => reasonsOf(gateway, "default").filter((each) => each === "SEC_003 command pairing").length === 3,
    );
    await simulator.say({ from: "Ada", text: "/help" });
    const help = await simulator.waitFor(({ text }) => text.includes("/whoami"), { conversation: ada.conversation });
    expect(help.text).not.toContain("/pairing");
    expect(
      simulator.sent({ conversation: ada.conversation }).filter(({ text }) => text.includes("SEC_003")),
    ).toHaveLength(1);
    expect(simulator.sent({ conversation: group })).toEqual([]);
    expect(await pendingOf(gateway)).toHaveLength(1);
    expect(gateway.model.count).toBe(0);
  });

  it("ACC-2 three may wait; others are ignored in silence until one of the three ends", async () => {
    await using gateway = await startTestGateway({ account: { settings: pairing } });
    const { simulator, platform } = gateway;
    const people = await Promise.all(["Ada", "Bob", "Cem"].map((each) => asks(simulator, each)));
    expect(new Set(people.map(({ code }) => code)).size).toBe(3);
    const dan = await simulator.say({ from: "Dan", text: "me too" });
    await denied(gateway, 4);
    expect(simulator.sent({ conversation: dan.conversation })).toEqual([]);
    const [first] = await pendingOf(gateway);
    const dismissed = { channel: platform.id, accountId: "default", requestId: first?.requestId ?? "" };
    expect(await gateway.request("channels.pairing.dismiss", dismissed)).toEqual({
      requestId: first?.requestId,
      senderId: first?.senderId,
    });
    await expect(gateway.request("channels.pairing.dismiss", dismissed)).rejects.toMatchObject({ code: "REQ_002" });
    await asks(simulator, "Dan");
    expect(await pendingOf(gateway)).toHaveLength(3);
    // What nobody was let in by is worth nothing.
    const gone = { channel: platform.id, accountId: "default", code: people[0]?.code ?? "" };
    await expect(gateway.request("channels.pairing.approve", gone)).rejects.toMatchObject({ code: "REQ_002" });
  });

  it("ACC-3 an account's requests, codes and approvals are its own", async () => {
    await using gateway = await startTestGateway({
      account: { settings: pairing },
      accounts: { work_bot: { settings: pairing } },
    });
    const { platform } = gateway;
    const work = gateway.other("work_bot");
    const ada = await asks(work, "Ada");
    expect(ada.message.text).toContain("--account work_bot");
    expect(await pendingOf(gateway, "default")).toEqual([]);
    const [request] = await pendingOf(gateway, "work_bot");
    const mine = { channel: platform.id, accountId: "default" };
    // Told in the words that any other wrong code is.
    for (const [which, refused] of [
      [{ code: ada.code }, "Nobody who waits on"],
      [{ requestId: request?.requestId ?? "" }, "no such request on"],
    ] as const) {
      for (const method of ["channels.pairing.approve", "channels.pairing.dismiss"] as const) {
        await expect(gateway.request(method, { ...mine, ...which })).rejects.toMatchObject({
          code: "REQ_002",
          message: expect.stringContaining(refused),
        });
      }
    }
    const nobody = { channel: platform.id, accountId: "nobody", code: ada.code };
    await expect(gateway.request("channels.pairing.approve", nobody)).rejects.toMatchObject({ code: "CFG_003" });
    await gateway.request("channels.pairing.approve", { channel: platform.id, accountId: "work_bot", code: ada.code });
    await work.say({ from: "Ada", text: "at work" });
    await work.waitFor(({ text }) => text === "at work", { conversation: ada.conversation });
    await asks(gateway.simulator, "Ada");
  });

  it("ACC-3 wrong codes are limited for each caller and account, and nothing else is", async () => {
    await using gateway = await startTestGateway({
      account: { settings: pairing },
      accounts: { work_bot: { settings: pairing } },
    });
    const { platform, simulator } = gateway;
    const { code } = await asks(simulator, "Ada");
    const other = await asks(gateway.other("work_bot"), "Bob");
    const approve = (accountId: string, typed: string) =>
      gateway.request("channels.pairing.approve", { channel: platform.id, accountId, code: typed });
    for (let guess = 0; guess < 5; guess++) {
      await expect(approve("default", `WRONG22${guess + 2}`)).rejects.toMatchObject({
        code: "REQ_002",
        details: { reason: "wrong-code" },
      });
    }
    const refusal = await approve("default", code).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "SEC_005", retryable: true });
    const { retryAfterMs } = refusal as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    await approve("work_bot", other.code);
    const [request] = await pendingOf(gateway);
    const byId = { channel: platform.id, accountId: "default", requestId: request?.requestId ?? "" };
    expect(await gateway.request("channels.pairing.approve", byId)).toMatchObject({ requestId: request?.requestId });
  });

  it("CVE-2026-44991 a wildcard neither lets in nor owns; the first who is let in may become the owner, once", async () => {
    await using gateway = await startTestGateway({
      account: { settings: { ...pairing, allowFrom: ["*"], owners: ["*"] } },
    });
    const { platform, simulator } = gateway;
    const [ada, bob] = [await asks(simulator, "Ada"), await asks(simulator, "Bob")];
    expect(await gateway.request("channels.pairing.list", {})).toMatchObject({ commandOwnerConfigured: false });
    const approve = (code: string) =>
      gateway.request("channels.pairing.approve", {
        channel: platform.id,
        accountId: "default",
        code,
        bootstrapCommandOwner: true,
      });
    expect(await approve(ada.code)).toMatchObject({ commandOwnerBootstrap: "configured" });
    expect(await approve(bob.code)).toMatchObject({ commandOwnerBootstrap: "already-configured" });
    expect(await gateway.request("channels.pairing.list", {})).toMatchObject({ commandOwnerConfigured: true });
    await simulator.say({ from: "Ada", text: "/pairing" });
    await simulator.waitFor(({ text }) => text.includes("Nobody waits"), { conversation: ada.conversation });
    await simulator.say({ from: "Bob", text: "/pairing" });
    await simulator.waitFor(({ text }) => text.includes("SEC_003"), { conversation: bob.conversation });
  });

  it("ACC-1 GHSA-rqpp-rjj8-7wv8 operators without the pairing scope decide nothing, and making an owner takes admin", async () => {
    await using gateway = await startTestGateway({ account: { settings: pairing } });
    const { code } = await asks(gateway.simulator, "Ada");
    const as = async (scopes: readonly Scope[]) => {
      const client = new GatewayClient({
        url: gateway.url,
        token: gateway.token,
        client: { id: "cli", mode: "cli", version: "test", platform: "test" },
        scopes,
        reconnect: false,
      });
      await client.connect();
      return client;
    };
    const which = { channel: gateway.platform.id, accountId: "default", code };
    const missing = (missingScope: string) => ({ details: { code: "MISSING_SCOPE", missingScope } });
    const reader = await as(["operator.write"]);
    const wanted = missing("operator.pairing");
    await expect(reader.request("channels.pairing.list", {})).rejects.toMatchObject(wanted);
    await expect(reader.request("channels.pairing.approve", which)).rejects.toMatchObject(wanted);
    await expect(reader.request("channels.pairing.dismiss", which)).rejects.toMatchObject(wanted);
    const pairer = await as(["operator.pairing"]);
    await expect(
      pairer.request("channels.pairing.approve", { ...which, bootstrapCommandOwner: true }),
    ).rejects.toMatchObject(missing("operator.admin"));
    for (const wrong of [{}, { code, requestId: "x" }]) {
      const { code: _, ...account } = which;
      await expect(pairer.request("channels.pairing.dismiss", { ...account, ...wrong })).rejects.toMatchObject({
        code: "REQ_001",
      });
    }
    expect(await pairer.request("channels.pairing.approve", which)).toMatchObject({ notification: "not-requested" });
    reader.close();
    pairer.close();
  });

  it("ACC-3 whether the person was told is reported as it is", async () => {
    await using gateway = await startTestGateway({ account: { settings: pairing } });
    const { platform, simulator } = gateway;
    const { code, conversation } = await asks(simulator, "Ada");
    simulator.inject({ on: "send", kind: "forbidden", times: 1, conversation });
    const which = { channel: platform.id, accountId: "default", code, notify: true };
    expect(await gateway.request("channels.pairing.approve", which)).toMatchObject({ notification: "failed" });
    expect(simulator.sent({ conversation })).toHaveLength(1);
    const bob = await asks(simulator, "Bob");
    await gateway.request("channels.stop", { channel: platform.id });
    expect(await gateway.request("channels.pairing.approve", { ...which, code: bob.code })).toMatchObject({
      notification: "failed",
    });
    await gateway.request("channels.start", { channel: platform.id });
    await gateway.connected();
    await simulator.say({ from: "Bob", text: "hello" });
    await simulator.waitFor(({ text }) => text === "hello", { conversation: bob.conversation });
    // It was not told late either.
    expect(simulator.sent({ conversation: bob.conversation }).some(({ text }) => text.includes("known here"))).toBe(
      false,
    );
  });

  it("stepcodex once there is an owner, strangers may be met with silence, and the owner decides by a button", async () => {
    await using gateway = await startTestGateway({
      account: { settings: { ...pairing, strangers: "silent-once-owned" } },
    });
    const { platform, simulator } = gateway;
    // Nobody owns it yet: the first one gets a code, or nobody ever could.
    const ada = await asks(simulator, "Ada");
    const account = { channel: platform.id, accountId: "default" };
    await gateway.request("channels.pairing.approve", { ...account, code: ada.code, bootstrapCommandOwner: true });
    await simulator.say({ from: "Ada", text: "hello" });
    await simulator.waitFor(({ text }) => text === "hello", { conversation: ada.conversation });

    const bob = await simulator.say({ from: "Bob", text: "let me in" });
    const home = { conversation: ada.conversation };
    const notice = await simulator.waitFor(({ text }) => text.includes("asks to write"), home);
    expect(notice.text).toContain("Bob");
    expect(labelsOf(notice)).toEqual(["Approve", "Dismiss"]);
    expect(simulator.sent({ conversation: bob.conversation })).toEqual([]);
    await simulator.say({ from: "Bob", text: "hello?" });
    await denied(gateway, 3);
    expect(simulator.sent(home).filter(({ text }) => text.includes("asks to write"))).toHaveLength(1);

    await simulator.press({ from: "Ada", ...home, messageId: notice.id, label: "Approve" });
    const done = await simulator.waitFor(({ id, text }) => id === notice.id && text.includes("Let in"), home);
    expect(labelsOf(done)).toEqual([]);
    await simulator.waitFor(({ text }) => text.includes("You are known here now"), bob);
    await simulator.say({ from: "Bob", text: "thank you" });
    await simulator.waitFor(({ text }) => text === "thank you", bob);
  });

  it("ACC-3 an owner lists who waits and decides by buttons or words", async () => {
    await using gateway = await startTestGateway({ account: { settings: pairing } });
    const { platform, simulator } = gateway;
    const ada = await asks(simulator, "Ada");
    const account = { channel: platform.id, accountId: "default" };
    await gateway.request("channels.pairing.approve", { ...account, code: ada.code, bootstrapCommandOwner: true });
    const home = { conversation: ada.conversation };
    const says = async (text: string, answer: string) => {
      const before = simulator.sent(home).length;
      await simulator.say({ from: "Ada", text });
      return simulator.waitFor(
        (each) => simulator.sent(home).indexOf(each) >= before && each.text.includes(answer),
        home,
      );
    };
    expect((await says("/help", "/whoami")).text).toContain("/pairing");
    const bob = await asks(simulator, "Bob");
    const cem = await asks(simulator, "Cem");
    const list = await says("/pairing", "Waiting");
    expect(labelsOf(list)).toEqual(["Approve 1", "Dismiss 1", "Approve 2", "Dismiss 2"]);
    for (const { code } of [bob, cem]) expect(list.text).not.toContain(code);
    await simulator.press({ from: "Ada", ...home, messageId: list.id, label: "Dismiss 1" });
    await simulator.waitFor(({ id, text }) => id === list.id && text.includes("Dismissed"), home);
    expect((await pendingOf(gateway)).map(({ senderLabel }) => senderLabel)).toEqual(["Cem"]);
    await says(`/pairing approve ${bob.code}`, "Nobody who waits");
    await says("/pairing approve", "Write /pairing");
    await says(`**/pairing approve** \`${cem.code.toLowerCase()}\``, "Let in");
    await simulator.waitFor(({ text }) => text.includes("You are known here now"), { conversation: cem.conversation });
    await says("/pairing", "Nobody waits");
    const { entries } = await gateway.request("auditLog.list", { action: "pairing.approved" });
    expect(entries[0]?.actor).toMatch(/^peer:[0-9a-f]{16}$/);
  });

  it("ACC-3 AGT-5 in a group nobody else presses an owner's button", async () => {
    await using gateway = await startTestGateway({ account: { settings: { ...pairing, requireMention: false } } });
    const { platform, simulator } = gateway;
    const ada = await asks(simulator, "Ada");
    const account = { channel: platform.id, accountId: "default" };
    await gateway.request("channels.pairing.approve", { ...account, code: ada.code, bootstrapCommandOwner: true });
    const bob = await asks(simulator, "Bob");
    const { conversation } = await simulator.createGroup({ title: "Team", people: ["Ada", "Bob"] });
    await simulator.say({ from: "Ada", conversation, text: "/pairing" });
    const list = await simulator.waitFor(({ text }) => text.includes("Waiting"), { conversation });
    await simulator.press({ from: "Bob", conversation, messageId: list.id, label: "Approve" });
    await eventually(() => reasonsOf(gateway, "default").includes("button-of-somebody-else"));
    await simulator.say({ from: "Bob", conversation, text: `/pairing approve ${bob.code}` });
    await eventually(() => reasonsOf(gateway, "default").includes("SEC_003 command pairing"));
    expect(await pendingOf(gateway)).toHaveLength(1);
    await simulator.press({ from: "Ada", conversation, messageId: list.id, label: "Approve" });
    await eventually(async () => (await pendingOf(gateway)).length === 0);
  });

  it("ACC-2 removing an account takes its requests along", async () => {
    await using gateway = await startTestGateway({ account: false });
    const { platform, simulator } = gateway;
    const config = simulator.accountConfig({ transport: "polling" });
    const account = { channel: platform.id, config, settings: pairing };
    await gateway.request("channels.add", account);
    await gateway.connected();
    await asks(simulator, "Ada");
    await gateway.request("channels.remove", { channel: platform.id });
    expect(await pendingOf(gateway)).toEqual([]);
    await gateway.request("channels.add", account);
    await gateway.connected();
    expect(await pendingOf(gateway)).toEqual([]);
    // She asks anew.
    await simulator.say({ from: "Ada", text: "again" });
    await eventually(async () => (await pendingOf(gateway)).length === 1);
  });
});
