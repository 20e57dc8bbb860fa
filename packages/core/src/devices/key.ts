/** One device among those of every tenant, as the key of a map in memory. */
import type { TenantId } from "@switchboard/domain";

export function deviceKey(tenant: TenantId, device: string): string {
  return `${tenant} ${device}`;
}
