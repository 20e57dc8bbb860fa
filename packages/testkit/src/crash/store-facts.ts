/** What stands in the gateway's store, read beside it, without changing anything. */
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
import type { CountedFact, DeliveryFact, EntryFact, EventFact, Facts, TurnFact } from "./facts.ts";
import type { All, Look, Row } from "./look.ts";

type StoreFacts = Pick<
  Facts,
  "events" | "turns" | "deliveries" | "transcript" | "deadLetters" | "lanes" | "recorded" | "counted"
>;

/** Whose events are read, and by what. */
interface KnownAccount {
  readonly id: string;
  readonly channel: Channel;
  readonly transport: Transport;
  readonly simulator: Simulator;
}

/** Whether nothing waits and nothing is under way. */
export function isQuiet(look: Look): Promise<boolean> {
  return look(async (all) => (await lanesOf(all)).length === 0 && (await unsettled(all)).length === 0);
}

/** The accounts that have learnt who they are: those have been connected. */
export function knownAccounts(look: Look): Promise<ReadonlySet<string>> {
  return look(async (all) => {
    const rows = await all("SELECT account FROM accounts WHERE self IS NOT NULL");
    return new Set(rows.map(({ account }) => String(account)));
  });
}

/** The accounts' channels read the stored payloads. */
export function readStore(look: Look, accounts: readonly KnownAccount[]): Promise<StoreFacts> {
  return look(async (all) => {
    const events: EventFact[] = [];
    for (const account of accounts) events.push(...(await eventsOf(all, account)));
    return {
      events,
      turns: await turnsOf(all),
      deliveries: await deliveriesOf(all),
      transcript: await transcriptOf(all),
      deadLetters: await deadLettersOf(all),
      recorded: await recordedOf(all),
      counted: await countedOf(all),
      lanes: [...(await lanesOf(all)), ...(await unsettled(all))],
    };
  });
}

async function eventsOf(all: All, { channel, id, simulator, transport }: KnownAccount): Promise<EventFact[]> {
  const [row] = await all("SELECT self FROM accounts WHERE account = ?", id);
  const reader: Reader = {
    account: id as AccountId,
    ...(row && row.self !== null && { self: JSON.parse(String(row.self)) as SelfIdentity }),
    config: completed(channel.config.schema, simulator.accountConfig({ transport }), `config of ${id}`),
  };
  const rows = await all("SELECT id, state, key, lane, payload, preview FROM inbox WHERE account = ? ORDER BY seq", id);
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

async function turnsOf(all: All): Promise<TurnFact[]> {
  const inputs = grouped(
    await all("SELECT turn, event FROM turn_inputs ORDER BY turn, number"),
    ({ turn }) => String(turn),
    ({ event }) => String(event ?? ""),
  );
  const rows = await all(
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

async function deliveriesOf(all: All): Promise<DeliveryFact[]> {
  const attempts = grouped(
    await all("SELECT delivery, state FROM attempts ORDER BY delivery, number"),
    ({ delivery }) => String(delivery),
    ({ state }) => String(state),
  );
  const rows = await all(
    `SELECT seq, id, account, conversation, kind, state, turn, event, edits, marked_duplicate, message_ids
     FROM deliveries ORDER BY seq`,
  );
  return rows.map((row) => ({
    id: String(row.id),
    account: String(row.account),
    conversation: String(row.conversation),
    kind: String(row.kind),
    state: String(row.state),
    markedDuplicate: row.marked_duplicate === 1,
    isEdit: row.edits !== null,
    messageIds: row.message_ids === null ? [] : (JSON.parse(String(row.message_ids)) as string[]),
    attempts: attempts.get(String(row.seq)) ?? [],
    ...(row.turn !== null && { turn: String(row.turn) }),
    ...(row.event !== null && { event: String(row.event) }),
  }));
}

async function transcriptOf(all: All): Promise<EntryFact[]> {
  const rows = await all(
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

async function deadLettersOf(all: All): Promise<string[]> {
  const sql = "SELECT kind, error, preview FROM dead_letters WHERE resolution IS NULL ORDER BY seq";
  return (await all(sql)).map(({ error, kind, preview }) => `${kind} "${preview ?? ""}": ${error}`);
}

async function recordedOf(all: All): Promise<string[]> {
  const rows = await all("SELECT turn FROM usage_records WHERE outcome <> 'retried'");
  return rows.map(({ turn }) => String(turn));
}

async function countedOf(all: All): Promise<CountedFact> {
  const [row] = await all(
    `SELECT coalesce(sum(messages_in), 0) AS messages_in, coalesce(sum(messages_out), 0) AS messages_out,
       coalesce(sum(runs), 0) AS runs FROM usage_days`,
  );
  return { messagesIn: Number(row?.messages_in), messagesOut: Number(row?.messages_out), runs: Number(row?.runs) };
}

async function lanesOf(all: All): Promise<string[]> {
  const rows = await all(
    `SELECT kind, lane, owner, critical + high + normal + low AS waiting FROM lanes
     WHERE owner IS NOT NULL OR critical + high + normal + low > 0`,
  );
  return rows.map(
    ({ kind, lane, owner, waiting }) => `${kind} lane ${lane}: ${waiting} waiting, owner ${owner ?? "none"}`,
  );
}

/** Rows that should have ended, whatever their lanes say. */
async function unsettled(all: All): Promise<string[]> {
  return [
    ...(await all("SELECT id, state FROM inbox WHERE state = 'new'")),
    ...(await all("SELECT id, state FROM turns WHERE state IN ('queued', 'running')")),
    ...(await all("SELECT id, state FROM deliveries WHERE state IN ('queued', 'sending', 'unknown', 'scheduled')")),
    ...(await all(
      `SELECT deliveries.id, 'an open attempt' AS state FROM attempts JOIN deliveries ON deliveries.seq = attempts.delivery
       WHERE attempts.state = 'sending'`,
    )),
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
