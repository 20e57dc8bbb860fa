/** What a connection remembers over restarts: small values of its account, plain or sealed. */
import { type AccountMemory, type AccountRef, SwitchboardError } from "@switchboard/domain";
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
  };
}

/** Keys of sealed values start with this; what a channel remembers in the open cannot be taken for one of them. */
export const SEALED = "sealed/";

/** The same, sealed for the account and the key, so that one value cannot stand in for another. */
export function sealedMemory(ref: AccountRef, memory: AccountMemory, vault: Vault): AccountMemory {
  return {
    async get(key) {
      const sealed = await memory.get(SEALED + key);
      if (sealed === undefined) return undefined;
      const value = (await vault.open(ref, "memory", sealed))[key];
      if (value === undefined) {
        throw new SwitchboardError(
          "SEC_008",
          `What ${ref.channel}:${ref.account} keeps as "${key}" is another value.`,
          {
            retryable: false,
          },
        );
      }
      return value;
    },
    set: async (key, value, options) =>
      memory.set(SEALED + key, await vault.seal(ref, "memory", { [key]: value }), options),
    remove: (key) => memory.remove(SEALED + key),
  };
}
