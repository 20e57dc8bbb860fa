/**
 * Seals: heads of the audit logs, signed with a key that is only in the vault. Who can write into the database, but has
 * not that key, can neither forge one nor cut off what one covers.
 */
import { type AccountId, type ChannelId, DEFAULT_TENANT } from "@switchboard/domain";
import { isSealed } from "../accounts/account-secrets.ts";
import { type AuditSeal, auditMac, type Clock, type Log, type Store, type Vault } from "../ports/index.ts";

export interface SealPorts {
  readonly store: Pick<Store, "audit">;
  readonly vault: Pick<Vault, "derive">;
  readonly clock: Clock;
  readonly log: Log;
}

/** The gateway's own, so that seals can still be checked when a tenant's keys were removed. @throws SEC_008. */
export function sealingKey(vault: Pick<Vault, "derive">): Promise<string> {
  const ref = { tenant: DEFAULT_TENANT, channel: "" as ChannelId, account: "" as AccountId };
  return vault.derive(ref, "audit-seal");
}

export function isGenuine(key: string, tenant: string, seal: AuditSeal): boolean {
  return auditMac(key, tenant, seal) === seal.mac;
}

/** Seals what grew since. Several nodes may do so at once: one seal of a head is as good as another. */
export async function sealAudit({ clock, log, store, vault }: SealPorts): Promise<void> {
  const heads = await store.audit.unsealed();
  if (heads.length === 0) return;
  const key = await sealingKey(vault).catch((error: unknown) => {
    if (isSealed(error)) return undefined;
    throw error;
  });
  // Sealed when the key is back; until then nothing of it is deleted.
  if (key === undefined) return;
  for (const { hash, position, tenant } of heads) {
    const at = clock.now();
    await store.audit.seal(tenant, { position, hash, at, mac: auditMac(key, tenant, { position, hash, at }) });
    log.debug({ tenant, position, hash }, "sealed the audit log");
  }
}
