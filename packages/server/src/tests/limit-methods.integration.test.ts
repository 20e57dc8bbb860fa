/** Limits through the gateway's own doors. */
import { describe, expect, it } from "vitest";
import { startTestGateway } from "../test-support/gateway.ts";
import { openAccount } from "../test-support/platform.ts";

describe("limits through the gateway", () => {
  it("TEN-7 limits.set goes before the configuration, limits.get shows what is used, accounts are refused", async () => {
    await using gateway = await startTestGateway({
      agent: "echo",
      config: { limits: { tenant: { runsPerDay: { soft: 5 }, accounts: { hard: 50 } } } },
    });
    const before = await gateway.request("limits.get", {});
    expect(before).toMatchObject({ own: {}, limits: { runsPerDay: { soft: 5 } } });
    const { own } = await gateway.request("limits.set", { limits: { accounts: { hard: 0 }, runsPerDay: { hard: 9 } } });
    expect(own).toEqual({ accounts: { hard: 0 }, runsPerDay: { hard: 9 } });
    const { id } = gateway.platform;
    const { config } = openAccount(gateway.other("more"));
    const add = { channel: id, accountId: "more", config };
    await expect(gateway.request("channels.add", add)).rejects.toMatchObject({ code: "SEC_010" });
    await gateway.request("limits.set", { limits: { accounts: null } });
    const after = await gateway.request("limits.get", {});
    // The other half of a limit stays.
    const limits = { runsPerDay: { soft: 5, hard: 9 }, accounts: { hard: 50 } };
    expect(after).toMatchObject({ own: { runsPerDay: { hard: 9 } }, limits });
    const half = await gateway.request("limits.set", { limits: { runsPerDay: { soft: 7 } } });
    expect(half).toMatchObject({
      own: { runsPerDay: { soft: 7, hard: 9 } },
      limits: { runsPerDay: { soft: 7, hard: 9 } },
    });
    for (const limits of [{ nonsense: { hard: 1 } }, { runsPerDay: { hard: -1 } }, { runsPerDay: 7 }]) {
      await expect(gateway.request("limits.set", { limits } as never)).rejects.toMatchObject({ code: "REQ_001" });
    }
    const { entries } = await gateway.request("auditLog.list", { action: "limits.changed" });
    expect(entries).toHaveLength(3);
  });

  it("TEN-7 the gateway's operator sets the limits of a tenant, and its own stay as they are", async () => {
    await using gateway = await startTestGateway({ agent: "echo" });
    await gateway.request("limits.set", { tenant: "acme", limits: { runsPerDay: { hard: 3 } } });
    expect((await gateway.request("limits.get", { tenant: "acme" })).own).toEqual({ runsPerDay: { hard: 3 } });
    expect((await gateway.request("limits.get", {})).own).toEqual({});
  });
});
