/** When all is quiet no row waits, no lane is held, and every message is settled. */
import type { Facts } from "../facts.ts";

const SETTLED = new Set(["sent", "delivered", "read", "superseded"]);

export function checkLeftovers({ deliveries, events, lanes }: Facts): string[] {
  return [
    ...lanes,
    ...events.filter(({ state }) => state === "new" || state === "dead").map(({ id, state }) => `${id} is ${state}`),
    ...deliveries.filter(({ state }) => !SETTLED.has(state)).map(({ id, state }) => `${id} is ${state}`),
  ];
}
