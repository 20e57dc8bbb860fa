/** The tenants' keys, and what is sealed with them. */
import type { SealedValue, WrappedKey } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import { ACCOUNT, CHANNEL } from "../factories.ts";
import type { Suite } from "./suite.ts";
import type { World } from "./world.ts";

function aKey(tenant: TenantId, changes: Partial<WrappedKey> = {}): WrappedKey {
  const base = { tenant, id: "k1", purpose: "seal", generation: 1, master: "m1", madeUnder: "m1" } as const;
  return { ...base, wrapped: `wrapped for ${tenant}`, createdAt: 1, ...changes };
}

/** An account with a credential and three memories, two of them sealed. */
async function anAccountWithSecrets({ now, store, tenant }: World): Promise<readonly SealedValue[]> {
  const ref = { tenant, channel: CHANNEL, account: ACCOUNT };
  const account = { ...ref, source: "store", enabled: true, config: {}, settings: {}, sealed: "credential" } as const;
  await store.accounts.put(account, now);
  await store.accounts.memorySet(ref, "offset", "open");
  await store.accounts.memorySet(ref, "sealed/a", "first");
  await store.accounts.memorySet(ref, "sealed/b", "second", now + 1_000);
  const whose = { channel: CHANNEL, account: ACCOUNT };
  return [
    { ...whose, kind: "credential", key: "", sealed: "credential" },
    { ...whose, kind: "memory", key: "sealed/a", sealed: "first" },
    { ...whose, kind: "memory", key: "sealed/b", sealed: "second" },
  ];
}

export function vaultContract({ alone, test }: Suite): void {
  describe("the vault", () => {
    test("CRED-1 keeps a tenant's keys; of two for one place the first stays", async ({ store, tenant }) => {
      const { vault } = store;
      const [first, derive, second] = [
        aKey(tenant),
        aKey(tenant, { id: "k2", purpose: "derive" }),
        aKey(tenant, { id: "k3", generation: 2 }),
      ];
      expect(await Promise.all([first, derive, second].map((key) => vault.add(key)))).toEqual([true, true, true]);
      expect(await vault.add({ ...first, id: "k4" })).toBe(false);
      expect(await vault.list(tenant)).toEqual([derive, first, second]);
      expect((await vault.all()).filter((key) => key.tenant === tenant)).toEqual([derive, first, second]);
    });

    test("CRED-1 wraps a key anew only while it is as it was", async ({ store, tenant }) => {
      const key = aKey(tenant);
      await store.vault.add(key);
      const to = { master: "m2", wrapped: "again" };
      expect(await store.vault.rewrap(key, to)).toBe(true);
      expect(await store.vault.rewrap(key, { master: "m3", wrapped: "late" })).toBe(false);
      expect(await store.vault.list(tenant)).toEqual([{ ...key, ...to }]);
      expect(await store.vault.rewrap(aKey(tenant, { id: "none" }), to)).toBe(false);
    });

    test("CRED-1 lists what is sealed, and seals it anew only while it is as it was", async (world) => {
      const { store, tenant } = world;
      const values = await anAccountWithSecrets(world);
      expect(await store.vault.sealed(tenant)).toEqual(values);
      const ref = { tenant, channel: CHANNEL, account: ACCOUNT };
      await store.accounts.memorySet(ref, "sealed/a", "changed meanwhile");
      const changes = values.map((from) => ({ from, to: `${from.sealed} again` }));
      expect(await store.vault.reseal(tenant, changes)).toBe(2);
      const after = (await store.vault.sealed(tenant)).map(({ sealed }) => sealed);
      expect(after).toEqual(["credential again", "changed meanwhile", "second again"]);
      expect(await store.accounts.get(ref)).toMatchObject({ sealed: "credential again" });
      // How long it is remembered is not changed by that.
      expect(await store.accounts.memoryGet(ref, "sealed/b", world.now + 1_000)).toBeUndefined();
    });

    test("TEN-8 CRED-1 removes a tenant's keys, all of them", async ({ store, tenant }) => {
      await store.vault.add(aKey(tenant));
      await store.vault.add(aKey(tenant, { purpose: "derive", id: "k2" }));
      expect(await store.vault.remove(tenant)).toBe(2);
      expect(await store.vault.remove(tenant)).toBe(0);
      expect(await store.vault.list(tenant)).toEqual([]);
    });

    alone("TEN-2 no call of one tenant sees or changes another's keys and values", async (one, { store }) => {
      const other = "other" as TenantId;
      const values = await anAccountWithSecrets(one);
      await store.vault.add(aKey(one.tenant));
      await store.vault.add(aKey(other));
      expect(await store.vault.list(other)).toEqual([aKey(other)]);
      expect(await store.vault.sealed(other)).toEqual([]);
      expect(
        await store.vault.reseal(
          other,
          values.map((from) => ({ from, to: "theirs" })),
        ),
      ).toBe(0);
      expect(await store.vault.remove(other)).toBe(1);
      expect(await store.vault.all()).toEqual([aKey(one.tenant)]);
      expect(await store.vault.sealed(one.tenant)).toEqual(values);
    });
  });
}
