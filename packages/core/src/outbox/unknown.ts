/**
 * A send whose answer never came: asked about where the platform can tell, else repeated with a visible note, or
 * held for a person, by the account's setting.
 */
import {
  type OutboundPart,
  retryDelayMs,
  type SendReceipt,
  SwitchboardError,
  toErrorRecord,
} from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import { persist } from "../lanes/persist.ts";
import type { ClaimedDelivery, Clock, Delivery, Log, SendOutcome, Store, Telemetry } from "../ports/index.ts";

/** Either the fate is known now, or it is sent again as attempt `attempt` in the form of `part`. */
export type Resolution =
  | { readonly outcome: SendOutcome; readonly attempt?: undefined; readonly part?: undefined }
  | { readonly outcome?: undefined; readonly attempt: number; readonly part: OutboundPart };

/** What the platform said; `failure`: it could not be asked, and another time it may. */
interface Asked {
  readonly arrived?: SendReceipt | false | undefined;
  readonly failure?: SwitchboardError;
}

export async function resolveUnknown(
  claimed: ClaimedDelivery,
  account: AccountRuntime,
  ports: { readonly store: Store; readonly clock: Clock; readonly log: Log; readonly telemetry: Telemetry },
  signal: AbortSignal,
): Promise<Resolution> {
  const { delivery, lease } = claimed;
  const { clock, store } = ports;
  const { arrived, failure } = await ask(claimed, account, ports.log, signal);
  if (arrived) return { outcome: { state: "sent", receipt: arrived } };
  const surelyNot = arrived === false;
  // What is known is the last attempt's fate; an earlier one may have arrived all the same.
  const markedDuplicate = !surelyNot || delivery.markedDuplicate === true;
  if (delivery.attempts >= account.channel.retry.maxAttempts) {
    // Given up only when the platform had a say: it may well be there.
    return {
      outcome: failure ? askLater(failure, delivery, account, clock) : giveUp(delivery, markedDuplicate),
    };
  }
  if (!surelyNot && account.settings.unknownSends === "hold" && !delivery.replayed) {
    const error = new SwitchboardError("MSG_007", undefined, { delivered: "unknown" });
    return { outcome: { state: "dead", error: toErrorRecord(error) } };
  }
  const begin = () => store.outbox.begin(lease, delivery.id, { now: clock.now(), markedDuplicate });
  const attempt = await persist(begin, ports, signal);
  return { attempt, part: markedDuplicate ? account.channel.markDuplicate(delivery.part) : delivery.part };
}

async function ask(
  { delivery, unknown }: ClaimedDelivery,
  { connection }: AccountRuntime,
  log: Log,
  signal: AbortSignal,
): Promise<Asked> {
  if (!unknown || !connection?.reconcile) return {};
  const { id: deliveryId, part, target } = delivery;
  try {
    const attempt = { deliveryId, startedAt: unknown.startedAt };
    return { arrived: (await connection.reconcile(target, part, attempt, signal))?.arrived };
  } catch (thrown) {
    log.warn({ delivery: deliveryId, error: toErrorRecord(thrown) }, "could not find out whether a message arrived");
    // A defect stays one however often it is asked: it must not hold up the lane.
    return thrown instanceof SwitchboardError && thrown.retryable ? { failure: thrown } : {};
  }
}

/** The record keeps why the send failed, not why it could not be asked about. */
function askLater(failure: SwitchboardError, delivery: Delivery, account: AccountRuntime, clock: Clock): SendOutcome {
  const pause = Math.max(retryDelayMs(account.channel.retry, delivery.attempts), failure.retryAfterMs ?? 0);
  return { state: "unknown", error: delivery.error ?? toErrorRecord(failure), notBefore: clock.now() + pause };
}

function giveUp(delivery: Delivery, mayBeThere: boolean): SendOutcome {
  const { delivered: _, ...error } = delivery.error ?? toErrorRecord(new SwitchboardError("MSG_002"));
  return { state: "dead", error: { ...error, ...(mayBeThere && { delivered: "unknown" as const }) } };
}
