/** What could not be processed or sent. The subject keeps its payload and history; a letter says why it lies here. */
import type { DeadLetter } from "@switchboard/core/ports";
import type { AccountId, ChannelId, DeadLetterId, ErrorRecord, TenantId } from "@switchboard/domain";
import { newId } from "@switchboard/domain/ids";
import { fromJson, type Mutable } from "../rows/json.ts";
import type { Context } from "./context.ts";
import type { Statement } from "./sql.ts";

export interface DeadLetterRow {
  readonly seq: number;
  readonly tenant: TenantId;
  readonly id: DeadLetterId;
  readonly kind: DeadLetter["kind"];
  readonly subject: DeadLetter["subject"];
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly created_at: number;
  readonly resolution: "replayed" | "discarded" | null;
  readonly resolved_at: number | null;
  readonly preview: string | null;
  readonly error: string;
}

export type NewDeadLetter = Pick<DeadLetter, "tenant" | "kind" | "subject" | "channel" | "account"> & {
  readonly error: ErrorRecord;
  readonly preview: string | null;
};

export class DeadLetters {
  readonly #insert: Statement<never>;
  readonly #find: Statement<DeadLetterRow>;
  readonly #open: Statement<{ id: DeadLetterId }>;
  readonly #resolve: Statement<never>;

  constructor({ statements }: Context) {
    // biome-ignore format: one line a group
    this.#insert = statements.insertInto("dead_letters", [
      "tenant", "id", "kind", "subject", "channel", "account", "created_at", "preview", "error",
    ]);
    this.#find = statements.of("SELECT * FROM dead_letters WHERE tenant = ? AND id = ?");
    this.#open = statements.of("SELECT id FROM dead_letters WHERE tenant = ? AND subject = ? AND resolution IS NULL");
    this.#resolve = statements.of(
      "UPDATE dead_letters SET resolution = ?, resolved_at = ? WHERE tenant = ? AND id = ? AND resolution IS NULL",
    );
  }

  async bury({ tenant, kind, subject, channel, account, error, preview }: NewDeadLetter, now: number): Promise<void> {
    const id = newId("deadLetter");
    this.#insert.send(tenant, id, kind, subject, channel, account, now, preview, JSON.stringify(error));
  }

  async find(tenant: string, id: string): Promise<DeadLetterRow | undefined> {
    return await this.#find.get(tenant, id);
  }

  /** Resolves what lies open about a subject. False when nothing does. */
  async resolveSubject(
    tenant: string,
    subject: string,
    resolution: "replayed" | "discarded",
    now: number,
  ): Promise<boolean> {
    const letter = await this.#open.get(tenant, subject);
    return letter !== undefined && (await this.resolve(tenant, letter.id, resolution, now));
  }

  /** False when it was resolved already. */
  async resolve(tenant: string, id: string, resolution: "replayed" | "discarded", now: number): Promise<boolean> {
    return (await this.#resolve.run(resolution, now, tenant, id)) > 0;
  }
}

export function toDeadLetter(row: DeadLetterRow): DeadLetter {
  const letter: Mutable<DeadLetter> = {
    id: row.id,
    tenant: row.tenant,
    kind: row.kind,
    subject: row.subject,
    channel: row.channel,
    account: row.account,
    error: fromJson<ErrorRecord>(row.error),
    createdAt: row.created_at,
  };
  if (row.preview !== null) letter.preview = row.preview;
  if (row.resolution !== null) letter.resolution = row.resolution;
  if (row.resolved_at !== null) letter.resolvedAt = row.resolved_at;
  return letter;
}
