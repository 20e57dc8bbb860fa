/** The ledger of sends: every one that was begun has a row, whatever became of it. */
import type { Attempt } from "@switchboard/core/ports";
import type { DeliveryId } from "@switchboard/domain";
import { type AttemptRow, toAttempt } from "../rows/delivery-row.ts";
import type { Context } from "./context.ts";
import type { Statement } from "./sql.ts";

export class Attempts {
  readonly #insert: Statement<never>;
  readonly #finish: Statement<never>;
  readonly #remove: Statement<never>;
  readonly #last: Statement<AttemptRow>;
  readonly #all: Statement<AttemptRow>;

  constructor({ statements }: Context) {
    this.#insert = statements.insertInto("attempts", ["tenant", "delivery", "number", "started_at", "state"]);
    this.#finish = statements.of(
      `UPDATE attempts SET state = ?, finished_at = ?, error = ?, message_ids = ?
       WHERE tenant = ? AND delivery = ? AND number = ?`,
    );
    this.#remove = statements.of("DELETE FROM attempts WHERE tenant = ? AND delivery = ? AND number = ?");
    const columns = "number, started_at, finished_at, state, message_ids, error";
    this.#last = statements.of(
      `SELECT ${columns} FROM attempts WHERE tenant = ? AND delivery = ? ORDER BY number DESC LIMIT 1`,
    );
    this.#all = statements.of(`SELECT ${columns} FROM attempts WHERE tenant = ? AND delivery = ? ORDER BY number`);
  }

  async begin(tenant: string, delivery: number, number: number, now: number): Promise<void> {
    this.#insert.send(tenant, delivery, number, now, "sending");
  }

  async finish(
    tenant: string,
    delivery: number,
    number: number,
    end: {
      readonly state: Exclude<Attempt["state"], "sending">;
      readonly now: number;
      /** JSON. */
      readonly error?: string | null;
      readonly messageIds?: string | null;
    },
  ): Promise<void> {
    this.#finish.send(end.state, end.now, end.error ?? null, end.messageIds ?? null, tenant, delivery, number);
  }

  /** Takes back an attempt that never began after all. */
  async remove(tenant: string, delivery: number, number: number): Promise<void> {
    this.#remove.send(tenant, delivery, number);
  }

  async last(tenant: string, seq: number, delivery: DeliveryId): Promise<Attempt | undefined> {
    const row = await this.#last.get(tenant, seq);
    return row && toAttempt(delivery, row);
  }

  async all(tenant: string, seq: number, delivery: DeliveryId): Promise<Attempt[]> {
    return (await this.#all.all(tenant, seq)).map((row) => toAttempt(delivery, row));
  }
}
