/** What stands below each other in a conversation: transcript, what waits, and what is being written. */
import type { Conversation, Entry, LiveRun, Message, PendingInput } from "./conversation.ts";
import { textOf } from "./conversation.ts";
import type { Outgoing } from "./outgoing.ts";

export type TimelineItem =
  | { readonly kind: "day"; readonly id: string; readonly at: number }
  /** The agent forgot what stands above. */
  | { readonly kind: "anew"; readonly id: string }
  | { readonly kind: "message"; readonly id: string; readonly message: Message; readonly isNewest: boolean }
  /** Somebody else's, or an earlier visit's, message whose turn has not ended. */
  | { readonly kind: "pending"; readonly id: string; readonly message: Message; readonly queued: boolean }
  | { readonly kind: "outgoing"; readonly id: string; readonly outgoing: Outgoing; readonly queued: boolean }
  | { readonly kind: "run"; readonly id: string; readonly run: LiveRun };

/** Which of `outgoing` the transcript shows by now. */
export function transcribed(conversation: Conversation, outgoing: readonly Outgoing[]): ReadonlySet<string> {
  const taken = new Set<string>();
  const found = new Set<string>();
  const said = conversation.entries.filter(({ message }) => message.role === "user");
  for (const { key } of outgoing) {
    const entry = said.find(({ message }) => message.runId === key);
    if (!entry) continue;
    taken.add(entry.id);
    found.add(key);
  }
  // Commands are no runs, and transcripts of other gateways do not name them: there the words have to do.
  for (const { key, text, after } of outgoing) {
    if (found.has(key)) continue;
    const entry = said.find(
      ({ id, seq, message }) =>
        seq > after && !taken.has(id) && message.runId === undefined && plain(textOf(message)) === plain(text),
    );
    if (!entry) continue;
    taken.add(entry.id);
    found.add(key);
  }
  return found;
}

/** `outgoing`: this session's, oldest first, without what `transcribed` found. */
export function timelineOf(conversation: Conversation, outgoing: readonly Outgoing[]): readonly TimelineItem[] {
  const { entries, pending, run } = conversation;
  const items: TimelineItem[] = [];
  const own = new Set(outgoing.map(({ key }) => key));
  const others = pending.filter(({ runId }) => runId === undefined || !own.has(runId));
  const waits = [...others.map(asPending), ...outgoing.map(asOutgoing)].sort((a, b) => a.at - b.at);
  addEntries(items, entries, run === undefined && waits.length === 0);
  const current = run ? waits.filter(({ runId }) => runId === run.id) : waits.slice(0, 1);
  for (const wait of current) items.push(wait.item(false));
  if (run) items.push({ kind: "run", id: `run:${run.id}`, run });
  for (const wait of waits) if (!current.includes(wait)) items.push(wait.item(true));
  return items;
}

function addEntries(items: TimelineItem[], entries: readonly Entry[], isAll: boolean): void {
  const newest = entries.at(-1);
  let before: Entry | undefined;
  for (const entry of entries) {
    const { id, message, stretch } = entry;
    if (!before || dayOf(before.message.timestamp) !== dayOf(message.timestamp)) {
      items.push({ kind: "day", id: `day:${id}`, at: message.timestamp });
    }
    if (before && before.stretch !== stretch) items.push({ kind: "anew", id: `anew:${id}` });
    items.push({ kind: "message", id, message, isNewest: isAll && entry === newest });
    before = entry;
  }
}

interface Wait {
  readonly at: number;
  readonly runId: string | undefined;
  item(queued: boolean): TimelineItem;
}

function asPending({ id, runId, message, acceptedAt }: PendingInput): Wait {
  return {
    at: acceptedAt,
    runId,
    item: (queued) => ({ kind: "pending", id: `pending:${id}`, message: message as Message, queued }),
  };
}

function asOutgoing(outgoing: Outgoing): Wait {
  const { at, key, state } = outgoing;
  return {
    at,
    runId: key,
    item: (queued) => ({ kind: "outgoing", id: `out:${key}`, outgoing, queued: queued && state === "stored" }),
  };
}

function dayOf(at: number): string {
  return new Date(at).toDateString();
}

/** As far as two ways of writing one text down may differ. */
function plain(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll(/\p{Cc}+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}
