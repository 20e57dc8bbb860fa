/**
 * A send whose answer never came: asked about where the platform can tell, else repeated with a visible note, or
 * held for a person, by the account's setting.
 */
import { type OutboundPart, SwitchboardError, toErrorRecord } from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import { persist } from "../lanes/persist.ts";
import type { ClaimedDelivery, Clock, Log, SendOutcome, Store, Telemetry } from "../ports/index.ts";

/** Either the fate is known now, or it is sent again as attempt `attempt` in the form of `part`. */
export type Resolution =
  | { readonly outcome: SendOutcome; readonly attempt?: undefined; readonly part?: undefined }
  | { readonly outcome?: undefined; readonly attempt: number; readonly part: OutboundPart };

export async function resolveUnknown(
  { delivery, lease, unknown }: ClaimedDelivery,
  account: AccountRuntime,
  ports: { readonly store: Store; readonly clock: Clock; readonly log: Log; readonly telemetry: Telemetry },
  signal: AbortSignal,
): Promise<Resolution> {
  const { clock, log, store } = ports;
  const { connection } = account;
  const asked =
    unknown && connection?.reconcile
      ? await connection
          .reconcile(delivery.target, delivery.part, { deliveryId: delivery.id, startedAt: unknown.startedAt }, signal)
          .catch((error: unknown) => {
            log.warn(
              { delivery: delivery.id, error: toErrorRecord(error) },
              "could not find out whether a message arrived",
            );
            return undefined;
          })
      : undefined;
  if (asked?.arrived) return { outcome: { state: "sent", receipt: asked.arrived } };
  const surelyNot = asked?.arrived === false;
  if (!surelyNot && account.settings.unknownSends === "hold" && !delivery.replayed) {
    const error = new SwitchboardError("MSG_007", undefined, { delivered: "unknown" });
    return { outcome: { state: "dead", error: toErrorRecord(error) } };
  }
  const markedDuplicate = !surelyNot;
  const begin = () => store.outbox.begin(lease, delivery.id, { now: clock.now(), markedDuplicate });
  const attempt = await persist(begin, ports, signal);
  return { attempt, part: markedDuplicate ? account.channel.markDuplicate(delivery.part) : delivery.part };
}
