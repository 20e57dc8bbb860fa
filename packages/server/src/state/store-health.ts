/** Whether the store does what it is asked: if not, others should get the traffic, if there are any. */
import type { Clock, Store } from "@switchboard/core";

/** What waits for the store asks it again every few seconds, so a refusal that is older than this is over. */
const REMEMBERED_MS = 15_000;
/** Anybody may ask, so that the store itself is asked this often at most. */
const PROBE_EVERY_MS = 1_000;
const PROBE_TIMEOUT_MS = 2_000;

export interface StoreHealth {
  refused(): void;
  /** It lately refused something, or does not write now. */
  failing(store: Store): Promise<boolean>;
}

export function storeHealth({ now }: Pick<Clock, "now">): StoreHealth {
  let until = 0;
  let probedAt = Number.NEGATIVE_INFINITY;
  let answers: Promise<boolean> = Promise.resolve(true);
  return {
    refused() {
      until = now() + REMEMBERED_MS;
    },
    async failing(store) {
      if (now() < until) return true;
      // By the machine's time: the store answers in it, whatever the engine lives by.
      if (performance.now() - probedAt >= PROBE_EVERY_MS) {
        probedAt = performance.now();
        answers = answersInTime(store.upkeep.probe(now()));
      }
      return !(await answers);
    },
  };
}

async function answersInTime(probe: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
  });
  const answered = probe.then(
    () => true,
    () => false,
  );
  const inTime = await Promise.race([answered, late]);
  clearTimeout(timer);
  return inTime;
}
