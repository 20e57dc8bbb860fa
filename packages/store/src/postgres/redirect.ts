/**
 * A conversation has a new id: its sessions keep their history under the new key, and what waits to be sent goes to the
 * new place. Sessions keep their lane, so that order holds across the move.
 */
import type { ReplyAddress } from "@switchboard/core/ports";
import type { AccountId, ChannelId, ConversationId, Target, TenantId } from "@switchboard/domain";
import type { DeliveryRow } from "../rows/delivery-row.ts";
import { fromJson } from "../rows/json.ts";
import type { SessionRow } from "../rows/session-row.ts";
import type { Context } from "./context.ts";
import type { Lanes } from "./lanes.ts";
import type { Statement } from "./sql.ts";

export interface Move {
  readonly tenant: TenantId;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly from: ConversationId;
  readonly to: ConversationId;
}

type Waiting = Pick<
  DeliveryRow,
  "seq" | "lane" | "state" | "priority" | "due_at" | "created_at" | "expires_at" | "place" | "target"
>;

export class Redirect {
  readonly #sessions: Statement<SessionRow>;
  readonly #known: Statement<{ seq: number }>;
  readonly #moveSession: Statement<never>;
  readonly #movePreferences: Statement<never>;
  readonly #turns: Statement<{ seq: number; reply: string }>;
  readonly #moveTurn: Statement<never>;
  readonly #pending: Statement<Waiting>;
  readonly #scheduled: Statement<Waiting>;
  readonly #moveDelivery: Statement<never>;

  constructor({ statements }: Context) {
    this.#sessions = statements.of(
      "SELECT * FROM sessions WHERE tenant = ? AND channel = ? AND account = ? AND conversation = ?",
    );
    this.#known = statements.of("SELECT seq FROM sessions WHERE tenant = ? AND key = ?");
    this.#moveSession = statements.of("UPDATE sessions SET key = ?, conversation = ?, target = ? WHERE seq = ?");
    this.#movePreferences = statements.of(
      `UPDATE preferences SET session = ?1 WHERE tenant = ?2 AND session = ?3 AND NOT EXISTS (
         SELECT 1 FROM preferences AS other WHERE other.tenant = ?2 AND other.session = ?1 AND other.name = preferences.name)`,
    );
    this.#turns = statements.of(
      `SELECT seq, reply FROM turns WHERE tenant = ? AND lane = ? AND state IN ('queued', 'running')
         AND reply IS NOT NULL`,
    );
    this.#moveTurn = statements.of("UPDATE turns SET reply = ? WHERE seq = ?");
    const waiting = (states: string) =>
      statements.of<Waiting>(
        `SELECT seq, lane, state, priority, due_at, created_at, expires_at, place, target FROM deliveries
         WHERE tenant = ? AND channel = ? AND account = ? AND conversation = ? AND ${states}`,
      );
    this.#pending = waiting("state IN ('queued', 'sending', 'unknown') AND kind <> 'draft'");
    this.#scheduled = waiting("state = 'scheduled'");
    this.#moveDelivery = statements.of("UPDATE deliveries SET conversation = ?, target = ?, lane = ? WHERE seq = ?");
  }

  async apply(lanes: Lanes, move: Move): Promise<void> {
    const { account, channel, from, tenant } = move;
    for (const session of await this.#sessions.all(tenant, channel, account, from))
      await this.#followSession(session, move);
    for (const deliveries of [this.#pending, this.#scheduled]) {
      for (const delivery of await deliveries.all(tenant, channel, account, from))
        await this.#follow(lanes, delivery, move);
    }
  }

  async #followSession(session: SessionRow, move: Move): Promise<void> {
    const { tenant, to } = move;
    const wanted = movedKey(session, move);
    // Somebody wrote in the new place already: both histories stay as they are.
    const key = (await this.#known.get(tenant, wanted)) ? session.key : wanted;
    this.#moveSession.send(key, to, retarget(session.target, move), session.seq);
    if (key !== session.key) this.#movePreferences.send(key, tenant, session.key);
    for (const turn of await this.#turns.all(tenant, session.lane)) {
      const reply = fromJson<ReplyAddress>(turn.reply);
      const here = reply.channel === move.channel && reply.account === move.account;
      if (!here || reply.target.conversation !== move.from) continue;
      this.#moveTurn.send(JSON.stringify({ ...reply, target: { ...reply.target, conversation: to } }), turn.seq);
    }
  }

  async #follow(lanes: Lanes, row: Waiting, move: Move): Promise<void> {
    // One that is being sent, or asked about, stays in the lane whose lease it is held under.
    const moves = row.state === "queued" || row.state === "scheduled";
    const name = moves ? movedLane(row.lane, move) : row.lane;
    this.#moveDelivery.send(move.to, retarget(row.target, move), name, row.seq);
    if (name === row.lane || row.state !== "queued") return;
    (await lanes.find(move.tenant, "delivery", row.lane))?.remove(row.priority);
    const { created_at: since, due_at: dueAt, expires_at: expiresAt, place, priority } = row;
    (await lanes.open(move.tenant, "delivery", name, move.channel, move.account)).add({
      priority,
      dueAt,
      since,
      expiresAt,
      scheduled: place < 0,
      front: true,
    });
  }
}

/** The session's key with the new conversation in the place of the old one. */
function movedKey(session: SessionRow, { from, to }: Move): string {
  const before = `agent:${session.agent}:${session.channel}:${session.account}:${session.kind}:`;
  return replaceAfter(session.key, before, from, to, ":");
}

function movedLane(lane: string, { account, channel, from, to }: Move): string {
  return replaceAfter(lane, `${channel}/${account}/`, from, to, "/");
}

function replaceAfter(text: string, before: string, from: string, to: string, separator: string): string {
  if (!text.startsWith(before + from)) return text;
  const rest = text.slice(before.length + from.length);
  return rest === "" || rest.startsWith(separator) ? before + to + rest : text;
}

function retarget(target: string, { from, to }: Move): string {
  const parsed = fromJson<Target>(target);
  return parsed.conversation === from ? JSON.stringify({ ...parsed, conversation: to }) : target;
}
