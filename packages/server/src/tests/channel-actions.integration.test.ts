/** What only one platform has, by `channels.act`. */
import { installedChannels } from "@switchboard/testkit/gateway-process";
import { describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

const ACCOUNT = "acting";

/** A connected account of the first channel that has actions. */
async function acting(gateway: TestGateway) {
  const installed = (await installedChannels()).find(({ channel }) => channel.actions);
  if (!installed) throw new Error("no installed channel has actions");
  const simulator = await installed.startSimulator();
  const { id } = installed;
  await gateway.request("channels.add", { channel: id, accountId: ACCOUNT, config: simulator.accountConfig() });
  await expect
    .poll(
      async () => {
        const { channelAccounts } = await gateway.request("channels.status", {});
        return channelAccounts[id]?.find(({ accountId }) => accountId === ACCOUNT)?.state;
      },
      { timeout: 20_000 },
    )
    .toBe("CONNECTED");
  const act = (action: string, params: Record<string, unknown> = {}, accountId = ACCOUNT) =>
    gateway.request("channels.act", { channel: id, accountId, action, params });
  return { act, id, [Symbol.asyncDispose]: () => simulator.close() };
}

describe("CH-2 actions of a channel", () => {
  it("are listed with what they take, checked, done by the platform, and audited", { timeout: 60_000 }, async () => {
    await using gateway = await startTestGateway({ agent: "echo", webhooks: true });
    await using it = await acting(gateway);
    const { channels } = await gateway.request("channels.list", { channel: it.id });
    const names = channels.flatMap(({ actions }) => actions.map(({ name }) => name));
    expect(names.length).toBeGreaterThan(0);
    for (const { actions } of channels) {
      for (const { description, params } of actions) {
        expect(description).not.toBe("");
        expect(params).toMatchObject({ type: "object", additionalProperties: false });
      }
    }
    const listing = names.find((name) => name.endsWith(".list")) ?? "";
    expect(await it.act(listing)).toMatchObject({ channel: it.id, accountId: ACCOUNT, action: listing });
    const { entries } = await gateway.request("auditLog.list", { action: "channel.action" });
    expect(entries.map(({ detail, subject }) => [detail, subject])).toEqual([
      [{ action: listing }, `${it.id}:${ACCOUNT}`],
    ]);
    await expect(it.act(listing, { colour: "red" })).rejects.toMatchObject({ code: "REQ_001" });
    for (const name of ["nothing", "toString", "__proto__"]) {
      const refused = it.act(name);
      await expect(refused).rejects.toMatchObject({ code: "REQ_001", message: expect.stringContaining(listing) });
    }
    await expect(it.act(listing, {}, "nobody")).rejects.toMatchObject({ code: "CFG_003" });
  });

  it("REQ_001 a channel without any says so", async () => {
    await using gateway = await startTestGateway({ agent: "echo" });
    const refused = gateway.request("channels.act", { channel: gateway.platform.id, action: "templates.list" });
    await expect(refused).rejects.toMatchObject({ code: "REQ_001" });
  });
});
