/** What a connection remembers over restarts: small values of its account, plain or sealed. */
import { type AccountMemory, type AccountRef, type MemorySwap, SwitchboardError } from "@switchboard/domain";
import type { Clock, Store, Vault } from "../ports/index.ts";

export interface MemoryPorts {
  readonly store: Store;
  readonly clock: Clock;
}

export function accountMemory(ref: AccountRef, { store, clock }: MemoryPorts): AccountMemory {
  const { accounts } = store;
  return {
    get: (key) => accounts.memoryGet(ref, key, clock.now()),
    set: (key, value, { ttlMs } = {}) =>
      accounts.memorySet(ref, key, value, ttlMs === undefined ? undefined : clock.now() + ttlMs),
    remove: (key) => accounts.memoryRemove(ref, key),
    swap(changes) {
      const now = clock.now();
      const timed = changes.map(({ ttlMs, ...change }) => ({
        ...change,
        ...(ttlMs !== undefined && { expiresAt: now + ttlMs }),
      }));
      return accounts.memorySwap(ref, timed, now);
    },
  };
}

/** Keys of sealed values start with this; what a channel remembers in the open cannot be taken for one of them. */
export const SEALED = "sealed/";

/** A swap that met the same values sealed anew is tried so often. */
const MOST_SWAPS = 8;

/** The same, sealed for the account and the key, so that one value cannot stand in for another. */
export function sealedMemory(ref: AccountRef, memory: AccountMemory, vault: Vault): AccountMemory {
  const open = async (key: string, sealed: string) => {
    const value = (await vault.open(ref, "memory", sealed))[key];
    if (value !== undefined) return value;
    const what = `What ${ref.channel}:${ref.account} keeps as "${key}" is another value.`;
    throw new SwitchboardError("SEC_008", what, { retryable: false });
  };
  const seal = (key: string, value: string) => vault.seal(ref, "memory", { [key]: value });
  /** What a change is of the sealed values as they are now; `undefined` when the value is not what it must be. */
  const sealedChange = async ({ from, key, to, ttlMs }: MemorySwap): Promise<MemorySwap | undefined> => {
    const sealed = await memory.get(SEALED + key);
    if ((sealed === undefined ? undefined : await open(key, sealed)) !== from) return undefined;
    return {
      key: SEALED + key,
      ...(sealed !== undefined && { from: sealed }),
      ...(to !== undefined && { to: await seal(key, to) }),
      ...(ttlMs !== undefined && { ttlMs }),
    };
  };
  return {
    async get(key) {
      const sealed = await memory.get(SEALED + key);
      return sealed === undefined ? undefined : open(key, sealed);
    },
    set: async (key, value, options) => memory.set(SEALED + key, await seal(key, value), options),
    remove: (key) => memory.remove(SEALED + key),
    async swap(changes) {
      for (let attempt = 0; attempt < MOST_SWAPS; attempt += 1) {
        const sealed = await Promise.all(changes.map(sealedChange));
        if (!sealed.every((change) => change !== undefined)) return false;
        if (await memory.swap(sealed)) return true;
      }
      return false;
    },
  };
}
