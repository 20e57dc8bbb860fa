/**
 * Who did what, row chained to row. Nodes take turns at a tenant's chain, so entries wait for the end of their
 * transaction: whoever has the chain then only commits, and waits for nobody.
 */
import {
  type AuditAnchor,
  type AuditEntry,
  type AuditStore,
  type ChainedRow,
  FIRST_PREVIOUS,
} from "@switchboard/core/ports";
import { AUDIT_COLUMNS, chained, type SealRow, toAuditRow, toSeal } from "../rows/audit-row.ts";
import type { Context } from "./context.ts";
import { newest, pageSize } from "./page.ts";
import type { Statement, Statements } from "./sql.ts";
import { tables } from "./tables.ts";

interface Item {
  readonly tenant: string;
  readonly entry: AuditEntry;
}

export class AuditLog {
  readonly #statements: Statements;
  readonly #head: Statement<AuditAnchor>;
  readonly #begin: Statement<never>;
  readonly #insert: Statement<never>;
  readonly #move: Statement<never>;
  readonly #writeAll = (items: readonly Item[]) => this.#write(items);

  constructor({ statements }: Context) {
    this.#statements = statements;
    this.#head = statements.of("SELECT position, hash FROM audit_chains WHERE tenant = ? FOR UPDATE");
    this.#begin = statements.insertInto("audit_chains", ["tenant", "position", "hash"], "ON CONFLICT DO NOTHING");
    this.#insert = statements.insertInto("audit", AUDIT_COLUMNS);
    this.#move = statements.of("UPDATE audit_chains SET position = ?2, hash = ?3 WHERE tenant = ?1");
  }

  async append(tenant: string, entry: AuditEntry): Promise<void> {
    this.#statements.lastly({ tenant, entry }, this.#writeAll);
  }

  async #write(items: readonly Item[]): Promise<void> {
    for (const [tenant, theirs] of Map.groupBy(items, ({ tenant }) => tenant)) {
      await this.#chain(
        tenant,
        theirs.map(({ entry }) => entry),
      );
    }
  }

  async #chain(tenant: string, entries: readonly AuditEntry[]): Promise<void> {
    let head = await this.#head.get(tenant);
    if (!head) {
      await this.#begin.run(tenant, 0, FIRST_PREVIOUS);
      head = await this.#head.get(tenant);
    }
    if (!head) throw new Error("the audit log has no chain");
    for (const entry of entries) {
      const next = chained(tenant, head, entry);
      this.#insert.send(...next.values);
      head = next.head;
    }
    this.#move.send(tenant, head.position, head.hash);
  }
}

export function auditStore({ statements }: Context, log: AuditLog): Omit<AuditStore, "unsealed"> {
  const read = statements.of<ChainedRow>(
    "SELECT * FROM audit WHERE tenant = ? AND position > ? ORDER BY position LIMIT ?",
  );
  const head = statements.of<AuditAnchor>("SELECT position, hash FROM audit_chains WHERE tenant = ?");
  const seals = statements.of<SealRow>("SELECT * FROM audit_seals WHERE tenant = ? ORDER BY position");
  const seal = statements.insertInto(
    "audit_seals",
    ["tenant", "position", "hash", "at", "mac"],
    "ON CONFLICT DO NOTHING",
  );
  return {
    append: async (tenant, entry) => await log.append(tenant, entry),

    list(tenant, filter) {
      let rows = tables.selectFrom("audit").selectAll().where("tenant", "=", tenant);
      if (filter.action !== undefined) rows = rows.where("action", "=", filter.action);
      return newest(statements, rows, filter, toAuditRow);
    },

    read: (tenant, { after, limit }) => read.all(tenant, after, pageSize({ limit })),

    async chain(tenant) {
      const at = await head.get(tenant);
      return at && { head: at, seals: (await seals.all(tenant)).map(toSeal) };
    },

    async seal(tenant, { at, hash, mac, position }) {
      await seal.run(tenant, position, hash, at, mac);
    },
  };
}
