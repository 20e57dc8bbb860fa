/** Writes the audit log, with the time at which something was done. */
import type { TenantId } from "@switchboard/domain";
import type { AuditEntry, Clock, Store } from "./ports/index.ts";

export type Audit = (tenant: TenantId, entry: Omit<AuditEntry, "at">) => Promise<void>;

export function auditInto(store: Pick<Store, "audit">, clock: Clock): Audit {
  return (tenant, entry) => store.audit.append(tenant, { ...entry, at: clock.now() });
}
