/** A delivery whose work broke off for a reason nobody foresaw: its last attempt may have arrived. */
import { SwitchboardError, toErrorRecord } from "@switchboard/domain";
import type { ClaimedDelivery, Clock, SendOutcome, Store } from "../ports/index.ts";

/** What is wrong is wrong again at once; its time to live bounds how often it is tried. */
const AGAIN_MS = 60_000;

/** Gives it back as `unknown`, or to the dead letters when it used up its attempts. Returns when it is due. */
export async function rescueDelivery(
  { delivery, lease }: ClaimedDelivery,
  thrown: unknown,
  maxAttempts: number,
  { clock, store }: { readonly clock: Clock; readonly store: Store },
): Promise<number> {
  const { id, tenant } = delivery;
  const [row, ledger] = await Promise.all([store.outbox.get(tenant, id), store.outbox.attempts(tenant, id)]);
  const now = clock.now();
  const error = toErrorRecord(
    new SwitchboardError("SYS_005", thrown instanceof Error ? thrown.message : String(thrown), {
      delivered: "unknown",
    }),
  );
  const attempt = row?.state === "sending" ? (ledger.at(-1)?.number ?? 0) : 0;
  const outcome: SendOutcome =
    delivery.attempts + 1 >= maxAttempts
      ? { state: "dead", error }
      : { state: "unknown", error, notBefore: now + AGAIN_MS };
  await store.outbox.settle(lease, id, attempt, outcome, { now });
  return now + AGAIN_MS;
}
