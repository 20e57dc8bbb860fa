/**
 * Answers "where is it and why" for one message: every step from the platform's update to the reader, in order. Steps
 * are read off the rows, so the trace cannot disagree with what happened.
 */
import {
  type DeliveryId,
  type InboxId,
  type Json,
  kindOfId,
  SwitchboardError,
  type TenantId,
  type TurnId,
} from "@switchboard/domain";
import type { Attempt, Delivery, InboxEvent, Store, TraceSubject, Turn } from "../ports/index.ts";

export interface TraceStep {
  readonly at: number;
  readonly step: string;
  readonly subject: TraceSubject;
  readonly detail?: Json;
}

export interface Trace {
  readonly events: readonly InboxEvent[];
  readonly turn?: Turn;
  readonly deliveries: readonly Delivery[];
  /** Oldest first. */
  readonly steps: readonly TraceStep[];
  /** One line: where it is now. */
  readonly summary: string;
}

/** The trace around an inbox event, a turn or a delivery. @throws REQ_002. */
export async function traceOf(store: Store, tenant: TenantId, id: string): Promise<Trace> {
  const { events, turn, deliveries } = await related(store, tenant, id);
  const attempts = await Promise.all(deliveries.map((delivery) => store.outbox.attempts(tenant, delivery.id)));
  const subjects: TraceSubject[] = [...events, ...(turn ? [turn] : []), ...deliveries].map((row) => row.id);
  const notes = await store.traces.notes(tenant, subjects);
  const steps: TraceStep[] = [
    ...events.flatMap(eventSteps),
    ...(turn ? turnSteps(turn) : []),
    ...deliveries.flatMap((delivery, index) => deliverySteps(delivery, attempts[index] ?? [])),
    ...notes.map(({ subject, at, step, detail }) => ({ subject, at, step, ...(detail !== undefined && { detail }) })),
  ].sort((a, b) => a.at - b.at);
  return { events, ...(turn && { turn }), deliveries, steps, summary: summaryOf(events, turn, deliveries) };
}

async function related(
  store: Store,
  tenant: TenantId,
  id: string,
): Promise<{ events: readonly InboxEvent[]; turn?: Turn | undefined; deliveries: readonly Delivery[] }> {
  switch (kindOfId(id)) {
    case "inbox": {
      const event = await store.inbox.get(tenant, id as InboxId);
      if (!event) break;
      if (event.turn) return related(store, tenant, event.turn);
      return { events: [event], deliveries: (await store.outbox.list(tenant, { event: event.id })).rows };
    }
    case "turn": {
      const turn = await store.turns.get(tenant, id as TurnId);
      if (!turn) break;
      const [events, deliveries] = await Promise.all([
        store.inbox.list(tenant, { turn: turn.id, limit: 500 }),
        store.outbox.list(tenant, { turn: turn.id, limit: 500 }),
      ]);
      return { events: events.rows.toReversed(), turn, deliveries: deliveries.rows.toReversed() };
    }
    case "delivery": {
      const delivery = await store.outbox.get(tenant, id as DeliveryId);
      if (!delivery) break;
      if (delivery.turn) return related(store, tenant, delivery.turn);
      if (delivery.event) return related(store, tenant, delivery.event);
      return { events: [], deliveries: [delivery] };
    }
  }
  throw new SwitchboardError("REQ_002", `There is no message ${id}.`);
}

function eventSteps(event: InboxEvent): TraceStep[] {
  const steps: TraceStep[] = [{ at: event.receivedAt, step: "received", subject: event.id }];
  if (event.settledAt !== undefined) {
    const detail = {
      ...(event.reason !== undefined && { reason: event.reason }),
      ...(event.turn && { turn: event.turn }),
    };
    steps.push({ at: event.settledAt, step: event.state, subject: event.id, detail });
  }
  return steps;
}

function turnSteps(turn: Turn): TraceStep[] {
  const steps: TraceStep[] = [
    { at: turn.createdAt, step: "queued", subject: turn.id, detail: { session: turn.session } },
  ];
  if (turn.startedAt !== undefined) {
    steps.push({
      at: turn.startedAt,
      step: "started",
      subject: turn.id,
      detail: { agent: turn.agent, starts: turn.starts },
    });
  }
  if (turn.finishedAt !== undefined) {
    const detail = turn.error ? { code: turn.error.code, message: turn.error.message } : undefined;
    steps.push({ at: turn.finishedAt, step: turn.state, subject: turn.id, ...(detail && { detail }) });
  }
  return steps;
}

function deliverySteps(delivery: Delivery, attempts: readonly Attempt[]): TraceStep[] {
  const subject = delivery.id;
  const steps: TraceStep[] = [{ at: delivery.createdAt, step: `${delivery.kind}-queued`, subject }];
  for (const attempt of attempts) {
    steps.push({ at: attempt.startedAt, step: "sending", subject, detail: { attempt: attempt.number } });
    if (attempt.finishedAt === undefined || attempt.state === "sending") continue;
    const detail = {
      attempt: attempt.number,
      ...(attempt.messageIds && { messageIds: attempt.messageIds }),
      ...(attempt.error && { code: attempt.error.code, message: attempt.error.message }),
    };
    steps.push({ at: attempt.finishedAt, step: attempt.state, subject, detail });
  }
  if (delivery.deliveredAt !== undefined) steps.push({ at: delivery.deliveredAt, step: "delivered", subject });
  if (delivery.readAt !== undefined) steps.push({ at: delivery.readAt, step: "read", subject });
  return steps;
}

function summaryOf(events: readonly InboxEvent[], turn: Turn | undefined, deliveries: readonly Delivery[]): string {
  const open = deliveries.filter(({ state }) => !["superseded", "cancelled"].includes(state));
  const states = [...new Set(open.map(({ state }) => state))];
  // A turn that was replayed is at work again, whatever was sent the first time.
  if (turn && (turn.state === "queued" || turn.state === "running")) return `turn ${turn.state}`;
  if (open.length > 0) return `${open.length} ${open.length === 1 ? "delivery" : "deliveries"}: ${states.join(", ")}`;
  if (turn) return `turn ${turn.state}${turn.error ? ` (${turn.error.code})` : ""}`;
  const [event] = events;
  return event ? `${event.state}${event.reason ? `: ${event.reason}` : ""}` : "nothing known";
}
