/** Functions that migrations call by name. */
import type { DatabaseSync } from "node:sqlite";
import { auditHash, auditText } from "@switchboard/core/ports";

type Value = string | number | bigint | null | Uint8Array;

export function addFunctions(db: DatabaseSync): void {
  db.function("audit_text", { deterministic: true }, (text: Value) => auditText(String(text)));
  db.function("audit_hash", { deterministic: true, varargs: true }, (...values: Value[]) => {
    const [tenant, position, at, actor, action, subject, outcome, detail, previous] = values;
    return auditHash({
      tenant: String(tenant),
      position: Number(position),
      at: Number(at),
      actor: String(actor),
      action: String(action),
      subject: String(subject),
      outcome: String(outcome),
      detail: detail === null ? null : String(detail),
      previous: String(previous),
    });
  });
}
