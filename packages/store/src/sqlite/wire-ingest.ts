/**
 * Storing updates, as the call crosses the threads. It happens with every message of every platform, so what one side
 * knows already does not travel: a payload goes as the text that is stored, and an event that is claimed in the very
 * transaction that stores it is put together by the side that sent it.
 */
import type { ClaimedEvent, InboxEvent, IngestResult } from "@switchboard/core/ports";
import type { InboxId, TenantId } from "@switchboard/domain";
import type { Intake, IntakeEvent } from "../rows/intake.ts";

export interface IntakeResult {
  /** One a raw event, in order. */
  readonly ids: readonly InboxId[];
  /** Places of the duplicates among them; absent when there are none. */
  readonly duplicates?: readonly number[];
  /** What was sent in this call and stored as it was: its place and the epoch of the lease. Anything else: in full. */
  readonly claimed: readonly (readonly [place: number, epoch: number] | ClaimedEvent)[];
}

/** In the worker. `claimed`: with the place of an event that was sent in this call and stored as it was. */
export function toIntakeResult(
  results: IngestResult["results"],
  claimed: readonly { readonly event: ClaimedEvent; readonly place: number | undefined }[],
): IntakeResult {
  const duplicates = results.flatMap(({ duplicate }, place) => (duplicate ? [place] : []));
  return {
    ids: results.map(({ id }) => id),
    ...(duplicates.length > 0 && { duplicates }),
    claimed: claimed.map(({ event, place }) => (place === undefined ? event : [place, event.lease.epoch])),
  };
}

/** On the side that sent `intake`: the result as the port has it. */
export function fromIntakeResult(
  tenant: TenantId,
  intake: Intake,
  { claimed, duplicates, ids }: IntakeResult,
): IngestResult {
  return {
    results: ids.map((id, place) => ({ id, duplicate: duplicates?.includes(place) ?? false })),
    claimed: claimed.map((each) => {
      if (!isPlace(each)) return each;
      const [place, epoch] = each;
      return claimedAsSent(tenant, intake, place, epoch, ids[place] as InboxId);
    }),
  };
}

function claimedAsSent(tenant: TenantId, intake: Intake, place: number, epoch: number, id: InboxId): ClaimedEvent {
  const { account, channel, claim, events, now, ttlMs } = intake;
  const { key, lane, payload, priority = "normal" } = events[place] as IntakeEvent;
  const event: InboxEvent = {
    id,
    tenant,
    channel,
    account,
    key,
    lane,
    priority,
    payload,
    state: "new",
    attempts: 0,
    receivedAt: now,
    expiresAt: now + ttlMs,
  };
  return { lease: { tenant, kind: "inbox", lane, epoch, owner: claim?.owner ?? "" }, event };
}

function isPlace(each: IntakeResult["claimed"][number]): each is readonly [number, number] {
  return Array.isArray(each);
}
