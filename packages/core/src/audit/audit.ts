/** Writes the audit log, with the time at which something was done. */
import type { TenantId } from "@switchboard/domain";
import type { AuditEntry, AuditStore, Clock } from "../ports/index.ts";

export type Audit = (tenant: TenantId, entry: Omit<AuditEntry, "at">) => Promise<void>;

/** A store as far as it takes entries. */
export interface TakesAudit {
  readonly audit: Pick<AuditStore, "append">;
}

export function auditInto(store: TakesAudit, clock: Clock): Audit {
  return (tenant, entry) => store.audit.append(tenant, { ...entry, at: clock.now() });
}
