/** What was said in a session, entry by entry. */
import type { NewTranscriptEntry, TranscriptEntry } from "@switchboard/core/ports";
import type { SessionId, TurnId } from "@switchboard/domain";
import { fromJson, type Mutable } from "../rows/json.ts";
import type { Context } from "./context.ts";
import type { Statement } from "./sql.ts";

const PREVIEW_LENGTH = 200;

interface EntryRow {
  readonly entry: number;
  readonly session_id: SessionId;
  readonly turn: TurnId | null;
  readonly role: TranscriptEntry["role"];
  readonly at: number;
  readonly sender: string | null;
  readonly rest: string | null;
  readonly text: string;
}

/** What of an entry has no column of its own. */
type Rest = Pick<NewTranscriptEntry, "attachments" | "thinking" | "partial" | "extra">;

export interface Stretch {
  /** The session's row. */
  readonly session: number;
  readonly tenant: string;
  /** Default: the session's present stretch. */
  readonly sessionId?: SessionId;
  readonly turn?: TurnId;
}

export class Transcript {
  readonly #extend: Statement<{ last_entry: number; id: SessionId }>;
  readonly #insert: Statement<never>;
  readonly #newest: Statement<EntryRow>;
  readonly #newestOf: Statement<EntryRow>;
  readonly #oldestToKeep: Statement<{ entry: number }>;
  readonly #dropBefore: Statement<never>;
  readonly #shorten: Statement<never>;

  constructor({ statements }: Context) {
    this.#extend = statements.of(
      `UPDATE sessions SET entries = entries + ?, last_entry = last_entry + ?, preview = ?,
         last_active_at = greatest(last_active_at, ?)
       WHERE seq = ? RETURNING last_entry, id`,
    );
    this.#insert = statements.insertInto("transcript", [
      "tenant",
      "session",
      "entry",
      "session_id",
      "turn",
      "role",
      "at",
      "sender",
      "message_id",
      "rest",
      "text",
    ]);
    const newest = (filter: string) =>
      `SELECT entry, session_id, turn, role, at, sender, rest, text FROM transcript
       WHERE tenant = ? AND session = ? AND entry < ? ${filter} ORDER BY entry DESC LIMIT ?`;
    this.#oldestToKeep = statements.of(
      "SELECT entry FROM transcript WHERE tenant = ? AND session = ? ORDER BY entry DESC LIMIT 1 OFFSET ?",
    );
    this.#dropBefore = statements.of("DELETE FROM transcript WHERE tenant = ? AND session = ? AND entry < ?");
    this.#shorten = statements.of("UPDATE sessions SET entries = entries - ? WHERE seq = ?");
    this.#newest = statements.of(newest(""));
    this.#newestOf = statements.of(newest("AND session_id = ?"));
  }

  /** Adds entries at the end. Returns the last one's number. `activeAt`: they show that the session is in use. */
  async add(stretch: Stretch, entries: readonly NewTranscriptEntry[], activeAt = 0): Promise<number> {
    const last = entries.at(-1);
    if (!last) return 0;
    const { session, tenant, turn } = stretch;
    const row = await this.#extend.get(entries.length, entries.length, shorten(last.text), activeAt, session);
    if (!row) return 0;
    let number = row.last_entry - entries.length;
    for (const entry of entries) {
      number += 1;
      this.#insert.send(
        tenant,
        session,
        number,
        stretch.sessionId ?? row.id,
        turn ?? null,
        entry.role,
        entry.at,
        entry.sender ?? null,
        entry.messageId ?? null,
        restOf(entry),
        entry.text,
      );
    }
    return number;
  }

  /** Drops all but the newest `count` (at least 1). Returns how many went. */
  async keepNewest(tenant: string, session: number, count: number): Promise<number> {
    const oldest = (await this.#oldestToKeep.get(tenant, session, count - 1))?.entry;
    if (oldest === undefined) return 0;
    const removed = await this.#dropBefore.run(tenant, session, oldest);
    if (removed > 0) this.#shorten.send(removed, session);
    return removed;
  }

  /** The newest `limit` entries before `before`, oldest first. */
  async newest(
    tenant: string,
    session: number,
    before: number,
    limit: number,
    sessionId?: SessionId,
  ): Promise<TranscriptEntry[]> {
    const rows =
      sessionId === undefined
        ? await this.#newest.all(tenant, session, before, limit)
        : await this.#newestOf.all(tenant, session, before, sessionId, limit);
    return rows.reverse().map(toEntry);
  }
}

function restOf({ attachments, extra, partial, thinking }: NewTranscriptEntry): string | null {
  if (attachments === undefined && thinking === undefined && partial === undefined && extra === undefined) return null;
  const rest: Mutable<Rest> = {};
  if (attachments !== undefined) rest.attachments = attachments;
  if (thinking !== undefined) rest.thinking = thinking;
  if (partial !== undefined) rest.partial = partial;
  if (extra !== undefined) rest.extra = extra;
  return JSON.stringify(rest);
}

function toEntry(row: EntryRow): TranscriptEntry {
  const entry: Mutable<TranscriptEntry> = {
    seq: row.entry,
    sessionId: row.session_id,
    role: row.role,
    text: row.text,
    at: row.at,
  };
  if (row.turn !== null) entry.turn = row.turn;
  if (row.sender !== null) entry.sender = row.sender;
  return row.rest === null ? entry : Object.assign(entry, fromJson<Rest>(row.rest));
}

/** The beginning of a text, cut at a whole character. */
export function shorten(text: string): string {
  if (text.length <= PREVIEW_LENGTH) return text;
  return `${text.slice(0, PREVIEW_LENGTH - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
