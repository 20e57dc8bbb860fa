/**
 * Looks after keys and what is sealed with them: says what there is, rotates, verifies, and ends a tenant's. What takes
 * long goes tenant by tenant, a bounded number a call: `next` of one answer is `after` of the next call.
 */
import { type AccountRef, SwitchboardError, type TenantId, toErrorRecord } from "@switchboard/domain";
import { OneAtATime } from "../one-at-a-time.ts";
import type { SealedValue, Store, Vault, WrappedKey } from "../ports/index.ts";
import { type KeyRing, troubleText } from "./key-ring.ts";
import { newMasterKey } from "./master-key.ts";
import { keyIdOf } from "./vault.ts";

/** A call ends after so many tenants, or when it has seen so many values. */
const MOST_TENANTS = 50;
const MOST_VALUES = 500;
/** Values that are sealed anew in one transaction. */
const RESEAL_AT_ONCE = 100;

export interface KeeperPorts {
  readonly ring: KeyRing;
  readonly vault: Vault;
  readonly store: Store;
  readonly accounts: {
    logOut(ref: AccountRef): Promise<unknown>;
    resealed(tenant: TenantId): Promise<void>;
  };
}

export interface VaultTenant {
  readonly tenant: TenantId;
  readonly keys: readonly (Omit<WrappedKey, "wrapped" | "madeUnder" | "tenant"> & { readonly values: number })[];
  readonly values: number;
  /** Of these, what is sealed with none of the keys. */
  readonly keyless: number;
}

/** What could not be opened. Without `channel`: a key of the tenant. */
export interface Unopened {
  readonly tenant: TenantId;
  readonly channel?: string;
  readonly account?: string;
  readonly kind: SealedValue["kind"] | "key";
  readonly key: string;
  readonly why: string;
}

export interface RotateOptions {
  readonly after?: string | undefined;
  /** New keys for the tenants as well, and every value sealed anew. */
  readonly dataKeys?: boolean | undefined;
  /** In the end the provider keeps only the key that seals. */
  readonly forgetOld?: boolean | undefined;
}

export class VaultKeeper {
  readonly #ports: KeeperPorts;
  /** Two beginnings at once would each make a key. */
  readonly #beginning = new OneAtATime();

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  /** What is wrong with the keys at hand, in words. */
  get trouble(): string | undefined {
    const { trouble } = this.#ports.ring;
    return trouble && troubleText(trouble);
  }

  async status(after?: string) {
    const { ring } = this.#ports;
    const rows = await ring.load();
    const [sealing] = ring.masters;
    const ids = new Set([...ring.masters.map(({ id }) => id), ...rows.map(({ master }) => master)]);
    const masters = [...ids].map((id) => ({
      id,
      atHand: ring.masters.some((key) => key.id === id),
      seals: sealing?.id === id,
      wraps: rows.filter(({ master }) => master === id).length,
    }));
    const tenants: VaultTenant[] = [];
    const next = await this.#each(rows, after, async (tenant, theirs) => {
      const known = await this.#tenantOf(tenant, theirs);
      tenants.push(known);
      return known.values;
    });
    const { kind, place } = ring.provider;
    return { provider: kind, place, masters, tenants, ...this.#said(), ...(next !== undefined && { next }) };
  }

  /**
   * Wraps every tenant's keys with a new master key. The first call (without `after`) makes it, or finds one that an
   * earlier rotation did not get to the end with. May be stopped and begun again at any point.
   * @throws SEC_008 while a key is missing, REQ_004 when the environment has no newer one.
   */
  async rotate({ after, dataKeys = false, forgetOld = false }: RotateOptions) {
    const { ring } = this.#ports;
    const rows = await ring.load();
    if (this.trouble !== undefined) throw new SwitchboardError("SEC_008", this.trouble);
    if (forgetOld && !ring.provider.write) {
      throw new SwitchboardError("REQ_001", `Old keys are in ${ring.provider.place}; take them out there afterwards.`);
    }
    const resumed = after === undefined && (await this.#beginning.run("rotate", () => this.#begin(rows)));
    const master = ring.masters[0]?.id ?? "";
    let [rewrapped, resealed, tenants] = [0, 0, 0];
    const next = await this.#each(rows, after, async (tenant, theirs) => {
      tenants += 1;
      for (const row of theirs) if (row.master !== master && (await ring.rewrap(row))) rewrapped += 1;
      if (!dataKeys) return theirs.length;
      const changed = await this.#renew(tenant, theirs, master);
      resealed += changed;
      return theirs.length + changed;
    });
    const done = { master, resumed, tenants, rewrapped, resealed };
    if (next !== undefined) return { ...done, forgotten: [] as string[], next };
    // What other nodes made under the earlier key meanwhile.
    for (const row of await ring.load()) if (row.master !== master && (await ring.rewrap(row))) done.rewrapped += 1;
    const forgotten = forgetOld ? await this.#forgetOld(master) : [];
    return { ...done, forgotten, next: undefined };
  }

  /** Opens everything. */
  async verify(after?: string) {
    const { ring, vault } = this.#ports;
    const rows = await ring.load();
    const unopened: Unopened[] = [];
    let [keys, values] = [0, 0];
    const attempt = async (what: Omit<Unopened, "why">, open: () => Promise<unknown>) => {
      await open().catch((error: unknown) => unopened.push({ ...what, why: toErrorRecord(error).message }));
    };
    const next = await this.#each(rows, after, async (tenant, theirs) => {
      for (const row of theirs) await attempt({ tenant, kind: "key", key: row.id }, () => ring.unwrap(row));
      const sealed = await this.#ports.store.vault.sealed(tenant);
      for (const { account, channel, key, kind, sealed: text } of sealed) {
        const what = { tenant, channel, account, kind, key };
        await attempt(what, () => vault.open({ tenant, channel, account }, kind, text));
      }
      keys += theirs.length;
      values += sealed.length;
      return sealed.length;
    });
    return { keys, values, unopened, ...this.#said(), ...(next !== undefined && { next }) };
  }

  /**
   * Ends everything that is sealed for a tenant: its accounts log out and forget what they logged in with, and its keys
   * are removed, so that no copy without the key table can be opened either.
   */
  async shred(tenant: TenantId): Promise<{ readonly keys: number; readonly accounts: number }> {
    const { accounts, ring, store } = this.#ports;
    const refs = new Map<string, AccountRef>();
    for (const { account, channel } of await store.vault.sealed(tenant)) {
      refs.set(JSON.stringify([channel, account]), { tenant, channel, account });
    }
    // Of a login under way there is a memory without an account.
    const wipe = async (ref: AccountRef) =>
      (await store.accounts.get(ref)) ? accounts.logOut(ref) : store.accounts.remove(ref);
    await Promise.all([...refs.values()].map(wipe));
    const keys = await store.vault.remove(tenant);
    ring.forget(tenant);
    return { keys, accounts: refs.size };
  }

  /** Whether there was a rotation to go on with. */
  async #begin(rows: readonly WrappedKey[]): Promise<boolean> {
    const { ring } = this.#ports;
    const [first] = ring.masters;
    if (rows.some(({ master }) => master !== first?.id)) return true;
    if (!ring.provider.write) {
      throw new SwitchboardError("REQ_004", `The key comes from ${ring.provider.place}, which has no newer one.`, {
        action: "Put a new key before the present one, with a comma between, start the gateway again, and rotate then.",
      });
    }
    await ring.replaceMasters([newMasterKey(), ...ring.masters]);
    return false;
  }

  async #forgetOld(master: string): Promise<string[]> {
    const { ring } = this.#ports;
    const [kept, ...old] = ring.masters;
    if (kept?.id !== master) throw new SwitchboardError("REQ_004", "The key was changed again meanwhile.");
    if (old.length > 0) await ring.replaceMasters([kept]);
    return old.map(({ id }) => id);
  }

  /** A new key for a tenant that has none of this master key's time, and all values under its newest. */
  async #renew(tenant: TenantId, rows: readonly WrappedKey[], master: string): Promise<number> {
    const { accounts, ring, store, vault } = this.#ports;
    const newest = rows.filter(({ purpose }) => purpose === "seal").sort((a, b) => b.generation - a.generation)[0];
    if (!newest) return 0;
    if (newest.madeUnder !== master) await ring.make(tenant, "seal", newest.generation + 1);
    ring.forget(tenant);
    const { id } = await ring.sealing(tenant);
    const old = (await store.vault.sealed(tenant)).filter(({ sealed }) => keyIdOf(sealed) !== id);
    let count = 0;
    for (let at = 0; at < old.length; at += RESEAL_AT_ONCE) {
      const changes = [];
      for (const from of old.slice(at, at + RESEAL_AT_ONCE)) {
        const ref = { tenant, channel: from.channel, account: from.account };
        // What cannot be opened stays as it is; `verify` names it.
        const secrets = await vault.open(ref, from.kind, from.sealed).catch(() => undefined);
        if (secrets) changes.push({ from, to: await vault.seal(ref, from.kind, secrets) });
      }
      count += await store.vault.reseal(tenant, changes);
    }
    if (count > 0) await accounts.resealed(tenant);
    return count;
  }

  async #tenantOf(tenant: TenantId, rows: readonly WrappedKey[]): Promise<VaultTenant> {
    const values = (await this.#ports.store.vault.sealed(tenant)).map(({ sealed }) => keyIdOf(sealed));
    const keys = rows.map(({ createdAt, generation, id, master, purpose }) => ({
      id,
      purpose,
      generation,
      master,
      createdAt,
      values: values.filter((each) => each === id).length,
    }));
    const keyless = values.filter((each) => !rows.some(({ id }) => id === each)).length;
    return { tenant, keys, values: values.length, keyless };
  }

  #said(): { readonly trouble?: string } {
    return this.trouble === undefined ? {} : { trouble: this.trouble };
  }

  /** Tenants in their order; `work` tells how many values it saw. Returns where to go on, if there is more. */
  async #each(
    rows: readonly WrappedKey[],
    after: string | undefined,
    work: (tenant: TenantId, rows: readonly WrappedKey[]) => Promise<number>,
  ): Promise<TenantId | undefined> {
    const accounts = await this.#ports.store.accounts.all();
    const byTenant = Map.groupBy(rows, ({ tenant }) => tenant);
    const all = [...new Set([...byTenant.keys(), ...accounts.map(({ tenant }) => tenant)])].sort();
    const left = all.filter((tenant) => after === undefined || tenant > after);
    let seen = 0;
    for (const [index, tenant] of left.entries()) {
      seen += await work(tenant, byTenant.get(tenant) ?? []);
      const isFull = index + 1 >= MOST_TENANTS || seen >= MOST_VALUES;
      if (isFull && index + 1 < left.length) return tenant;
    }
    return undefined;
  }
}
