/** The RateStore port. */
import type { RateStore } from "@switchboard/core/ports";
import { LOOK, type RateRow, refused, TAKE, taken, toTake } from "../rows/rates.ts";
import type { Context } from "./context.ts";

export function rateStore({ statements }: Context): Omit<RateStore, "prune"> {
  const take = statements.of<RateRow>(TAKE);
  const look = statements.of<RateRow>(LOOK);
  return {
    async take(tenant, name, request) {
      const row = await take.get(...toTake(tenant, name, request));
      return row ? taken(row, request) : refused(await look.get(tenant, name), request);
    },
  };
}
