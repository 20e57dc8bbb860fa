/** Rows of the tenants' keys and of what is sealed with them. */
import type { SealedValue, WrappedKey } from "@switchboard/core/ports";
import type { AccountId, ChannelId, TenantId } from "@switchboard/domain";

export interface WrappedKeyRow {
  readonly tenant: TenantId;
  readonly id: string;
  readonly purpose: WrappedKey["purpose"];
  readonly generation: number;
  readonly master: string;
  readonly made_under: string;
  readonly wrapped: string;
  readonly created_at: number;
}

export interface SealedRow {
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly kind: SealedValue["kind"];
  readonly key: string;
  readonly sealed: string;
}

/** In the order of `valuesOf`. */
export const KEY_COLUMNS = [
  "tenant",
  "id",
  "purpose",
  "generation",
  "master",
  "made_under",
  "wrapped",
  "created_at",
] as const;

/** What an account remembers under such a key is sealed. */
export const SEALED_VALUES = `
  SELECT channel, account, 'credential' AS kind, '' AS key, sealed FROM accounts WHERE tenant = ?1 AND sealed IS NOT NULL
  UNION ALL
  SELECT channel, account, 'memory' AS kind, key, value AS sealed FROM account_memory
  WHERE tenant = ?1 AND key LIKE 'sealed/%'
  ORDER BY channel, account, kind, key`;

export function valuesOf(key: WrappedKey): [string, string, string, number, string, string, string, number] {
  const { createdAt, generation, id, madeUnder, master, purpose, tenant, wrapped } = key;
  return [tenant, id, purpose, generation, master, madeUnder, wrapped, createdAt];
}

export function toWrappedKey({ created_at, made_under, ...row }: WrappedKeyRow): WrappedKey {
  return { ...row, madeUnder: made_under, createdAt: created_at };
}
