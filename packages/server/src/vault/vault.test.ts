import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { masterKeys, masterKeysText, newMasterKey } from "@switchboard/core";
import type { AccountId, AccountRef, ChannelId, TenantId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { anAccount as ref, vaultWorld } from "../test-support/vault-world.ts";

const refused = (message: string, more = {}) =>
  expect.objectContaining({ code: "SEC_008", message: expect.stringContaining(message), ...more });

describe("vault", () => {
  it("CRED-1 opens what it sealed, every sealing looks different, and nothing of it can be read", async () => {
    await using world = await vaultWorld();
    const { vault } = world;
    const sealed = await vault.seal(ref, "credential", { token: "s3cret" });
    expect(sealed).not.toContain("s3cret");
    expect(await vault.seal(ref, "credential", { token: "s3cret" })).not.toBe(sealed);
    expect(await vault.open(ref, "credential", sealed)).toEqual({ token: "s3cret" });
    const other = await world.again();
    expect(await other.vault.open(ref, "credential", sealed)).toEqual({ token: "s3cret" });
  });

  it("CRED-1 is bound to tenant, channel, account and kind", async () => {
    await using world = await vaultWorld();
    const { vault } = world;
    const sealed = await vault.seal(ref, "credential", { token: "s3cret" });
    for (const other of [
      { ...ref, channel: "other" as ChannelId },
      { ...ref, account: "a2" as AccountId },
    ]) {
      await expect(vault.open(other, "credential", sealed)).rejects.toEqual(refused("sealed for something else"));
    }
    await expect(vault.open(ref, "memory", sealed)).rejects.toEqual(refused("sealed for something else"));
    await vault.seal({ ...ref, tenant: "t2" as TenantId }, "credential", {});
    await expect(vault.open({ ...ref, tenant: "t2" as TenantId }, "credential", sealed)).rejects.toEqual(
      refused("its tenant has no key"),
    );
  });

  it("CRED-1 TEN-2 a tenant's key that is put into another tenant's row opens nothing", async () => {
    await using world = await vaultWorld();
    const { store } = world;
    await world.vault.seal(ref, "credential", {});
    const [row] = await store.vault.list(ref.tenant);
    if (!row) throw new Error("there is no key");
    const stranger = { ...ref, tenant: "t2" as TenantId };
    await store.vault.add({ ...row, tenant: stranger.tenant });
    await expect(world.vault.seal(stranger, "credential", {})).rejects.toEqual(refused("was changed in the store"));
  });

  it("CRED-1 notices every change", async () => {
    await using world = await vaultWorld();
    const { vault } = world;
    const sealed = await vault.seal(ref, "credential", { token: "s3cret" });
    const parts = sealed.split(".");
    for (const index of [2, 3, 4]) {
      const part = parts[index] ?? "";
      const changed = parts.with(index, (part.startsWith("A") ? "B" : "A") + part.slice(1)).join(".");
      await expect(vault.open(ref, "credential", changed)).rejects.toEqual(refused("has been changed"));
    }
    for (const text of ["nonsense", "v1.aa.b.c.d", "v2..b.c.d"]) {
      await expect(vault.open(ref, "credential", text)).rejects.toEqual(refused("not sealed as this version seals"));
    }
  });

  it("CRED-1 derives secrets that stay, and differ by tenant, account and purpose", async () => {
    await using world = await vaultWorld();
    const { vault } = world;
    const secret = await vault.derive(ref, "webhook");
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await (await world.again()).vault.derive(ref, "webhook")).toBe(secret);
    const others = [
      await vault.derive(ref, "other"),
      await vault.derive({ ...ref, account: "a2" as AccountId }, "webhook"),
      await vault.derive({ ...ref, tenant: "t2" as TenantId }, "webhook"),
    ];
    expect(new Set([secret, ...others]).size).toBe(others.length + 1);
  });

  it("CRED-1 nodes that begin with a tenant at once agree on its keys", async () => {
    await using world = await vaultWorld();
    const nodes = [world, ...(await Promise.all([world.again(), world.again(), world.again()]))];
    const sealed = await Promise.all(nodes.map(({ vault }, n) => vault.seal(ref, "credential", { n: `${n}` })));
    const derived = await Promise.all(nodes.map(({ vault }) => vault.derive(ref, "webhook")));
    expect(new Set(derived).size).toBe(1);
    for (const [n, text] of sealed.entries()) {
      for (const { vault } of nodes) expect(await vault.open(ref, "credential", text)).toEqual({ n: `${n}` });
    }
    expect(await world.store.vault.list(ref.tenant)).toHaveLength(2);
  });
});

describe("a master key", () => {
  it("CRED-1 is made once, for its owner only, and keeps nobody's name", async () => {
    await using world = await vaultWorld();
    const { keyFile, ring } = world;
    expect(existsSync(keyFile)).toBe(true);
    if (process.platform !== "win32") expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(masterKeys(readFileSync(keyFile, "utf8"))).toEqual(ring.masters);
    expect((await world.again()).ring.masters).toEqual(ring.masters);
    expect(ring.trouble).toBeUndefined();
  });

  it("CRED-1 that is lost is not replaced, opens everything when it is back, and meanwhile nothing is made", async () => {
    await using world = await vaultWorld();
    const { keyFile, ring } = world;
    const sealed = await world.vault.seal(ref, "credential", { token: "s3cret" });
    const wanted = ring.masters[0]?.id ?? "";
    renameSync(keyFile, `${keyFile}.away`);
    const without = await world.again();
    expect(existsSync(keyFile)).toBe(false);
    expect(without.ring.trouble).toMatchObject({ wanted: [{ id: wanted, tenants: 1 }], had: [] });
    const missing = refused(wanted, { retryable: true });
    await expect(without.vault.open(ref, "credential", sealed)).rejects.toEqual(missing);
    await expect(without.vault.seal(ref, "credential", {})).rejects.toEqual(missing);
    await expect(without.vault.derive(ref, "webhook")).rejects.toEqual(missing);
    await expect(without.vault.seal({ ...ref, tenant: "new" as TenantId }, "credential", {})).rejects.toEqual(missing);
    expect(await world.store.vault.list("new" as TenantId)).toEqual([]);
    renameSync(`${keyFile}.away`, keyFile);
    await without.vault.refresh();
    expect(without.ring.trouble).toBeUndefined();
    expect(await without.vault.open(ref, "credential", sealed)).toEqual({ token: "s3cret" });
  });

  it("CRED-1 that is the wrong one is named beside the right one, and makes nothing either", async () => {
    await using world = await vaultWorld();
    await world.vault.seal(ref, "credential", {});
    const [right] = world.ring.masters;
    const wrong = newMasterKey();
    writeFileSync(`${world.keyFile}.wrong`, masterKeysText([wrong]), { mode: 0o600 });
    const { ring, vault } = await world.again(`${world.keyFile}.wrong`);
    expect(ring.trouble).toEqual({ wanted: [{ id: right?.id, tenants: 1 }], had: [wrong.id] });
    await expect(vault.seal(ref, "credential", {})).rejects.toEqual(refused(`${right?.id} is not at hand; there is`));
    await expect(vault.seal({ ...ref, tenant: "new" as TenantId } as AccountRef, "memory", {})).rejects.toEqual(
      refused(wrong.id),
    );
  });
});
