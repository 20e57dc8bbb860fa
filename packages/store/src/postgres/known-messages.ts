/** Which session knows a message that an edit, a deletion or a reaction is about. */
import type { SessionStore } from "@switchboard/core/ports";
import type { SessionKey } from "@switchboard/domain";
import type { Context } from "./context.ts";
import type { SentMessages } from "./sent-messages.ts";
import type { Statement } from "./sql.ts";

/** Entries looked at in one session, and sessions of one conversation: further back no agent remembers. */
const MOST_ENTRIES = 500;
const MOST_SESSIONS = 50;

type Where = Parameters<SessionStore["ofMessage"]>[1];

interface Candidate {
  readonly seq: number;
  readonly key: SessionKey;
  readonly lane: string;
  readonly last_entry: number;
}

export class KnownMessages {
  readonly #sent: SentMessages;
  readonly #sessions: Statement<Candidate>;
  readonly #told: Statement<{ found: number }>;
  readonly #waits: Statement<{ found: number }>;

  constructor({ statements }: Context, sent: SentMessages) {
    this.#sent = sent;
    this.#sessions = statements.of(
      `SELECT seq, key, lane, last_entry FROM sessions
       WHERE tenant = ? AND channel = ? AND account = ? AND conversation = ?
       ORDER BY key = ? DESC, last_active_at DESC LIMIT ${MOST_SESSIONS}`,
    );
    this.#told = statements.of(
      `SELECT 1 AS found FROM transcript WHERE tenant = ? AND session = ? AND entry > ? AND message_id = ?
         AND role = 'user' LIMIT 1`,
    );
    this.#waits = statements.of(
      `SELECT 1 AS found FROM turns JOIN turn_inputs ON turn_inputs.tenant = turns.tenant
         AND turn_inputs.turn = turns.seq
       WHERE turns.tenant = ? AND turns.lane = ? AND turns.state IN ('queued', 'running') AND message_id = ? LIMIT 1`,
    );
  }

  async sessionOf(tenant: string, { prefer, messageIds, ...place }: Where): Promise<SessionKey | undefined> {
    for (const messageId of messageIds) {
      const sent = await this.#sent.find(tenant, { ...place, messageId });
      if (sent) return sent.session ?? prefer;
    }
    const { account, channel, conversation } = place;
    for (const candidate of await this.#sessions.all(tenant, channel, account, conversation, prefer)) {
      for (const id of messageIds) if (await this.#knows(tenant, candidate, id)) return candidate.key;
    }
    return undefined;
  }

  async #knows(tenant: string, { seq, lane, last_entry }: Candidate, id: string): Promise<boolean> {
    if ((await this.#waits.get(tenant, lane, id)) !== undefined) return true;
    return (await this.#told.get(tenant, seq, last_entry - MOST_ENTRIES, id)) !== undefined;
  }
}
