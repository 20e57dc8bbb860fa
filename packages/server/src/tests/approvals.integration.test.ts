/** The conversation where an account's owners decide who is let in (setting `approvals`), in a thread where there are some. */
import type { SimulatedMessage } from "@switchboard/domain";
import { decodeSetupCode } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { reasonsOf } from "../test-support/reasons.ts";
import { TestDevice } from "../test-support/test-device.ts";
import { RawClient } from "../ws/harness.test.util.ts";

const labelsOf = ({ controls }: SimulatedMessage) => controls.flat().map(({ label }) => label);

/** Ada owns the account; she and Ben are in the group where requests are shown. */
async function withApprovals(gateway: TestGateway, groupPolicy: "allowlist" | "open") {
  const { platform, simulator } = gateway;
  const { conversation } = await simulator.say({ from: "Ada", text: "hello" });
  const asked = await simulator.waitFor(({ text }) => text.includes("pairing approve"), { conversation });
  const code = /\b[A-HJ-NP-Z2-9]{8}\b/.exec(asked.text)?.[0] ?? "";
  const account = { channel: platform.id, accountId: "default" };
  await gateway.request("channels.pairing.approve", { ...account, code, bootstrapCommandOwner: true });
  const titles = platform.channel.capabilities.threads ? ["Approvals"] : [];
  const group = await simulator.createGroup({ title: "Staff", people: ["Ada", "Ben"], threads: titles });
  const [thread] = group.threads;
  const approvals = [group.conversation, ...group.threads].join(":");
  const settings = { approvals, groupPolicy };
  await gateway.restart({ channels: { [platform.id]: { default: { settings } } } });
  await gateway.connected();
  const there = { conversation: group.conversation };
  return {
    shown: (words: string) => simulator.waitFor(({ text }) => text.includes(words), there),
    changed: (message: SimulatedMessage, words: string) =>
      simulator.waitFor(({ id, text }) => id === message.id && text.includes(words), there),
    press: (from: string, { id }: SimulatedMessage, label: string) =>
      simulator.press({ from, ...there, messageId: id, label }),
    there,
    thread,
  };
}

const refused = (gateway: TestGateway, reason: string) =>
  eventually(() => reasonsOf(gateway, "default").includes(reason), { what: reason });

const tablet = {
  id: "openclaw-ios",
  mode: "ui",
  version: "2026.9",
  platform: "iOS 19.1",
  displayName: "A tablet",
} as const;

/** A device with a setup code, which asks for approval. */
async function asksAsDevice(gateway: TestGateway): Promise<void> {
  const { setupCode } = await gateway.request("device.pair.setupCode", { onThisMachine: true });
  const { bootstrapToken, url } = decodeSetupCode(setupCode, Date.now());
  const client = await RawClient.open(url, {});
  const { payload } = await client.event("connect.challenge");
  const params = new TestDevice().params(String(payload.nonce), {
    role: "node",
    auth: { bootstrapToken },
    client: tablet,
  });
  expect((await client.call("connect", params)).error).toMatchObject({ code: "NOT_PAIRED" });
}

describe.concurrent("ACC-2 ACC-3 a conversation for approvals", () => {
  it("shows who asks; only owners can press, and the message says who decided", async () => {
    await using gateway = await startTestGateway({ account: { settings: { dmPolicy: "pairing" } } });
    const { simulator } = gateway;
    const { changed, press, shown, there, thread } = await withApprovals(gateway, "allowlist");
    const eve = await simulator.say({ from: "Eve", text: "let me in" });
    const request = await shown("asks to write");
    expect(request.thread).toBe(thread);
    expect(request.text).toContain("Eve");
    expect(labelsOf(request)).toEqual(["Approve", "Dismiss"]);
    // Nobody talks with the agent in this group, and Ben owns nothing.
    await press("Ben", request, "Approve");
    await refused(gateway, "SEC_001 approvals-of-owners");
    await simulator.say({ from: "Ada", ...there, ...(thread && { thread }), text: "what do you think", mention: true });
    await refused(gateway, "SEC_001 group-not-allowed");
    const waiting = await gateway.request("channels.pairing.list", {});
    expect(waiting.requests).toMatchObject([{ senderLabel: "Eve" }]);
    await press("Ada", request, "Approve");
    const done = await changed(request, "Let in by Ada");
    expect(labelsOf(done)).toEqual([]);
    await simulator.waitFor(({ text }) => text.includes("You are known here now"), eve);
    const { entries } = await gateway.request("auditLog.list", { action: "pairing.approved" });
    expect(entries[0]?.actor).toMatch(/^peer:[0-9a-f]{16}$/);
  });

  it("refuses others also where everybody talks with the agent; what was decided already is told in private", async () => {
    await using gateway = await startTestGateway({ account: { settings: { dmPolicy: "pairing" } } });
    const { platform, simulator } = gateway;
    const { press, shown, there } = await withApprovals(gateway, "open");
    const told = (words: string) => eventually(() => simulator.sent().some(({ text }) => text.includes(words)));
    await simulator.say({ from: "Eve", text: "let me in" });
    const request = await shown("asks to write");
    await press("Ben", request, "Dismiss");
    await refused(gateway, "SEC_003 command pairing");
    const [asked] = (await gateway.request("channels.pairing.list", {})).requests;
    await gateway.request("channels.pairing.dismiss", {
      channel: platform.id,
      accountId: "default",
      requestId: asked?.requestId ?? "",
    });
    await press("Ada", request, "Approve");
    await told("no such request");
    expect(simulator.sent(there).find(({ id }) => id === request.id)).toMatchObject({ text: request.text, edits: 0 });
  });

  it("what anybody may do elsewhere is as closed there as the group is, also for an owner", async () => {
    const heard = { dmPolicy: "pairing", requireMention: false } as const;
    await using gateway = await startTestGateway({ account: { settings: heard } });
    const { platform, simulator } = gateway;
    const { press, shown, there, thread } = await withApprovals(gateway, "open");
    await simulator.say({ from: "Ada", ...there, ...(thread && { thread }), text: "/menu" });
    const menu = await shown("Settings");
    const settings = { groupPolicy: "allowlist" };
    await gateway.restart({ channels: { [platform.id]: { default: { settings } } } });
    await gateway.connected();
    await press("Ada", menu, labelsOf(menu)[0] ?? "");
    await refused(gateway, "SEC_001 group-not-allowed");
    expect(simulator.sent(there).find(({ id }) => id === menu.id)).toMatchObject({ text: menu.text, edits: 0 });
  });

  it("DEV-4 DEV-8 shows devices that wait, too", async () => {
    await using gateway = await startTestGateway({ account: { settings: { dmPolicy: "pairing" } } });
    const { changed, press, shown } = await withApprovals(gateway, "allowlist");
    await asksAsDevice(gateway);
    const request = await shown("A device asks to be let in");
    expect(request.text).toContain("A tablet");
    await press("Ben", request, "Reject");
    await refused(gateway, "SEC_001 approvals-of-owners");
    await press("Ada", request, "Reject");
    await changed(request, "Refused by Ada");
  });
});
