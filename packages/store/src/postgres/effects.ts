/** What happens in one transaction with the settlement of an event. */
import type { CancelledTurn, ClaimedDelivery, ClaimRequest, Effect, SettleResult } from "@switchboard/core/ports";
import type { AccountId, ChannelId, SessionKey, TenantId, TurnId } from "@switchboard/domain";
import type { Lane } from "../rows/lane.ts";
import type { AuditLog } from "./audit-store.ts";
import type { Deliveries } from "./deliveries.ts";
import type { DeliveryWork } from "./delivery-work.ts";
import type { Lanes } from "./lanes.ts";
import type { PairingRequests } from "./pairing-store.ts";
import type { Redirect } from "./redirect.ts";
import type { SentMessages } from "./sent-messages.ts";
import type { Sessions } from "./sessions.ts";
import type { Transcript } from "./transcript.ts";
import type { TurnQueue } from "./turn-queue.ts";
import type { TurnWork } from "./turn-work.ts";
import type { UsageLog } from "./usage-log.ts";

export interface EffectParts {
  readonly audit: AuditLog;
  readonly deliveries: Deliveries;
  readonly deliveryWork: DeliveryWork;
  readonly pairing: PairingRequests;
  readonly redirect: Redirect;
  readonly sent: SentMessages;
  readonly sessions: Sessions;
  readonly transcript: Transcript;
  readonly turnQueue: TurnQueue;
  readonly turnWork: TurnWork;
  readonly usage: UsageLog;
}

export interface Where {
  readonly tenant: TenantId;
  readonly channel: ChannelId;
  readonly account: AccountId;
}

export interface EffectResult {
  readonly turns: SettleResult["turns"][number][];
  readonly stopping: TurnId[];
  readonly cancelled: CancelledTurn[];
  readonly claimedDeliveries: ClaimedDelivery[];
  /** The session of the first turn, for the event's row. */
  session?: SessionKey;
}

export async function applyEffects(
  parts: EffectParts,
  lanes: Lanes,
  { tenant }: Where,
  effects: readonly Effect[],
  now: number,
): Promise<EffectResult> {
  const result: EffectResult = { turns: [], stopping: [], cancelled: [], claimedDeliveries: [] };
  for (const effect of effects) await apply(parts, lanes, tenant, effect, now, result);
  return result;
}

async function apply(
  parts: EffectParts,
  lanes: Lanes,
  tenant: TenantId,
  effect: Effect,
  now: number,
  result: EffectResult,
): Promise<void> {
  switch (effect.type) {
    case "turn": {
      const { id, joined, dueAt, lane, stopping } = await parts.turnQueue.add(
        lanes,
        tenant,
        effect.turn,
        effect.queue,
        effect.claim !== undefined,
        now,
      );
      const claimed =
        effect.claim && (await lanes.isClaimable(lane, now))
          ? await parts.turnWork.claim(lanes, lane, effect.claim, now)
          : undefined;
      result.turns.push({ id, joined, dueAt, ...(claimed && { claimed }) });
      if (stopping) result.stopping.push(stopping);
      result.session ??= effect.turn.session.key;
      return;
    }
    case "deliver":
      await deliver(parts, lanes, tenant, effect, now, result);
      return;
    case "preference":
      await parts.sessions.setPreference(tenant, effect.session, effect.name, effect.value);
      return;
    case "reset-session":
      await parts.sessions.reset(tenant, effect.session);
      return;
    case "stop-turns": {
      const { cancelled, running } = await parts.turnQueue.stop(lanes, tenant, effect.session, undefined, now);
      result.stopping.push(...running);
      result.cancelled.push(...cancelled);
      return;
    }
    case "note":
      await note(parts, tenant, effect, now);
      return;
    case "amend-input":
      if (!(await parts.turnQueue.amend(tenant, effect, effect.text))) await note(parts, tenant, effect.otherwise, now);
      return;
    case "pairing-request":
      if (await parts.pairing.ask(tenant, effect.request, effect.most, now)) {
        await deliver(parts, lanes, tenant, effect, now, result);
      }
      return;
    case "pairing-seen":
      await parts.pairing.seen(tenant, effect, effect.at, now);
      return;
    case "receipt":
      await parts.sent.receipt(tenant, effect.receipt);
      return;
    case "redirect":
      await parts.redirect.apply(lanes, { tenant, ...effect });
      return;
    case "audit":
      await parts.audit.append(tenant, effect.entry);
      return;
  }
}

async function deliver(
  parts: EffectParts,
  lanes: Lanes,
  tenant: TenantId,
  { claim, deliveries }: Pick<Extract<Effect, { type: "deliver" }>, "claim" | "deliveries">,
  now: number,
  result: EffectResult,
): Promise<void> {
  for (const delivery of deliveries) await parts.deliveries.add(lanes, tenant, delivery, claim !== undefined, now);
  const names = deliveries.map(({ lane }) => lane);
  result.claimedDeliveries.push(...(await claimDeliveryLanes(parts.deliveryWork, lanes, tenant, names, claim, now)));
}

/** Claims the named lanes as far as they are free, each with its first delivery. */
export async function claimDeliveryLanes(
  work: DeliveryWork,
  lanes: Lanes,
  tenant: TenantId,
  names: readonly string[],
  request: ClaimRequest | undefined,
  now: number,
): Promise<ClaimedDelivery[]> {
  if (!request) return [];
  const claimed: ClaimedDelivery[] = [];
  for (const name of names) {
    const lane: Lane | undefined = await lanes.find(tenant, "delivery", name);
    if (!lane || !(await lanes.isClaimable(lane, now))) continue;
    const delivery = await work.claim(lanes, lane, request, now);
    if (delivery) claimed.push(delivery);
  }
  return claimed;
}

/** Adds an entry to a session. One that is not there is made where `place` says; else the entry is dropped. */
async function note(
  { sessions, transcript }: EffectParts,
  tenant: TenantId,
  { entry, place, session }: Pick<Extract<Effect, { type: "note" }>, "entry" | "place" | "session">,
  now: number,
): Promise<void> {
  const known = await sessions.state(tenant, session);
  const row = known ?? (place && (await sessions.touch(tenant, place, undefined, false, now)));
  if (row) await transcript.add({ tenant, session: row.seq }, [entry]);
}
