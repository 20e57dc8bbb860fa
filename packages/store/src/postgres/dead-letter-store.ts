/** The DeadLetterStore port: looking at what lies there, and putting it back to work. */
import type { DeadLetterStore } from "@switchboard/core/ports";
import type { DeliveryRow } from "../rows/delivery-row.ts";
import type { StoredInboxRow } from "../rows/inbox-row.ts";
import type { TurnRow } from "../rows/turn-row.ts";
import type { Attempts } from "./attempts.ts";
import type { Context } from "./context.ts";
import { type DeadLetterRow, type DeadLetters, toDeadLetter } from "./dead-letters.ts";
import type { InboxIntake, Life } from "./inbox-intake.ts";
import type { Lanes } from "./lanes.ts";
import { newest } from "./page.ts";
import { tables } from "./tables.ts";

export function deadLetterStore(
  context: Context,
  letters: DeadLetters,
  intake: InboxIntake,
  attempts: Attempts,
): DeadLetterStore {
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
  async function requeue(lanes: Lanes, { kind, subject, tenant }: DeadLetterRow, life: Life): Promise<boolean> {
    const { now } = life;
    const expiresAt = now + life.ttlMs;
    switch (kind) {
      case "inbox": {
        const row = await event.get(tenant, subject);
        if (row) await intake.revive(lanes, row, row, life);
        return row !== undefined;
      }
      case "turn": {
        const row = await turn.get(tenant, subject);
        if (!row) return false;
        requeueTurn.send(now, expiresAt, row.seq);
        const { account, channel, created_at: since, lane, priority } = row;
        (await lanes.open(tenant, "turn", lane, channel, account)).add({
          priority,
          dueAt: now,
          since,
          expiresAt,
          front: true,
        });
        return true;
      }
      case "delivery": {
        const row = await delivery.get(tenant, subject);
        if (!row) return false;
        const unsure = (await attempts.last(tenant, row.seq, row.id))?.state === "unknown";
        requeueDelivery.send(unsure ? "unknown" : "queued", now, expiresAt, row.seq);
        const { account, channel, created_at: since, lane, place, priority } = row;
        (await lanes.open(tenant, "delivery", lane, channel, account)).add({
          priority,
          dueAt: now,
          since,
          expiresAt,
          scheduled: place < 0,
          front: true,
        });
        return true;
      }
    }
  }

  return {
    async get(tenant, id) {
      const row = await letters.find(tenant, id);
      return row && toDeadLetter(row);
    },

    list(tenant, filter) {
      let rows = tables.selectFrom("dead_letters").selectAll().where("tenant", "=", tenant);
      if (filter.resolved !== true) rows = rows.where("resolution", "is", null);
      if (filter.kind !== undefined) rows = rows.where("kind", "=", filter.kind);
      return newest(statements, rows, filter, toDeadLetter);
    },

    async replay(tenant, id, life) {
      const letter = await letters.find(tenant, id);
      if (!letter || letter.resolution !== null) return false;
      const lanes = context.lanes();
      if (!(await requeue(lanes, letter, life))) return false;
      await letters.resolve(tenant, id, "replayed", life.now);
      await lanes.flush();
      return true;
    },

    discard: async (tenant, id, now) => await letters.resolve(tenant, id, "discarded", now),
  };
}
