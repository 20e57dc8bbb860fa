/** Who did what, row chained to row. */
import {
  type AuditAnchor,
  type AuditEntry,
  type AuditRow,
  type AuditStore,
  type ChainedRow,
  FIRST_PREVIOUS,
} from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { AUDIT_COLUMNS, chained, type SealRow, toAuditRow, toSeal } from "../rows/audit-row.ts";
import type { Context, Sync } from "./context.ts";
import { listNewest, pageSize } from "./page.ts";
import type { Statement } from "./sql.ts";

export class AuditLog {
  readonly #head: Statement<AuditAnchor>;
  readonly #insert: Statement<never>;
  readonly #move: Statement<never>;

  constructor({ statements }: Context) {
    this.#head = statements.of("SELECT position, hash FROM audit_chains WHERE tenant = ?");
    this.#insert = statements.insertInto("audit", AUDIT_COLUMNS);
    this.#move = statements.insertInto(
      "audit_chains",
      ["tenant", "position", "hash"],
      "ON CONFLICT (tenant) DO UPDATE SET position = excluded.position, hash = excluded.hash",
    );
  }

  append(tenant: string, entry: AuditEntry): void {
    const { head, values } = chained(tenant, this.#head.get(tenant) ?? { position: 0, hash: FIRST_PREVIOUS }, entry);
    this.#insert.run(...values);
    this.#move.run(tenant, head.position, head.hash);
  }
}

export function auditStore({ statements }: Context, log: AuditLog): Sync<AuditStore> {
  const read = statements.of<ChainedRow>(
    "SELECT * FROM audit WHERE tenant = ? AND position > ? ORDER BY position LIMIT ?",
  );
  const head = statements.of<AuditAnchor>("SELECT position, hash FROM audit_chains WHERE tenant = ?");
  const seals = statements.of<SealRow>("SELECT * FROM audit_seals WHERE tenant = ? ORDER BY position");
  const unsealed = statements.of<AuditAnchor & { tenant: TenantId }>(
    `SELECT tenant, position, hash FROM audit_chains WHERE NOT EXISTS (
       SELECT 1 FROM audit_seals WHERE audit_seals.tenant = audit_chains.tenant
         AND audit_seals.position >= audit_chains.position)`,
  );
  const seal = statements.insertInto(
    "audit_seals",
    ["tenant", "position", "hash", "at", "mac"],
    "ON CONFLICT DO NOTHING",
  );
  return {
    append: (tenant, entry) => log.append(tenant, entry),

    list: (tenant, filter) =>
      listNewest<ChainedRow, AuditRow>(statements, {
        table: "audit",
        where: filter.action === undefined ? ["tenant = ?"] : ["tenant = ?", "action = ?"],
        values: filter.action === undefined ? [tenant] : [tenant, filter.action],
        page: filter,
        item: toAuditRow,
      }),

    read: (tenant, { after, limit }) => read.all(tenant, after, pageSize({ limit })),

    chain(tenant) {
      const at = head.get(tenant);
      return at && { head: at, seals: seals.all(tenant).map(toSeal) };
    },

    unsealed: () => unsealed.all(),

    seal(tenant, { at, hash, mac, position }) {
      seal.run(tenant, position, hash, at, mac);
    },
  };
}
