/** How often a tenant may use a route: counted in the store, so for all nodes together (TEN-5). */
import type { Clock } from "@switchboard/core";
import type { RateStore } from "@switchboard/core/ports";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import type { RouteName, RouteSpec } from "@switchboard/protocol/rest";
import type { Settings } from "../config/settings.ts";

export interface RequestLimitsPorts {
  readonly rates: Pick<RateStore, "take">;
  readonly clock: Pick<Clock, "now">;
  readonly limits: Settings["config"]["limits"]["requests"];
}

export class RequestLimits {
  readonly #ports: RequestLimitsPorts;

  constructor(ports: RequestLimitsPorts) {
    this.#ports = ports;
  }

  /**
   * Counts a request before it is done, so that many at once are no way around. `tell` sets the headers of the answer,
   * whichever it is (draft-ietf-httpapi-ratelimit-headers). @throws SEC_011.
   */
  async take(
    name: RouteName,
    { limited }: RouteSpec,
    tenant: TenantId,
    tell: (header: string, value: string) => void,
  ): Promise<void> {
    if (limited === undefined) return;
    const { clock, limits, rates } = this.#ports;
    const { calls, seconds } = limits[limited];
    const now = clock.now();
    const taken = await rates.take(tenant, `rest ${name}`, { calls, windowMs: seconds * 1000, now });
    const waitMs = Math.max(0, taken.until - now);
    tell("ratelimit-policy", `"${name}";q=${calls};w=${seconds}`);
    tell("ratelimit", `"${name}";r=${taken.left};t=${Math.ceil(waitMs / 1000)}`);
    if (taken.allowed) return;
    throw new SwitchboardError("SEC_011", `Your tenant asked for this ${calls} times within ${seconds} seconds.`, {
      action: "Wait as long as Retry-After says, then try again.",
      retryAfterMs: waitMs,
    });
  }
}
