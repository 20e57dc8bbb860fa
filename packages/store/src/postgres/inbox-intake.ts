/** How platform updates get into the inbox: the unique index decides what is new. */
import { type IngestResult, PRIORITY } from "@switchboard/core/ports";
import type { AccountId, ChannelId, TenantId } from "@switchboard/domain";
import { newId } from "@switchboard/domain/ids";
import type { InboxRow, StoredInboxRow } from "../rows/inbox-row.ts";
import type { IntakeEvent } from "../rows/intake.ts";
import type { Context } from "./context.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Lanes } from "./lanes.ts";
import type { Statement } from "./sql.ts";

type Result = IngestResult["results"][number];

/** From now on, for so many milliseconds. */
export interface Life {
  readonly now: number;
  readonly ttlMs: number;
}

type Known = Pick<StoredInboxRow, "seq" | "id" | "fingerprint" | "state" | "lane" | "priority">;

export class InboxIntake {
  readonly #deadLetters: DeadLetters;
  readonly #insert: Statement<never>;
  readonly #known: Statement<Known>;
  readonly #revive: Statement<never>;

  constructor({ statements }: Context, deadLetters: DeadLetters) {
    this.#deadLetters = deadLetters;
    // biome-ignore format: one line a group
    this.#insert = statements.insertInto(
      "inbox",
      [
        "tenant", "id", "channel", "account", "key", "fingerprint", "lane", "priority", "state", "attempts",
        "received_at", "due_at", "expires_at", "payload",
      ],
      "ON CONFLICT (tenant, channel, account, key) DO NOTHING",
    );
    this.#known = statements.of(
      `SELECT seq, id, fingerprint, state, lane, priority FROM inbox
       WHERE tenant = ? AND channel = ? AND account = ? AND key = ?`,
    );
    this.#revive = statements.of(
      `UPDATE inbox SET state = 'new', attempts = 0, due_at = ?, expires_at = ?, settled_at = NULL, error = NULL,
         reason = NULL WHERE seq = ?`,
    );
  }

  async store(
    lanes: Lanes,
    where: { readonly tenant: TenantId; readonly channel: ChannelId; readonly account: AccountId },
    event: IntakeEvent,
    { now, ttlMs }: Life,
  ): Promise<Result> {
    const { account, channel, tenant } = where;
    const { fingerprint = "", payload } = event;
    const priority = PRIORITY[event.priority ?? "normal"];
    const id = newId("inbox");
    // Ids get reused, e.g. when a bot is replaced: what has a known key and another fingerprint is a new event.
    for (let key = event.key; ; ) {
      // biome-ignore format: one line a group
      const added = await this.#insert.run(
        tenant, id, channel, account, key, fingerprint, event.lane, priority, "new", 0, now, now, now + ttlMs, payload,
      );
      if (added > 0) {
        // biome-ignore format: one line a group
        const row: InboxRow = {
          tenant, id, channel, account, key, fingerprint, lane: event.lane, priority, state: "new", attempts: 0,
          received_at: now, due_at: now, expires_at: now + ttlMs, settled_at: null, kind: null, turn: null, session: null,
          reason: null, preview: null, error: null, payload,
        };
        const lane = await lanes.open(tenant, "inbox", event.lane, channel, account);
        lane.add({ priority, dueAt: now, since: now }, { kind: "inbox", row });
        return { id, duplicate: false };
      }
      const known = await this.#known.get(tenant, channel, account, key);
      if (known?.fingerprint === fingerprint) return await this.#again(lanes, where, known, { now, ttlMs });
      // One that was cleaned up in this very moment is known no more: the same key is tried again.
      if (known) key = `${key}~${fingerprint}`;
    }
  }

  /** Puts an event back to work, in its old place and with a new life. */
  async revive(
    lanes: Lanes,
    where: { readonly tenant: TenantId; readonly channel: ChannelId; readonly account: AccountId },
    row: Pick<StoredInboxRow, "seq" | "lane" | "priority">,
    { now, ttlMs }: Life,
  ): Promise<void> {
    this.#revive.send(now, now + ttlMs, row.seq);
    const lane = await lanes.open(where.tenant, "inbox", row.lane, where.channel, where.account);
    lane.add({ priority: row.priority, dueAt: now, since: now, front: true });
  }

  /** The platform sends something again. What lies among the dead letters gets another chance (oc#109911). */
  async #again(
    lanes: Lanes,
    where: { readonly tenant: TenantId; readonly channel: ChannelId; readonly account: AccountId },
    known: Known,
    life: Life,
  ): Promise<Result> {
    const open =
      known.state === "dead" && (await this.#deadLetters.resolveSubject(where.tenant, known.id, "replayed", life.now));
    if (open) await this.revive(lanes, where, known, life);
    return { id: known.id, duplicate: !open };
  }
}
