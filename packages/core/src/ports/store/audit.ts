/** Who did what; peers are hashed before they come here. */
import type { Json, TenantId } from "@switchboard/domain";
import type { Page, Paged } from "./common.ts";

export interface AuditEntry {
  readonly at: number;
  /** `system`, `operator:<id>` or `peer:<hash>`. */
  readonly actor: string;
  /** Verb with a dot, e.g. `access.denied`, `account.added`. */
  readonly action: string;
  readonly subject: string;
  readonly outcome: "ok" | "denied" | "failed";
  readonly detail?: Json;
}

export interface AuditStore {
  append(tenant: TenantId, entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(
    tenant: TenantId,
    filter: Page & { readonly action?: string },
  ): Promise<Paged<AuditEntry & { readonly seq: number }>>;
}
