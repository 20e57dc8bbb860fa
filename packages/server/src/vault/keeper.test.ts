import { readFileSync } from "node:fs";
import { createVault, KeyRing, masterKeys, masterKeysText, newMasterKey, VaultKeeper } from "@switchboard/core";
import type { AccountId, AccountRef, TenantId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { memoryLog } from "../test-support/memory-log.ts";
import { anAccount as ref, type VaultWorld, vaultWorld } from "../test-support/vault-world.ts";
import { environmentKeys } from "./environment-keys.ts";

const accounts = { logOut: async () => {}, resealed: async () => {} };

function keeperOf({ ring, store, vault }: Pick<VaultWorld, "ring" | "vault" | "store">): VaultKeeper {
  return new VaultKeeper({ ring, vault, store, accounts });
}

/** Accounts of tenants, each with a credential. */
async function withAccounts({ clock, store, vault }: VaultWorld, tenants: readonly string[]): Promise<AccountRef[]> {
  return Promise.all(
    tenants.map(async (tenant) => {
      const whose = { ...ref, tenant: tenant as TenantId };
      const sealed = await vault.seal(whose, "credential", { token: `of ${tenant}` });
      const row = { ...whose, source: "store", enabled: true, config: {}, settings: {}, sealed } as const;
      await store.accounts.put(row, clock.now());
      return whose;
    }),
  );
}

async function rotateAll(keeper: VaultKeeper, options: Parameters<VaultKeeper["rotate"]>[0] = {}) {
  const answers = [];
  for (let after: string | undefined; ; ) {
    const answer = await keeper.rotate({ ...options, after });
    answers.push(answer);
    after = answer.next;
    if (after === undefined) return answers;
  }
}

const keysIn = (path: string) => masterKeys(readFileSync(path, "utf8")).map(({ id }) => id);

describe("rotation", () => {
  it("CRED-1 goes step by step over many tenants, changes no value and no derived secret", async () => {
    await using world = await vaultWorld();
    const tenants = Array.from({ length: 120 }, (_, n) => `tenant-${String(n).padStart(3, "0")}`);
    const refs = await withAccounts(world, tenants);
    const secret = await world.vault.derive(ref, "webhook");
    const sealed = await world.store.vault.sealed("tenant-007" as TenantId);
    const answers = await rotateAll(keeperOf(world));
    expect(answers.map(({ tenants: count }) => count)).toEqual([50, 50, 21]);
    const other = await world.again();
    expect(other.ring.masters.map(({ id }) => id)).toEqual(keysIn(world.keyFile));
    for (const whose of refs) {
      const [value] = await world.store.vault.sealed(whose.tenant);
      expect(await other.vault.open(whose, "credential", value?.sealed ?? "")).toEqual({ token: `of ${whose.tenant}` });
    }
    expect(await world.store.vault.sealed("tenant-007" as TenantId)).toEqual(sealed);
    expect(await other.vault.derive(ref, "webhook")).toBe(secret);
    const rows = await world.store.vault.all();
    expect(new Set(rows.map(({ master }) => master))).toEqual(new Set([answers[0]?.master]));
  });

  it("CRED-1 that was broken off at any step is gone on with, with the same key", async () => {
    await using world = await vaultWorld();
    const tenants = Array.from({ length: 60 }, (_, n) => `tenant-${n}`);
    await withAccounts(world, tenants);
    const begun = await keeperOf(world).rotate({ dataKeys: true });
    expect(begun.next).toBeDefined();
    // Another process, after this one was killed.
    const keeper = keeperOf({ ...world, ...(await world.again()) });
    const answers = await rotateAll(keeper, { dataKeys: true, forgetOld: true });
    expect(answers[0]).toMatchObject({ resumed: true, master: begun.master });
    expect(keysIn(world.keyFile)).toEqual([begun.master]);
    const rows = await world.store.vault.all();
    // One new key each, not two for those that the first attempt had reached.
    expect(new Set(rows.map(({ generation }) => generation))).toEqual(new Set([1, 2]));
    expect(rows.filter(({ generation }) => generation === 2)).toHaveLength(tenants.length);
    const verified = await keeperOf({ ...world, ...(await world.again()) }).verify();
    expect(verified.unopened).toEqual([]);
  });

  it("CRED-1 under way does not disturb another node that knows the earlier keys only", async () => {
    await using world = await vaultWorld();
    const [whose] = await withAccounts(world, ["one", "two"]);
    if (!whose) throw new Error("there is no account");
    const node = await world.again();
    const early = await node.vault.seal(whose, "credential", { token: "early" });
    await rotateAll(keeperOf(world), { dataKeys: true, forgetOld: true });
    const late = await node.vault.seal(whose, "credential", { token: "late" });
    const anew = await world.vault.seal(whose, "credential", { token: "anew" });
    for (const vault of [node.vault, world.vault, (await world.again()).vault]) {
      expect(await vault.open(whose, "credential", early)).toEqual({ token: "early" });
      expect(await vault.open(whose, "credential", late)).toEqual({ token: "late" });
      expect(await vault.open(whose, "credential", anew)).toEqual({ token: "anew" });
    }
    // A tenant that is new to it gets keys under the new master key, the only one that is kept.
    await node.vault.seal({ ...ref, tenant: "three" as TenantId }, "credential", {});
    const [row] = await world.store.vault.list("three" as TenantId);
    expect([row?.master]).toEqual(keysIn(world.keyFile));
  });

  it("CRED-1 with keys of the environment takes the newer one that stands there, and says when there is none", async () => {
    await using world = await vaultWorld();
    const [old, young] = [newMasterKey(), newMasterKey()];
    const withKeys = async (...keys: (typeof old)[]) => {
      const provider = environmentKeys({ CHANNEL_ENCRYPTION_KEY: masterKeysText(keys).replaceAll("\n", ",") });
      if (!provider) throw new Error("there are no keys");
      const ring = new KeyRing({ store: world.store.vault, provider, clock: world.clock, log: memoryLog() });
      await ring.load();
      const vault = createVault(ring);
      return { ring, vault, keeper: keeperOf({ ring, vault, store: world.store }) };
    };
    const before = await withKeys(old);
    const sealed = await before.vault.seal(ref, "credential", { token: "s3cret" });
    await expect(before.keeper.rotate({})).rejects.toMatchObject({ code: "REQ_004" });
    const both = await withKeys(young, old);
    expect(await both.vault.open(ref, "credential", sealed)).toEqual({ token: "s3cret" });
    await expect(both.keeper.rotate({ forgetOld: true })).rejects.toMatchObject({ code: "REQ_001" });
    expect(await rotateAll(both.keeper)).toMatchObject([{ master: young.id, rewrapped: 1 }]);
    const after = await withKeys(young);
    expect(after.ring.trouble).toBeUndefined();
    expect(await after.vault.open(ref, "credential", sealed)).toEqual({ token: "s3cret" });
  });
});

describe("a tenant's end", () => {
  it("TEN-8 CRED-1 what was sealed opens nowhere any more, also from rows of a backup without the keys", async () => {
    await using world = await vaultWorld();
    const [one, two] = await withAccounts(world, ["one", "two"]);
    if (!one || !two) throw new Error("there are no accounts");
    const [backup] = await world.store.vault.sealed(one.tenant);
    const secret = await world.vault.derive(one, "webhook");
    expect(await keeperOf(world).shred(one.tenant)).toEqual({ keys: 2, accounts: 1 });
    for (const vault of [world.vault, (await world.again()).vault]) {
      await expect(vault.open(one, "credential", backup?.sealed ?? "")).rejects.toMatchObject({ code: "SEC_008" });
      expect(await vault.derive(one, "webhook")).not.toBe(secret);
      const [theirs] = await world.store.vault.sealed(two.tenant);
      expect(await vault.open(two, "credential", theirs?.sealed ?? "")).toEqual({ token: "of two" });
    }
  });

  it("CRED-1 another node lets go of the keys within a minute", async () => {
    await using world = await vaultWorld();
    const [one] = await withAccounts(world, ["one"]);
    if (!one) throw new Error("there is no account");
    const node = await world.again();
    const [value] = await world.store.vault.sealed(one.tenant);
    expect(await node.vault.open(one, "credential", value?.sealed ?? "")).toEqual({ token: "of one" });
    await keeperOf(world).shred(one.tenant);
    world.clock.jump(61_000);
    await expect(node.vault.open(one, "credential", value?.sealed ?? "")).rejects.toMatchObject({ code: "SEC_008" });
  });
});

describe("verifying", () => {
  it("CRED-1 names what cannot be opened and nothing else", async () => {
    await using world = await vaultWorld();
    const [one] = await withAccounts(world, ["one", "two"]);
    if (!one) throw new Error("there is no account");
    const stray = { ...one, account: "stray" as AccountId };
    const [theirs] = await world.store.vault.sealed("two" as TenantId);
    const row = { ...stray, source: "store", enabled: true, config: {}, settings: {} } as const;
    await world.store.accounts.put({ ...row, sealed: theirs?.sealed ?? "" }, world.clock.now());
    const keeper = keeperOf(world);
    const { keys, unopened, values } = await keeper.verify();
    expect({ keys, values }).toEqual({ keys: 2, values: 3 });
    expect(unopened).toEqual([
      { tenant: "one", channel: "any", account: "stray", kind: "credential", key: "", why: expect.any(String) },
    ]);
    const { tenants } = await keeper.status();
    expect(tenants.map(({ keyless, tenant }) => [tenant, keyless])).toEqual([
      ["one", 1],
      ["two", 0],
    ]);
  });
});
