/** Which files of the media store unfinished work still needs, however old it is. */
import type { Context } from "./context.ts";

const BLOB = /\b[0-9a-f]{64}\b/g;

/**
 * Every name of a file in what waits to be sent or decided about and was made before `before`. What a channel keeps in
 * its payloads is its own business, so anything that looks like such a name counts.
 */
export function blobsInUse({ statements }: Context): (tenant: string, before: number) => Promise<string[]> {
  const open = (kind: string) =>
    `SELECT tenant, subject FROM dead_letters WHERE kind = '${kind}' AND resolution IS NULL`;
  const texts = [
    "SELECT part AS text FROM deliveries WHERE tenant = ? AND state = 'scheduled' AND created_at < ?",
    `SELECT part AS text FROM deliveries WHERE tenant = ? AND state IN ('queued', 'sending', 'unknown') AND kind <> 'draft' AND created_at < ?`,
    `SELECT part AS text FROM deliveries WHERE tenant = ? AND (tenant, id) IN (${open("delivery")}) AND created_at < ?`,
    `SELECT payload AS text FROM inbox WHERE tenant = ? AND (tenant, id) IN (${open("inbox")}) AND received_at < ?`,
    `SELECT body AS text FROM turns JOIN turn_inputs ON turn_inputs.tenant = turns.tenant
       AND turn_inputs.turn = turns.seq WHERE turns.tenant = ? AND (turns.tenant, turns.id) IN (${open("turn")}) AND created_at < ?`,
    `SELECT body AS text FROM turns JOIN turn_inputs ON turn_inputs.tenant = turns.tenant
       AND turn_inputs.turn = turns.seq WHERE turns.tenant = ? AND state IN ('queued', 'running') AND created_at < ?`,
    "SELECT payload AS text FROM inbox WHERE tenant = ? AND state = 'new' AND received_at < ?",
  ].map((text) => statements.of<{ text: string }>(text));
  return async (tenant, before) => {
    const found = new Set<string>();
    for (const each of texts) {
      for (const { text } of await each.all(tenant, before)) for (const [blob] of text.matchAll(BLOB)) found.add(blob);
    }
    return [...found];
  };
}
