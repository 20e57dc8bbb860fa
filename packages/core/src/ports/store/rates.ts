/** How often something was asked for lately: counted for all processes together, and over a restart. */
import type { TenantId } from "@switchboard/domain";

export interface RateWindow {
  /** How many are let through within `windowMs`; the first begins the window. */
  readonly calls: number;
  readonly windowMs: number;
}

export interface RateTaken {
  readonly allowed: boolean;
  /** How many more the window lets through. */
  readonly left: number;
  /** When it ends. */
  readonly until: number;
}

export interface RateStore {
  /** Counts one of that name, unless the window has no more: what is refused is not counted. */
  take(tenant: TenantId, name: string, window: RateWindow & { readonly now: number }): Promise<RateTaken>;
  /** Forgets windows that ended, of every tenant. Returns how many. */
  prune(now: number): Promise<number>;
}
