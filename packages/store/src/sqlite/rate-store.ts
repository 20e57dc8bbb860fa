/** The RateStore port. */
import type { RateStore } from "@switchboard/core/ports";
import { LOOK, type RateRow, refused, TAKE, taken, toTake } from "../rows/rates.ts";
import type { Context, Sync } from "./context.ts";

export function rateStore({ statements }: Context): Sync<RateStore> {
  const take = statements.of<RateRow>(TAKE);
  const look = statements.of<RateRow>(LOOK);
  const forget = statements.of("DELETE FROM rate_windows WHERE until <= ?");
  return {
    take(tenant, name, request) {
      const row = take.get(...toTake(tenant, name, request));
      return row ? taken(row, request) : refused(look.get(tenant, name), request);
    },
    prune: (now) => forget.run(now),
  };
}
