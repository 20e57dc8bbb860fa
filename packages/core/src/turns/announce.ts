/** Tells whoever listens how runs begin and end. */
import { type SwitchboardError, type TenantId, toErrorRecord } from "@switchboard/domain";
import type { EngineEvents } from "../events.ts";
import type { CancelledTurn, Clock, Turn, TurnState } from "../ports/index.ts";
import type { Answer } from "./answer.ts";
import { runRef } from "./listen.ts";

interface Announcing {
  readonly events: EngineEvents;
  readonly clock: Clock;
}

export function announceStart({ events }: Announcing, turn: Turn, at: number): void {
  if (!events.heard) return;
  events.emit({ type: "run.started", at, ...runRef(turn) });
  const { agent, id, session, starts, tenant } = turn;
  events.emit({ type: "step", step: "started", tenant, at, turn: id, session, detail: { agent, starts } });
}

export function announceEnd(
  { clock, events }: Announcing,
  turn: Turn,
  end: {
    readonly state: TurnState | "retrying";
    readonly startedAt: number;
    /** Absent when the agent was not asked. */
    readonly answer?: Answer;
    readonly error?: SwitchboardError | undefined;
  },
): void {
  if (!events.heard) return;
  const { answer, startedAt, state } = end;
  const endedAt = clock.now();
  const error = end.error && toErrorRecord(end.error);
  events.emit({
    type: "run.ended",
    state,
    text: answer?.text.trim() ?? "",
    startedAt,
    endedAt,
    ...(error && { error }),
    ...(answer?.usage && { usage: answer.usage }),
    ...runRef(turn),
  });
  events.emit({
    type: "step",
    step: state,
    tenant: turn.tenant,
    at: endedAt,
    turn: turn.id,
    session: turn.session,
    ...(error && { detail: { code: error.code, message: error.message } }),
  });
}

/** Queued turns were taken back: their callers wait for an end. */
export function announceCancelled(
  { clock, events }: Announcing,
  tenant: TenantId,
  turns: readonly CancelledTurn[],
): void {
  if (!events.heard) return;
  const at = clock.now();
  for (const { agent, createdAt, id, run, session } of turns) {
    const ref = { tenant, turn: id, run, session, agent };
    events.emit({ type: "run.ended", state: "cancelled", text: "", startedAt: createdAt, endedAt: at, ...ref });
    events.emit({ type: "step", step: "cancelled", tenant, at, turn: id, session });
  }
}
