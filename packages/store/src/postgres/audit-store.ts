/** Who did what. */
import type { AuditEntry, AuditStore } from "@switchboard/core/ports";
import type { Json } from "@switchboard/domain";
import { fromJson, type Mutable, toJson } from "../rows/json.ts";
import type { Context } from "./context.ts";
import { newest } from "./page.ts";
import type { Statement } from "./sql.ts";
import { tables } from "./tables.ts";

export interface AuditRow extends Omit<AuditEntry, "detail"> {
  readonly seq: number;
  readonly detail: string | null;
}

export class AuditLog {
  readonly #insert: Statement<never>;

  constructor({ statements }: Context) {
    this.#insert = statements.insertInto("audit", ["tenant", "at", "actor", "action", "subject", "outcome", "detail"]);
  }

  async append(tenant: string, { action, actor, at, detail, outcome, subject }: AuditEntry): Promise<void> {
    this.#insert.send(tenant, at, actor, action, subject, outcome, toJson(detail));
  }
}

export function auditStore({ statements }: Context, log: AuditLog): AuditStore {
  return {
    append: async (tenant, entry) => await log.append(tenant, entry),

    list(tenant, filter) {
      let rows = tables.selectFrom("audit").selectAll().where("tenant", "=", tenant);
      if (filter.action !== undefined) rows = rows.where("action", "=", filter.action);
      return newest(statements, rows, filter, toEntry);
    },
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
