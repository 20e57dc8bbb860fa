/** The DeadLetterStore port: looking at what lies there, and putting it back to work. */
import type { DeadLetter, DeadLetterStore } from "@switchboard/core/ports";
import type { DeliveryRow } from "../rows/delivery-row.ts";
import type { StoredInboxRow } from "../rows/inbox-row.ts";
import type { TurnRow } from "../rows/turn-row.ts";
import type { Attempts } from "./attempts.ts";
import type { Context, Sync } from "./context.ts";
import { type DeadLetterRow, type DeadLetters, toDeadLetter } from "./dead-letters.ts";
import type { InboxIntake, Life } from "./inbox-intake.ts";
import type { Lanes } from "./lanes.ts";
import { listNewest } from "./page.ts";
import type { SqlValue } from "./sql.ts";

export function deadLetterStore(
  context: Context,
  letters: DeadLetters,
  intake: InboxIntake,
  attempts: Attempts,
): Sync<DeadLetterStore> {
  const { statements } = context;
  const event = statements.of<StoredInboxRow>("SELECT * FROM inbox WHERE tenant = ? AND id = ? AND state = 'dead'");
  const turn = statements.of<TurnRow>(
    "SELECT * FROM turns WHERE tenant = ? AND id = ? AND state IN ('failed', 'expired')",
  );
  const requeueTurn = statements.of(
    `UPDATE turns SET state = 'queued', attempts = 0, starts = 0, stop_requested = 0, due_at = ?, expires_at = ?,
       finished_at = NULL, error = NULL, waits_until = NULL, awaits = NULL, awaits_token = NULL, late_answer = NULL WHERE seq = ?`,
  );
  const delivery = statements.of<DeliveryRow>(
    "SELECT * FROM deliveries WHERE tenant = ? AND id = ? AND state IN ('dead', 'expired')",
  );
  const requeueDelivery = statements.of(
    `UPDATE deliveries SET state = ?, replayed = 1, attempts = 0, due_at = ?, expires_at = ?, settled_at = NULL,
       error = NULL WHERE seq = ?`,
  );

  /** False when the subject is gone or at work again already. */
  function requeue(lanes: Lanes, { kind, subject, tenant }: DeadLetterRow, life: Life): boolean {
    const { now } = life;
    const expiresAt = now + life.ttlMs;
    switch (kind) {
      case "inbox": {
        const row = event.get(tenant, subject);
        if (row) intake.revive(lanes, row, row, life);
        return row !== undefined;
      }
      case "turn": {
        const row = turn.get(tenant, subject);
        if (!row) return false;
        requeueTurn.run(now, expiresAt, row.seq);
        const { account, channel, created_at: since, lane, priority } = row;
        lanes.open(tenant, "turn", lane, channel, account).add({ priority, dueAt: now, since, expiresAt, front: true });
        return true;
      }
      case "delivery": {
        const row = delivery.get(tenant, subject);
        if (!row) return false;
        const unsure = attempts.last(tenant, row.seq, row.id)?.state === "unknown";
        requeueDelivery.run(unsure ? "unknown" : "queued", now, expiresAt, row.seq);
        const { account, channel, created_at: since, lane, place, priority } = row;
        lanes
          .open(tenant, "delivery", lane, channel, account)
          .add({ priority, dueAt: now, since, expiresAt, scheduled: place < 0, front: true });
        return true;
      }
    }
  }

  return {
    get(tenant, id) {
      const row = letters.find(tenant, id);
      return row && toDeadLetter(row);
    },

    list(tenant, filter) {
      const where = ["tenant = ?"];
      const values: SqlValue[] = [tenant];
      if (filter.resolved !== true) where.push("resolution IS NULL");
      if (filter.kind !== undefined) {
        where.push("kind = ?");
        values.push(filter.kind);
      }
      return listNewest<DeadLetterRow, DeadLetter>(statements, {
        table: "dead_letters",
        where,
        values,
        page: filter,
        item: toDeadLetter,
      });
    },

    replay(tenant, id, life) {
      const letter = letters.find(tenant, id);
      if (!letter || letter.resolution !== null) return false;
      const lanes = context.lanes();
      if (!requeue(lanes, letter, life)) return false;
      letters.resolve(tenant, id, "replayed", life.now);
      lanes.flush();
      return true;
    },

    discard: (tenant, id, now) => letters.resolve(tenant, id, "discarded", now),
  };
}
