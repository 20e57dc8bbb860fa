/** Who did what. */
import type { AuditEntry, AuditStore } from "@switchboard/core/ports";
import type { Json } from "@switchboard/domain";
import { fromJson, type Mutable, toJson } from "../rows/json.ts";
import type { Context, Sync } from "./context.ts";
import { listNewest } from "./page.ts";
import type { Statement } from "./sql.ts";

interface AuditRow extends Omit<AuditEntry, "detail"> {
  readonly seq: number;
  readonly detail: string | null;
}

export class AuditLog {
  readonly #insert: Statement<never>;

  constructor({ statements }: Context) {
    this.#insert = statements.insertInto("audit", ["tenant", "at", "actor", "action", "subject", "outcome", "detail"]);
  }

  append(tenant: string, { action, actor, at, detail, outcome, subject }: AuditEntry): void {
    this.#insert.run(tenant, at, actor, action, subject, outcome, toJson(detail));
  }
}

export function auditStore({ statements }: Context, log: AuditLog): Sync<AuditStore> {
  return {
    append: (tenant, entry) => log.append(tenant, entry),

    list: (tenant, filter) =>
      listNewest<AuditRow, AuditEntry & { readonly seq: number }>(statements, {
        table: "audit",
        where: filter.action === undefined ? ["tenant = ?"] : ["tenant = ?", "action = ?"],
        values: filter.action === undefined ? [tenant] : [tenant, filter.action],
        page: filter,
        item: toEntry,
      }),
  };
}

function toEntry({
  action,
  actor,
  at,
  detail,
  outcome,
  seq,
  subject,
}: AuditRow): AuditEntry & { readonly seq: number } {
  const entry: Mutable<AuditEntry & { readonly seq: number }> = { seq, at, actor, action, subject, outcome };
  if (detail !== null) entry.detail = fromJson<Json>(detail);
  return entry;
}
