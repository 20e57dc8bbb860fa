/** The tenants' own keys, wrapped by a master key that the store never sees, and what is sealed with them. */
import type { AccountId, ChannelId, TenantId } from "@switchboard/domain";
import type { SealedKind } from "../vault.ts";

export interface WrappedKey {
  readonly tenant: TenantId;
  readonly id: string;
  /** `seal` keys are replaced now and then, the newest seals; there is one to `derive`, for good. */
  readonly purpose: "seal" | "derive";
  /** From 1 on, within the purpose. */
  readonly generation: number;
  /** The master key that wraps it now, and the one in whose time it was made. */
  readonly master: string;
  readonly madeUnder: string;
  readonly wrapped: string;
  readonly createdAt: number;
}

export interface SealedValue {
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly kind: Exclude<SealedKind, "answer">;
  /** Under which the account remembers it; empty for a credential. */
  readonly key: string;
  readonly sealed: string;
}

export interface VaultStore {
  /** Every tenant's keys. */
  all(): Promise<readonly WrappedKey[]>;
  list(tenant: TenantId): Promise<readonly WrappedKey[]>;
  /** False when the tenant has one of that purpose and generation: whoever is first decides. */
  add(key: WrappedKey): Promise<boolean>;
  /** False when the key is not wrapped as in `from` any more. */
  rewrap(from: WrappedKey, to: Pick<WrappedKey, "master" | "wrapped">): Promise<boolean>;
  /** Nothing of the tenant can be opened afterwards. Returns how many keys there were. */
  remove(tenant: TenantId): Promise<number>;

  /** Everything of the tenant's accounts that is sealed, ordered by account, kind and key. */
  sealed(tenant: TenantId): Promise<readonly SealedValue[]>;
  /** Replaces the values that are still as given. Returns how many. */
  reseal(tenant: TenantId, changes: readonly { readonly from: SealedValue; readonly to: string }[]): Promise<number>;
}
