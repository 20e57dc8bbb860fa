/**
 * The keys at hand: master keys as their provider has them, and the tenants' own keys, which are kept in the store
 * wrapped by a master key. Values are sealed with a tenant's key, so that changing the master key touches no value, and
 * what loses its tenant's keys can never be opened again.
 */
import { randomBytes } from "node:crypto";
import { SwitchboardError, type TenantId, toErrorRecord } from "@switchboard/domain";
import type { Clock, KeyProvider, Log, VaultStore, WrappedKey } from "../ports/index.ts";
import { decrypt, encrypt } from "./cipher.ts";
import { type MasterKey, newMasterKey } from "./master-key.ts";

/** How long a tenant's keys are believed to be all there are: another node may have changed or removed them. */
const BELIEVED_MS = 60_000;

export interface KeyRingPorts {
  readonly store: VaultStore;
  readonly provider: KeyProvider;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** A tenant's key, ready to work with. */
export interface DataKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** What keeps secrets from being opened. Ids of keys only. */
export interface KeyTrouble {
  /** Master keys that wrap somebody's keys and are not at hand, and how many tenants need each. */
  readonly wanted: readonly { readonly id: string; readonly tenants: number }[];
  readonly had: readonly string[];
  /** Why the provider gave none, if it said so. */
  readonly why?: string;
}

interface Known {
  readonly rows: readonly WrappedKey[];
  readonly at: number;
}

export class KeyRing {
  readonly provider: KeyProvider;
  readonly #ports: KeyRingPorts;
  readonly #known = new Map<TenantId, Known>();
  /** By what it is bound to; what a key opens to never changes. */
  readonly #open = new Map<string, DataKey>();
  #masters: readonly MasterKey[] = [];
  #why: string | undefined;
  #trouble: KeyTrouble | undefined;

  constructor(ports: KeyRingPorts) {
    this.#ports = ports;
    this.provider = ports.provider;
  }

  /** The first seals, all open. */
  get masters(): readonly MasterKey[] {
    return this.#masters;
  }

  get trouble(): KeyTrouble | undefined {
    return this.#trouble;
  }

  /**
   * Reads all keys. The very first master key is made here, but never while the store has keys that were wrapped by
   * another: that one may come back, and a new one would open nothing.
   */
  async load(): Promise<readonly WrappedKey[]> {
    const { log, provider, store } = this.#ports;
    const rows = await store.all();
    await this.#readMasters();
    if (this.#masters.length === 0 && this.#why === undefined && rows.length === 0 && provider.write) {
      const first = newMasterKey();
      try {
        await provider.write([first]);
        this.#masters = [first];
        log.info({ key: first.id, place: provider.place }, "made an encryption key");
      } catch (thrown) {
        this.#unable(thrown);
      }
    }
    this.#learn(rows);
    return rows;
  }

  /** Makes these the master keys. */
  async replaceMasters(keys: readonly MasterKey[]): Promise<void> {
    await this.provider.write?.(keys);
    this.#masters = keys;
  }

  /** Looks at the tenant's keys as they are now. */
  forget(tenant: TenantId): void {
    for (const row of this.#known.get(tenant)?.rows ?? []) this.#open.delete(nameOf(row));
    this.#known.delete(tenant);
  }

  /** The key that seals. @throws SEC_008. */
  async sealing(tenant: TenantId): Promise<DataKey> {
    return await this.unwrap(newest(await this.#rowsWith(tenant, "seal"), "seal"));
  }

  /** What the tenant's secrets are derived from. @throws SEC_008. */
  async deriving(tenant: TenantId): Promise<DataKey> {
    return this.unwrap(newest(await this.#rowsWith(tenant, "derive"), "derive"));
  }

  /** The key of that id; `undefined` when the tenant has none such. @throws SEC_008. */
  async opening(tenant: TenantId, id: string): Promise<DataKey | undefined> {
    const find = (rows: readonly WrappedKey[]) => rows.find((row) => row.id === id && row.purpose === "seal");
    // Another node may have made it just now.
    const row = find(await this.#rows(tenant)) ?? find(await this.#rows(tenant, true));
    return row && this.unwrap(row);
  }

  /** @throws SEC_008 when the master key that wraps it is not at hand, or it has been changed. */
  async unwrap(row: WrappedKey): Promise<DataKey> {
    const known = this.#open.get(nameOf(row));
    if (known) return known;
    const find = () => this.#masters.find(({ id }) => id === row.master);
    // Another node may have changed it in the place that both look at.
    if (!find()) await this.#readMasters();
    const master = find();
    if (!master) throw this.#missing(row);
    const bytes = decrypt(master.bytes, bound(row), row.wrapped);
    if (!bytes) {
      throw new SwitchboardError("SEC_008", `The key ${row.id} of tenant ${row.tenant} was changed in the store.`, {
        action: "Restore a backup of the store, or connect the tenant's accounts again.",
        retryable: false,
      });
    }
    const key: DataKey = { id: row.id, bytes };
    this.#open.set(nameOf(row), key);
    return key;
  }

  /** Makes the tenant's next key of a purpose; another node may be faster. @throws SEC_008. */
  async make(tenant: TenantId, purpose: WrappedKey["purpose"], generation: number): Promise<void> {
    await this.#readMasters();
    const [master] = this.#masters;
    // With a key that opens nothing, a tenant's would be lost as soon as the right one comes back.
    if (!master || this.#trouble) throw this.#missing();
    const id = randomBytes(6).toString("hex");
    const about = { tenant, id, purpose, generation };
    const wrapped = encrypt(master.bytes, bound(about), randomBytes(32));
    const { clock, store } = this.#ports;
    const row = { ...about, master: master.id, madeUnder: master.id, wrapped, createdAt: clock.now() };
    await store.add(row);
  }

  /** The same key under the master key that seals now. False: somebody was faster. @throws SEC_008. */
  async rewrap(row: WrappedKey): Promise<boolean> {
    const [master] = this.#masters;
    if (!master) throw this.#missing(row);
    const wrapped = encrypt(master.bytes, bound(row), (await this.unwrap(row)).bytes);
    return this.#ports.store.rewrap(row, { master: master.id, wrapped });
  }

  async #rowsWith(tenant: TenantId, purpose: WrappedKey["purpose"]): Promise<readonly WrappedKey[]> {
    const rows = await this.#rows(tenant);
    if (rows.some((row) => row.purpose === purpose)) return rows;
    const there = await this.#rows(tenant, true);
    if (there.some((row) => row.purpose === purpose)) return there;
    await this.make(tenant, purpose, 1);
    return this.#rows(tenant, true);
  }

  async #rows(tenant: TenantId, now = false): Promise<readonly WrappedKey[]> {
    const { clock, store } = this.#ports;
    const known = this.#known.get(tenant);
    if (!now && known && Math.abs(clock.now() - known.at) < BELIEVED_MS) return known.rows;
    const rows = await store.list(tenant);
    const names = new Set(rows.map(nameOf));
    for (const row of known?.rows ?? []) if (!names.has(nameOf(row))) this.#open.delete(nameOf(row));
    this.#known.set(tenant, { rows, at: clock.now() });
    return rows;
  }

  async #readMasters(): Promise<void> {
    const { provider } = this.#ports;
    try {
      this.#masters = await provider.read();
      this.#why = undefined;
    } catch (thrown) {
      this.#unable(thrown);
    }
  }

  /** An unreadable or public key file is the operator's to put right before anything starts. */
  #unable(thrown: unknown): void {
    if (this.#ports.provider.kind !== "system") throw thrown;
    this.#masters = [];
    this.#why = toErrorRecord(thrown).message;
  }

  #learn(rows: readonly WrappedKey[]): void {
    const at = this.#ports.clock.now();
    this.#known.clear();
    for (const [tenant, theirs] of Map.groupBy(rows, (row) => row.tenant))
      this.#known.set(tenant, { rows: theirs, at });
    const had = this.#masters.map(({ id }) => id);
    const lost = rows.filter(({ master }) => !had.includes(master));
    const wanted = [...Map.groupBy(lost, ({ master }) => master)].map(([id, theirs]) => ({
      id,
      tenants: new Set(theirs.map(({ tenant }) => tenant)).size,
    }));
    const why = this.#why ?? (had.length === 0 ? `${this.provider.place} holds none` : undefined);
    const isWhole = had.length > 0 && wanted.length === 0;
    const before = this.#trouble && troubleText(this.#trouble);
    this.#trouble = isWhole ? undefined : { wanted, had, ...(why !== undefined && { why }) };
    this.#tell(before);
  }

  #tell(before: string | undefined): void {
    const { log } = this.#ports;
    if (!this.#trouble) {
      if (before !== undefined)
        log.info({ keys: this.#masters.map(({ id }) => id) }, "the encryption keys are there again");
      return;
    }
    const text = troubleText(this.#trouble);
    if (text !== before)
      log.error({ ...this.#trouble }, `${text} What needs no secret goes on; nothing is overwritten.`);
  }

  #missing(row?: WrappedKey): SwitchboardError {
    const wanted = row ? [row.master] : (this.#trouble?.wanted.map(({ id }) => id) ?? []);
    return new SwitchboardError("SEC_008", missingText({ wanted, had: this.#masters.map(({ id }) => id) }, this.#why));
  }
}

/** The same in words. */
export function troubleText({ had, wanted, why }: KeyTrouble): string {
  return missingText({ wanted: wanted.map(({ id }) => id), had }, why);
}

function missingText(
  { had, wanted }: { readonly wanted: readonly string[]; readonly had: readonly string[] },
  why?: string,
): string {
  const which = wanted.length === 0 ? "An encryption key" : `The encryption key ${wanted.join(", ")}`;
  const instead = had.length === 0 ? "there is none" : `there is ${had.join(", ")}`;
  return `${which} is not at hand; ${instead}${why === undefined ? "" : ` (${why})`}.`;
}

function newest(rows: readonly WrappedKey[], purpose: WrappedKey["purpose"]): WrappedKey {
  const [first, ...rest] = rows.filter((row) => row.purpose === purpose);
  if (!first) throw new SwitchboardError("SEC_008", "The tenant's keys were removed.");
  return rest.reduce((best, row) => (row.generation > best.generation ? row : best), first);
}

function nameOf(row: WrappedKey): string {
  return JSON.stringify(bound(row));
}

function bound({ generation, id, purpose, tenant }: Pick<WrappedKey, "tenant" | "id" | "purpose" | "generation">) {
  return ["tenant key", tenant, id, purpose, String(generation)];
}
