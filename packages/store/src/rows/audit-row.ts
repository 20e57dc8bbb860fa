/** Rows of the audit log, and the texts they are chained by: the same in both drivers. */
import {
  type AuditAnchor,
  type AuditEntry,
  type AuditRow,
  type AuditSeal,
  auditHash,
  auditText,
  type ChainedRow,
} from "@switchboard/core/ports";
import type { Json } from "@switchboard/domain";
import { fromJson, type Mutable, toJson } from "./json.ts";

export interface SealRow extends Omit<AuditSeal, "pruned"> {
  readonly pruned: number;
}

/** The columns of an insert, in the order of `chained`'s values. */
export const AUDIT_COLUMNS = [
  "tenant",
  "position",
  "at",
  "actor",
  "action",
  "subject",
  "outcome",
  "detail",
  "previous",
  "hash",
] as const;

/** The row that follows `head`: its values in the order of the columns, and where the chain stands then. */
export function chained(
  tenant: string,
  head: AuditAnchor,
  entry: AuditEntry,
): { readonly values: (string | number | null)[]; readonly head: AuditAnchor } {
  const { action, actor, at, detail, outcome, subject } = entry;
  const position = head.position + 1;
  const row = {
    tenant,
    position,
    at,
    actor: auditText(actor),
    action: auditText(action),
    subject: auditText(subject),
    outcome,
    detail: toJson(detail),
    previous: head.hash,
  };
  const hash = auditHash(row);
  return { values: AUDIT_COLUMNS.map((column) => (column === "hash" ? hash : row[column])), head: { position, hash } };
}

export function toAuditRow(row: ChainedRow): AuditRow {
  const { action, actor, at, detail, hash, outcome, position, previous, seq, subject } = row;
  const texts = { seq, position, at, actor, action, subject, previous, hash };
  const entry: Mutable<AuditRow> = { ...texts, outcome: outcome as AuditRow["outcome"] };
  if (detail !== null) entry.detail = fromJson<Json>(detail);
  return entry;
}

export function toSeal({ at, hash, mac, position, pruned }: SealRow): AuditSeal {
  return { position, hash, at, mac, ...(pruned !== 0 && { pruned: true as const }) };
}
