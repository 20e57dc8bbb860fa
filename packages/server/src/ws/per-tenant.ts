/** One of something for each tenant, made when it is first asked for. */
import type { TenantId } from "@switchboard/domain";

export class PerTenant<T> {
  readonly #make: (tenant: TenantId) => T;
  readonly #made = new Map<TenantId, T>();

  constructor(make: (tenant: TenantId) => T) {
    this.#make = make;
  }

  of(tenant: TenantId): T {
    const made = this.#made.get(tenant) ?? this.#make(tenant);
    this.#made.set(tenant, made);
    return made;
  }
}
