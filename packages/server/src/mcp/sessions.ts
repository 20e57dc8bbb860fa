/** Who has which MCP sessions of this process, and whose has to go when there are too many. */
import type { Principal } from "../identity/principal.ts";

/** A caller's, a tenant's, all tenants'. */
export interface SessionLimits {
  readonly ofCaller: number;
  readonly ofTenant: number;
  readonly ofAll: number;
}

export const MCP_SESSIONS: SessionLimits = { ofCaller: 16, ofTenant: 100, ofAll: 1_000 };

interface Kept<Session> {
  readonly id: string;
  readonly tenant: string;
  readonly caller: string;
  readonly session: Session;
}

export class McpSessions<Session> {
  readonly #limits: SessionLimits;
  /** The longest unused first. */
  readonly #kept = new Map<string, Kept<Session>>();

  constructor(limits: SessionLimits = MCP_SESSIONS) {
    this.#limits = limits;
  }

  all(): readonly Session[] {
    return [...this.#kept.values()].map(({ session }) => session);
  }

  /** Counts as a use. `undefined` also for somebody else's. */
  use(id: string, principal: Pick<Principal, "id" | "tenant">): Session | undefined {
    const kept = this.#kept.get(id);
    if (kept?.caller !== principal.id || kept.tenant !== principal.tenant) return undefined;
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    return kept.session;
  }

  /**
   * Returns the one that has to go for it, which is forgotten then. A tenant's many callers push out their own: whoever
   * has most gives, and of those their longest unused.
   */
  add(id: string, { id: caller, tenant }: Pick<Principal, "id" | "tenant">, session: Session): Session | undefined {
    this.#kept.set(id, { id, tenant, caller, session });
    const all = [...this.#kept.values()];
    const ofTenant = all.filter((each) => each.tenant === tenant);
    const ofCaller = ofTenant.filter((each) => each.caller === caller);
    const surplus =
      (ofCaller.length > this.#limits.ofCaller && ofCaller) ||
      (ofTenant.length > this.#limits.ofTenant && largest(ofTenant, "caller")) ||
      (all.length > this.#limits.ofAll && largest(largest(all, "tenant"), "caller"));
    const [gone] = surplus || [];
    if (gone) this.#kept.delete(gone.id);
    return gone?.session;
  }

  delete(id: string): void {
    this.#kept.delete(id);
  }
}

/** Among equals the group whose session is the longest unused. */
function largest<Session>(all: readonly Kept<Session>[], by: "tenant" | "caller"): readonly Kept<Session>[] {
  let most: readonly Kept<Session>[] = [];
  for (const group of Map.groupBy(all, (each) => each[by]).values()) if (group.length > most.length) most = group;
  return most;
}
