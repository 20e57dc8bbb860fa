/** Reads the gateway's SQLite file beside it, without changing anything. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type AccountId,
  type Channel,
  completed,
  type InboundEvent,
  type Json,
  type Reader,
  type SelfIdentity,
  type Simulator,
  type Transport,
} from "@switchboard/domain";
import type { DeliveryFact, EntryFact, EventFact, Facts, TurnFact } from "./facts.ts";

type StoreFacts = Pick<Facts, "events" | "turns" | "deliveries" | "transcript" | "deadLetters" | "lanes">;
type Row = Record<string, string | number | null>;

/** Whose events are read, and by what. */
interface KnownAccount {
  readonly id: string;
  readonly channel: Channel;
  readonly transport: Transport;
  readonly simulator: Simulator;
}

const FILE = "switchboard.db";

/** Whether nothing waits and nothing is under way. */
export function isQuiet(directory: string): boolean {
  return withStore(directory, (all) => lanesOf(all).length === 0 && unsettled(all).length === 0);
}

/** The accounts that have learnt who they are: those have been connected. */
export function knownAccounts(directory: string): ReadonlySet<string> {
  return withStore(
    directory,
    (all) => new Set(all("SELECT account FROM accounts WHERE self IS NOT NULL").map(({ account }) => String(account))),
  );
}

/** The accounts' channels read the stored payloads. */
export function readStore(directory: string, accounts: readonly KnownAccount[]): StoreFacts {
  return withStore(directory, (all) => ({
    events: accounts.flatMap((account) => eventsOf(all, account)),
    turns: turnsOf(all),
    deliveries: deliveriesOf(all),
    transcript: transcriptOf(all),
    deadLetters: deadLettersOf(all),
    lanes: [...lanesOf(all), ...unsettled(all)],
  }));
}

type All = (sql: string, ...values: string[]) => Row[];

function withStore<T>(directory: string, read: (all: All) => T): T {
  const db = new DatabaseSync(join(directory, FILE), { readOnly: true, timeout: 5_000 });
  try {
    // One transaction, so that everything is of the same moment.
    db.exec("BEGIN");
    return read((sql, ...values) => db.prepare(sql).all(...values) as Row[]);
  } finally {
    db.close();
  }
}

function eventsOf(all: All, { channel, id, simulator, transport }: KnownAccount): EventFact[] {
  const [row] = all("SELECT self FROM accounts WHERE account = ?", id);
  const reader: Reader = {
    account: id as AccountId,
    ...(row && row.self !== null && { self: JSON.parse(String(row.self)) as SelfIdentity }),
    config: completed(channel.config.schema, simulator.accountConfig({ transport }), `config of ${id}`),
  };
  const rows = all("SELECT id, state, key, lane, payload, preview FROM inbox WHERE account = ? ORDER BY seq", id);
  return rows.map((row) => {
    const raw = { key: String(row.key), lane: String(row.lane), payload: JSON.parse(String(row.payload)) as Json };
    const [event] = channel.normalise(raw, reader);
    return {
      id: String(row.id),
      account: id,
      state: String(row.state),
      preview: String(row.preview ?? ""),
      kind: event?.kind ?? "nothing",
      conversation: event?.conversation.id ?? "",
      ...messageIdOf(event),
    };
  });
}

function messageIdOf(event: InboundEvent | undefined): { messageId?: string } {
  return event && "messageId" in event && event.messageId !== undefined ? { messageId: event.messageId } : {};
}

function turnsOf(all: All): TurnFact[] {
  const inputs = grouped(
    all("SELECT turn, event FROM turn_inputs ORDER BY turn, number"),
    ({ turn }) => String(turn),
    ({ event }) => String(event ?? ""),
  );
  const rows = all(
    `SELECT turns.seq, turns.id, turns.state, turns.starts, sessions.key AS session
     FROM turns JOIN sessions ON sessions.seq = turns.session ORDER BY turns.seq`,
  );
  return rows.map(({ id, seq, session, starts, state }) => ({
    id: String(id),
    session: String(session),
    state: String(state),
    starts: Number(starts),
    events: inputs.get(String(seq)) ?? [],
  }));
}

function deliveriesOf(all: All): DeliveryFact[] {
  const attempts = grouped(
    all("SELECT delivery, state FROM attempts ORDER BY delivery, number"),
    ({ delivery }) => String(delivery),
    ({ state }) => String(state),
  );
  const rows = all(
    `SELECT seq, id, account, conversation, kind, state, turn, event, marked_duplicate, message_ids
     FROM deliveries ORDER BY seq`,
  );
  return rows.map((row) => ({
    id: String(row.id),
    account: String(row.account),
    conversation: String(row.conversation),
    kind: String(row.kind),
    state: String(row.state),
    markedDuplicate: row.marked_duplicate === 1,
    messageIds: row.message_ids === null ? [] : (JSON.parse(String(row.message_ids)) as string[]),
    attempts: attempts.get(String(row.seq)) ?? [],
    ...(row.turn !== null && { turn: String(row.turn) }),
    ...(row.event !== null && { event: String(row.event) }),
  }));
}

function transcriptOf(all: All): EntryFact[] {
  const rows = all(
    `SELECT sessions.key AS session, transcript.turn, transcript.role, transcript.text
     FROM transcript JOIN sessions ON sessions.seq = transcript.session
     ORDER BY transcript.session, transcript.entry`,
  );
  return rows.map(({ role, session, text, turn }) => ({
    session: String(session),
    role: String(role),
    text: String(text),
    ...(turn !== null && { turn: String(turn) }),
  }));
}

function deadLettersOf(all: All): string[] {
  const sql = "SELECT kind, error, preview FROM dead_letters WHERE resolution IS NULL ORDER BY seq";
  return all(sql).map(({ error, kind, preview }) => `${kind} "${preview ?? ""}": ${error}`);
}

function lanesOf(all: All): string[] {
  const rows = all(
    `SELECT kind, lane, owner, critical + high + normal + low AS waiting FROM lanes
     WHERE owner IS NOT NULL OR critical + high + normal + low > 0`,
  );
  return rows.map(
    ({ kind, lane, owner, waiting }) => `${kind} lane ${lane}: ${waiting} waiting, owner ${owner ?? "none"}`,
  );
}

/** Rows that should have ended, whatever their lanes say. */
function unsettled(all: All): string[] {
  return [
    ...all("SELECT id, state FROM inbox WHERE state = 'new'"),
    ...all("SELECT id, state FROM turns WHERE state IN ('queued', 'running')"),
    ...all("SELECT id, state FROM deliveries WHERE state IN ('queued', 'sending', 'unknown', 'scheduled')"),
    ...all(
      `SELECT deliveries.id, 'an open attempt' AS state FROM attempts JOIN deliveries ON deliveries.seq = attempts.delivery
       WHERE attempts.state = 'sending'`,
    ),
  ].map(({ id, state }) => `${id} is ${state}`);
}

function grouped(rows: readonly Row[], key: (row: Row) => string, value: (row: Row) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const row of rows) {
    const group = groups.get(key(row)) ?? [];
    group.push(value(row));
    groups.set(key(row), group);
  }
  return groups;
}
