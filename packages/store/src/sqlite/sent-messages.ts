/**
 * Which of our deliveries a platform message is, and what the platform said of it since. Receipts only move a delivery
 * forward: sent, delivered, read; or from sent to dead.
 */
import type { Receipt, SentMessage } from "@switchboard/core/ports";
import type {
  ConversationId,
  DeliveryId,
  ErrorRecord,
  MessageId,
  SendReceipt,
  SessionKey,
  TurnId,
} from "@switchboard/domain";
import type { Mutable } from "../rows/json.ts";
import type { Attempts } from "./attempts.ts";
import type { Context } from "./context.ts";
import type { Deliveries } from "./deliveries.ts";
import type { DeliveryInWork } from "./delivery-work.ts";
import type { Statement } from "./sql.ts";
import type { UsageLog } from "./usage-log.ts";

interface SentRow {
  readonly delivery: DeliveryId;
  readonly session: SessionKey | null;
  readonly turn: TurnId | null;
}

type Status = Pick<Receipt, "status" | "at" | "reason">;

interface EarlyRow {
  readonly seq: number;
  readonly status: Receipt["status"];
  readonly at: number;
  readonly reason: string | null;
}

interface MessagePlace {
  readonly channel: string;
  readonly account: string;
  readonly conversation: ConversationId;
  readonly messageId: MessageId;
}

export class SentMessages {
  readonly #deliveries: Deliveries;
  readonly #attempts: Attempts;
  readonly #usage: UsageLog;
  readonly #sent: Statement<never>;
  readonly #insert: Statement<never>;
  readonly #find: Statement<SentRow>;
  readonly #advance: Statement<never>;
  readonly #insertEarly: Statement<never>;
  readonly #early: Statement<EarlyRow>;
  readonly #dropEarly: Statement<never>;

  constructor({ statements }: Context, deliveries: Deliveries, attempts: Attempts, usage: UsageLog) {
    this.#deliveries = deliveries;
    this.#attempts = attempts;
    this.#usage = usage;
    this.#sent = statements.of(
      "UPDATE deliveries SET state = 'sent', sent_at = ?, settled_at = ?, message_ids = ?, error = NULL WHERE seq = ?",
    );
    const key = ["tenant", "channel", "account", "conversation", "message_id"];
    this.#insert = statements.insertInto(
      "sent_messages",
      [...key, "at", "delivery", "session", "turn"],
      `ON CONFLICT DO UPDATE SET at = excluded.at, delivery = excluded.delivery, session = excluded.session,
         turn = excluded.turn`,
    );
    const where = key.map((column) => `${column} = ?`).join(" AND ");
    this.#find = statements.of(`SELECT delivery, session, turn FROM sent_messages WHERE ${where}`);
    this.#advance = statements.of(
      `UPDATE deliveries SET state = ?, delivered_at = coalesce(delivered_at, ?), read_at = coalesce(read_at, ?)
       WHERE seq = ?`,
    );
    this.#insertEarly = statements.insertInto("early_receipts", [...key, "status", "at", "reason"]);
    this.#early = statements.of(`SELECT seq, status, at, reason FROM early_receipts WHERE ${where} ORDER BY seq`);
    this.#dropEarly = statements.of(`DELETE FROM early_receipts WHERE ${where}`);
  }

  /** The platform took a delivery. */
  record(row: DeliveryInWork, attempt: number, receipt: SendReceipt, now: number): void {
    const given: readonly MessageId[] =
      receipt.messageIds.length > 0 || row.edits === null ? receipt.messageIds : [row.edits];
    const messageIds = JSON.stringify(given);
    this.#attempts.finish(row.tenant, row.seq, attempt, { state: "sent", now, messageIds });
    this.#sent.run(now, now, messageIds, row.seq);
    const { tenant, channel, account } = row;
    if (row.edits === null) this.#usage.count(tenant, { messagesOut: 1 }, now);
    const conversation = receipt.successor ?? row.conversation;
    for (const id of given) {
      this.#insert.run(tenant, channel, account, conversation, id, now, row.id, row.session, row.turn);
      const early = this.#early.all(tenant, channel, account, conversation, id);
      if (early.length === 0) continue;
      this.#dropEarly.run(tenant, channel, account, conversation, id);
      for (const { status, at, reason } of early) {
        this.#apply(tenant, row.id, { status, at, ...(reason !== null && { reason }) });
      }
    }
  }

  receipt(tenant: string, receipt: Receipt): void {
    const { account, at, channel, conversation, reason, status } = receipt;
    for (const messageId of receipt.messageIds) {
      const sent = this.#find.get(tenant, channel, account, conversation, messageId);
      if (sent) this.#apply(tenant, sent.delivery, receipt);
      else this.#insertEarly.run(tenant, channel, account, conversation, messageId, status, at, reason ?? null);
    }
  }

  find(tenant: string, { account, channel, conversation, messageId }: MessagePlace): SentMessage | undefined {
    const row = this.#find.get(tenant, channel, account, conversation, messageId);
    if (!row) return undefined;
    const message: Mutable<SentMessage> = { delivery: row.delivery };
    if (row.session !== null) message.session = row.session;
    if (row.turn !== null) message.turn = row.turn;
    return message;
  }

  #apply(tenant: string, id: DeliveryId, { at, reason, status }: Status): void {
    const row = this.#deliveries.find(tenant, id);
    if (!row) return;
    switch (status) {
      case "delivered":
        if (row.state === "sent") this.#advance.run("delivered", at, null, row.seq);
        break;
      case "read":
        if (row.state === "sent" || row.state === "delivered") this.#advance.run("read", null, at, row.seq);
        break;
      case "failed":
        if (row.state === "sent") {
          const message = reason ?? "The platform took the message and could not deliver it.";
          const error: ErrorRecord = { code: "MSG_002", message, retryable: false };
          this.#deliveries.bury(row, "dead", error, at);
        }
        break;
    }
  }
}
