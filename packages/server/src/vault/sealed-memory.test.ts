import { randomBytes } from "node:crypto";
import { accountMemory, sealedMemory } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { anAccount as ref, vaultWorld } from "../test-support/vault-world.ts";

describe("sealed values of an account", () => {
  it("CRED-1 come back, and nothing of them is readable where they are kept", async () => {
    await using world = await vaultWorld();
    const memory = accountMemory(ref, world);
    const secrets = sealedMemory(ref, memory, world.vault);
    const token = randomBytes(24).toString("hex");
    await secrets.set("token", token);
    expect(await secrets.get("token")).toBe(token);
    const kept = await world.store.vault.sealed(ref.tenant);
    expect(kept.map(({ key }) => key)).toEqual(["sealed/token"]);
    expect(JSON.stringify(kept)).not.toContain(token);
    expect(await memory.get("token")).toBeUndefined();
    await secrets.remove("token");
    expect(await secrets.get("token")).toBeUndefined();
    expect(await world.store.vault.sealed(ref.tenant)).toEqual([]);
  });

  it("CRED-1 cannot be moved to another key or another account", async () => {
    await using world = await vaultWorld();
    const memory = accountMemory(ref, world);
    const secrets = sealedMemory(ref, memory, world.vault);
    await secrets.set("own", "1");
    await memory.set("sealed/other", (await memory.get("sealed/own")) ?? "");
    await expect(secrets.get("other")).rejects.toMatchObject({ code: "SEC_008" });
    await expect(secrets.swap([{ key: "other", from: "1", to: "2" }])).rejects.toMatchObject({ code: "SEC_008" });
    const stranger = sealedMemory({ ...ref, tenant: "u" as TenantId }, memory, world.vault);
    await expect(stranger.get("own")).rejects.toMatchObject({ code: "SEC_008" });
  });

  it("CRED-2 change together, only if they are as expected, and end with their time", async () => {
    await using world = await vaultWorld();
    const secrets = sealedMemory(ref, accountMemory(ref, world), world.vault);
    const begin = [
      { key: "a", to: "1" },
      { key: "mark", to: "x", ttlMs: 30_000 },
    ];
    const attempts = await Promise.all([secrets.swap(begin), secrets.swap(begin), secrets.swap(begin)]);
    expect(attempts.filter((done) => done)).toHaveLength(1);
    expect(await secrets.swap([{ key: "a", from: "2", to: "3" }, { key: "mark" }])).toBe(false);
    expect([await secrets.get("a"), await secrets.get("mark")]).toEqual(["1", "x"]);
    world.clock.jump(31_000);
    expect(
      await secrets.swap([
        { key: "a", from: "1", to: "2" },
        { key: "mark", from: "x" },
      ]),
    ).toBe(false);
    expect(
      await secrets.swap([
        { key: "a", from: "1" },
        { key: "mark", to: "y" },
      ]),
    ).toBe(true);
    expect([await secrets.get("a"), await secrets.get("mark")]).toEqual([undefined, "y"]);
    expect(JSON.stringify(await world.store.vault.sealed(ref.tenant))).not.toContain('"y"');
  });

  it("CRED-2 can be changed while they are sealed anew", async () => {
    await using world = await vaultWorld();
    const memory = accountMemory(ref, world);
    const secrets = sealedMemory(ref, memory, world.vault);
    await secrets.set("a", "1");
    // Another node seals the same value anew between the look and the change.
    let isNew = false;
    const meets = {
      ...memory,
      swap: async (changes: Parameters<typeof memory.swap>[0]) => {
        if (!isNew) await secrets.set("a", "1");
        isNew = true;
        return memory.swap(changes);
      },
    };
    expect(await sealedMemory(ref, meets, world.vault).swap([{ key: "a", from: "1", to: "2" }])).toBe(true);
    expect(await secrets.get("a")).toBe("2");
  });
});
