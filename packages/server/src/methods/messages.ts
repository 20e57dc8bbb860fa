/** `deliveries.*`, `deadLetters.*`, `trace.get`: what happened to messages, and what a person may do about it. */
import { type Delivery, type Trace, traceOf } from "@switchboard/core";
import {
  type AccountId,
  type ChannelId,
  type DeadLetterId,
  type DeliveryId,
  type InboxId,
  parseJsonObject,
  SwitchboardError,
  type TenantId,
  type TurnId,
} from "@switchboard/domain";
import type { DeliveryRow } from "@switchboard/protocol";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { resolveSessionKey } from "./session-keys.ts";

export function messageMethods(deps: MethodDeps): Handlers {
  const { engine, settings } = deps;
  const { store } = engine;
  return {
    async "deliveries.list"({ limit, cursor, channel, accountId, states, session, turn }, { tenant }) {
      const page = await store.outbox.list(tenant, {
        ...(limit !== undefined && { limit }),
        ...(cursor !== undefined && { cursor }),
        ...(channel !== undefined && { channel: channel as ChannelId }),
        ...(accountId !== undefined && { account: accountId as AccountId }),
        ...(states !== undefined && { states }),
        ...(session !== undefined && { session: resolveSessionKey(session, engine.routing) }),
        ...(turn !== undefined && { turn: turn as TurnId }),
      });
      return { deliveries: page.rows.map(deliveryRow), ...(page.cursor !== undefined && { cursor: page.cursor }) };
    },
    async "deliveries.get"({ id }, { tenant }) {
      const delivery = await store.outbox.get(tenant, id as DeliveryId);
      if (!delivery) throw new SwitchboardError("REQ_002", `There is no delivery ${id}.`);
      const attempts = await store.outbox.attempts(tenant, delivery.id);
      const tries = attempts.map(({ delivery: _, ...attempt }) => attempt);
      return { delivery: { ...deliveryRow(delivery), payload: delivery.part.payload, tries } };
    },

    async "deadLetters.list"({ limit, cursor, kind, resolved }, { tenant }) {
      const page = await store.deadLetters.list(tenant, {
        ...(limit !== undefined && { limit }),
        ...(cursor !== undefined && { cursor }),
        ...(kind !== undefined && { kind }),
        ...(resolved !== undefined && { resolved }),
      });
      const deadLetters = page.rows.map(({ tenant: _, account, ...row }) => ({ ...row, accountId: account }));
      return { deadLetters, ...(page.cursor !== undefined && { cursor: page.cursor }) };
    },
    async "deadLetters.get"({ id }, { tenant }) {
      const letter = await requireDeadLetter(deps, tenant, id);
      const { tenant: _, account, ...row } = letter;
      return { deadLetter: { ...row, accountId: account, payload: await payloadOf(deps, letter) } };
    },
    async "deadLetters.replay"({ id }, { tenant, actor }) {
      const letter = await requireDeadLetter(deps, tenant, id);
      const now = engine.clock.now();
      const ttlMs = settings.config.limits.messageTtlMs;
      const replayed = await store.deadLetters.replay(tenant, letter.id, { now, ttlMs });
      if (replayed) {
        const { createdAt, error, subject } = letter;
        // Its row tells of the new life only.
        await store.traces.note(tenant, [
          { subject, at: createdAt, step: "dead-letter", detail: { code: error.code, message: error.message } },
          { subject, at: now, step: "replayed", detail: { by: actor } },
        ]);
        await audit(deps, tenant, actor, "dead-letter.replayed", letter.id);
        engine.wake(letter.kind, letter);
      }
      return { id, replayed };
    },
    async "deadLetters.discard"({ id }, { tenant, actor }) {
      const letter = await requireDeadLetter(deps, tenant, id);
      const discarded = await store.deadLetters.discard(tenant, letter.id, engine.clock.now());
      if (discarded) await audit(deps, tenant, actor, "dead-letter.discarded", letter.id);
      return { id, discarded };
    },

    async "trace.get"({ id }, { tenant }) {
      return shownTrace(id, await traceOf(store, tenant, id));
    },
  };
}

function deliveryRow(delivery: Delivery): DeliveryRow {
  const { id, channel, account, state, kind, priority, target, part, session, turn, error } = delivery;
  const { dueAt, sentAt, deliveredAt, readAt, markedDuplicate } = delivery;
  return {
    id,
    channel,
    accountId: account,
    state,
    kind,
    priority,
    conversation: target.conversation,
    preview: part.preview,
    attempts: delivery.attempts,
    createdAt: delivery.createdAt,
    expiresAt: delivery.expiresAt,
    messageIds: [...delivery.messageIds],
    ...(target.thread !== undefined && { thread: target.thread }),
    ...(session && { session }),
    ...(turn && { turn }),
    ...(dueAt !== undefined && { dueAt }),
    ...(sentAt !== undefined && { sentAt }),
    ...(deliveredAt !== undefined && { deliveredAt }),
    ...(readAt !== undefined && { readAt }),
    ...(markedDuplicate && { markedDuplicate }),
    ...(error && { error }),
  } as DeliveryRow;
}

async function requireDeadLetter({ engine }: MethodDeps, tenant: TenantId, id: string) {
  const letter = await engine.store.deadLetters.get(tenant, id as DeadLetterId);
  if (!letter) throw new SwitchboardError("REQ_002", `There is no dead letter ${id}.`);
  return letter;
}

async function payloadOf(
  { engine: { store } }: MethodDeps,
  { kind, subject, tenant }: { kind: "inbox" | "turn" | "delivery"; subject: string; tenant: TenantId },
): Promise<unknown> {
  switch (kind) {
    case "inbox": {
      const payload = (await store.inbox.get(tenant, subject as InboxId))?.payload;
      return payload === undefined ? undefined : (parseJsonObject(payload) ?? payload);
    }
    case "turn":
      return store.turns.inputs(tenant, subject as TurnId);
    case "delivery":
      return (await store.outbox.get(tenant, subject as DeliveryId))?.part.payload;
  }
}

async function audit(
  { engine }: MethodDeps,
  tenant: TenantId,
  actor: string,
  action: string,
  subject: string,
): Promise<void> {
  await engine.store.audit.append(tenant, { at: engine.clock.now(), actor, action, subject, outcome: "ok" });
}

function shownTrace(id: string, { events, turn, deliveries, steps, summary }: Trace) {
  const preview = events[0]?.preview ?? deliveries[0]?.part.preview;
  return {
    id,
    summary,
    ...(preview !== undefined && { preview }),
    events: events.map((event) => event.id),
    ...(turn && { turn: turn.id }),
    deliveries: deliveries.map((delivery) => delivery.id),
    steps,
  };
}
