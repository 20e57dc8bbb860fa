/** Whether the store lately refused what it was asked: then others should get the traffic, if there are any. */
import type { Clock } from "@switchboard/core";

/** What waits for the store asks it again every few seconds, so a refusal that is older than this is over. */
const REMEMBERED_MS = 15_000;

export interface StoreHealth {
  refused(): void;
  readonly failing: boolean;
}

export function storeHealth({ now }: Pick<Clock, "now">): StoreHealth {
  let until = 0;
  return {
    refused() {
      until = now() + REMEMBERED_MS;
    },
    get failing() {
      return now() < until;
    },
  };
}
