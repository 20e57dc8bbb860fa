import { randomBytes } from "node:crypto";
import { sealedMemory } from "@switchboard/core";
import type { AccountMemory, TenantId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { anAccount as ref, vaultWorld } from "../test-support/vault-world.ts";

function remembering() {
  const values = new Map<string, string>();
  const memory: AccountMemory = {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    remove: async (key) => void values.delete(key),
  };
  return { values, memory };
}

describe("sealed values of an account", () => {
  it("CRED-1 come back, and nothing of them is readable where they are kept", async () => {
    await using world = await vaultWorld();
    const { memory, values } = remembering();
    const secrets = sealedMemory(ref, memory, world.vault);
    const token = randomBytes(24).toString("hex");
    await secrets.set("token", token);
    expect(await secrets.get("token")).toBe(token);
    expect(JSON.stringify([...values])).not.toContain(token);
    expect(await memory.get("token")).toBeUndefined();
    await secrets.remove("token");
    expect(await secrets.get("token")).toBeUndefined();
    expect(values.size).toBe(0);
  });

  it("CRED-1 cannot be moved to another key or another account", async () => {
    await using world = await vaultWorld();
    const { memory, values } = remembering();
    const secrets = sealedMemory(ref, memory, world.vault);
    await secrets.set("own", "1");
    const [[key, sealed] = ["", ""]] = [...values];
    values.set(key.replace("own", "other"), sealed);
    await expect(secrets.get("other")).rejects.toMatchObject({ code: "SEC_008" });
    const stranger = sealedMemory({ ...ref, tenant: "u" as TenantId }, memory, world.vault);
    await expect(stranger.get("own")).rejects.toMatchObject({ code: "SEC_008" });
  });
});
