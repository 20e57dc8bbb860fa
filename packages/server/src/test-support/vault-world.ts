/** A vault on a real store with its key in a real file: for what a whole gateway would only make slower to see. */
import { join } from "node:path";
import { createVault, KeyRing, type Store, type Vault } from "@switchboard/core";
import type { AccountId, AccountRef, ChannelId, TenantId } from "@switchboard/domain";
import { openSqliteStore } from "@switchboard/store/sqlite";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { fileKeys } from "../vault/file-keys.ts";
import { memoryLog } from "./memory-log.ts";
import { TestClock } from "./test-clock.ts";

export interface VaultWorld extends AsyncDisposable {
  readonly store: Store;
  readonly clock: TestClock;
  readonly keyFile: string;
  readonly ring: KeyRing;
  readonly vault: Vault;
  /** What another node on the same store, or this one after a start, would work with. */
  again(keyFile?: string): Promise<{ readonly ring: KeyRing; readonly vault: Vault }>;
}

export const anAccount: AccountRef = {
  tenant: "t1" as TenantId,
  channel: "any" as ChannelId,
  account: "a1" as AccountId,
};

/** Default in a directory of its own, which is removed afterwards. */
export async function vaultWorld(existing?: string): Promise<VaultWorld> {
  const directory = existing === undefined ? await temporaryDirectory() : undefined;
  const place = existing ?? directory?.path ?? "";
  const store = await openSqliteStore({ directory: place });
  const clock = new TestClock();
  const keyFile = join(place, "vault-key");
  const again = async (path = keyFile) => {
    const ring = new KeyRing({ store: store.vault, provider: fileKeys(path), clock, log: memoryLog() });
    await ring.load();
    return { ring, vault: createVault(ring) };
  };
  return {
    store,
    clock,
    keyFile,
    ...(await again()),
    again,
    async [Symbol.asyncDispose]() {
      await store.close();
      await directory?.remove();
    },
  };
}
