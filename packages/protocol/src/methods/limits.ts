/** Ours: how much a tenant may use. */

import { Type } from "@switchboard/domain/schema";
import { TenantLimits } from "../config/tenant-limits.ts";
import { Closed, Count, Open, Text } from "../schema.ts";
import { ofTenant } from "../shapes/usage.ts";
import { method, OWN } from "./method.ts";

export const limitMethods = {
  "limits.get": method({
    params: Open({ ...ofTenant }),
    result: Closed({
      /** What holds. */
      limits: TenantLimits,
      /** Of these, what was set for this tenant alone. */
      own: TenantLimits,
      used: Closed({
        accounts: Count,
        messagesPerDay: Count,
        mediaBytesPerDay: Count,
        runsPerDay: Count,
        tokensPerDay: Count,
        tokensPerMonth: Count,
      }),
      /** Today in UTC. */
      date: Text,
    }),
    scope: "operator.read",
    role: "operator",
    since: OWN,
  }),

  /**
   * Sets limits of a tenant alone, by the gateway's own operator. What is not named stays, also the other half of a limit.
   * `null`: that of the configuration holds again.
   */
  "limits.set": method({
    params: Open({
      ...ofTenant,
      limits: Type.Object(
        Object.fromEntries(
          Object.keys(TenantLimits.properties).map((name) => [
            name,
            Type.Optional(
              Type.Union([
                Type.Object(
                  {
                    soft: Type.Optional(Type.Integer({ minimum: 0 })),
                    hard: Type.Optional(Type.Integer({ minimum: 0 })),
                  },
                  { additionalProperties: false },
                ),
                Type.Null(),
              ]),
            ),
          ]),
        ),
        { additionalProperties: false },
      ),
    }),
    result: Closed({ own: TenantLimits, limits: TenantLimits }),
    scope: "operator.admin",
    role: "operator",
    since: OWN,
    controlPlane: true,
  }),
};
