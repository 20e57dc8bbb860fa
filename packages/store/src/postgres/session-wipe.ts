/**
 * Deletes a session and everything that hangs on its row: SQLite gives the number of a deleted row out again, and what
 * was left would belong to whoever gets it. Asked for by people, so its statements are made when they are needed.
 */
import type { TurnId } from "@switchboard/domain";
import type { SessionRow } from "../rows/session-row.ts";
import type { Context } from "./context.ts";
import type { DeadLetters } from "./dead-letters.ts";

export async function wipeSession(
  { statements }: Context,
  deadLetters: DeadLetters,
  { key, lane, seq, tenant }: SessionRow,
  now: number,
): Promise<"deleted" | "busy"> {
  const pending = statements.of(
    "SELECT 1 FROM turns WHERE tenant = ? AND lane = ? AND state IN ('queued', 'running') LIMIT 1",
  );
  if (await pending.get(tenant, lane)) return "busy";
  const turns = await statements
    .of<{ seq: number; id: TurnId }>("SELECT seq, id FROM turns WHERE tenant = ? AND session = ?")
    .all(tenant, seq);
  for (const turn of turns) {
    await deadLetters.resolveSubject(tenant, turn.id, "discarded", now);
    statements.of("DELETE FROM turn_inputs WHERE tenant = ? AND turn = ?").send(tenant, turn.seq);
    statements.of("DELETE FROM turns WHERE seq = ?").send(turn.seq);
  }
  statements.of("DELETE FROM transcript WHERE tenant = ? AND session = ?").send(tenant, seq);
  statements.of("DELETE FROM preferences WHERE tenant = ? AND session = ?").send(tenant, key);
  statements.of("DELETE FROM sessions WHERE seq = ?").send(seq);
  return "deleted";
}
