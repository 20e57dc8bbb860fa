/**
 * One session as the page knows it. The gateway's history is the truth; events only paint what is being written, and
 * every end of a run has the history read again.
 */
import type { ChatEvent, ChatMessage, EventPayload, Immutable, Result } from "@switchboard/protocol";
import type { OutgoingFile } from "./outgoing.ts";
import type { Plight } from "./plight.ts";

export type Message = Immutable<ChatMessage>;
export type History = Result<"chat.history">;
export type PendingInput = History["pendingInputs"]["items"][number];

/** A message of the transcript. */
export interface Entry {
  readonly id: string;
  readonly seq: number;
  /** The stretch of the session it belongs to: another one means that the agent began anew in between. */
  readonly stretch: string;
  readonly message: Message;
}

/** The answer that is being written. */
export interface LiveRun {
  readonly id: string;
  readonly text: string;
  /** Whether `text` is certainly all there is, so that a delta may be added to it. */
  readonly exact: boolean;
  readonly thinking: string;
  /** What the agent does besides writing. */
  readonly tool?: string;
  /** `ending`: it is over, and the history with it is on its way. */
  readonly phase: "starting" | "writing" | "retrying" | "ending";
}

export interface Conversation {
  readonly key: string;
  readonly phase: "loading" | "ready" | "failed";
  readonly plight?: Plight;
  /** Oldest first, without holes. */
  readonly entries: readonly Entry[];
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  /** Said, stored, and not in the transcript yet. */
  readonly pending: readonly PendingInput[];
  readonly run?: LiveRun;
  readonly info?: History["sessionInfo"];
}

export function emptyConversation(key: string): Conversation {
  return { key, phase: "loading", entries: [], hasOlder: false, loadingOlder: false, pending: [] };
}

/** The newest transcript entry that is known, 0 when there is none. */
export function newestSeq({ entries }: Conversation): number {
  return entries.at(-1)?.seq ?? 0;
}

/**
 * Takes the newest page in. `asked`: the run that was live when the page was asked for; if the page does not know it
 * any more it has ended, while a run that began in between is only too young for it.
 */
export function withNewest(before: Conversation, page: History, asked: string | undefined): Conversation {
  const { plight: _, run, ...rest } = before;
  const fresh = entriesOf(page);
  const oldest = fresh[0]?.seq ?? Number.POSITIVE_INFINITY;
  const kept = before.entries.filter(({ seq }) => seq < oldest);
  // Older pages stay only where they adjoin: a hole would look like a conversation that never was.
  const adjoins = fresh.length > 0 && kept.at(-1)?.seq === oldest - 1;
  const live = liveRun(run, page.inFlightRun, asked);
  return {
    ...rest,
    phase: "ready",
    entries: adjoins ? [...kept, ...fresh] : fresh,
    hasOlder: adjoins ? before.hasOlder : (page.hasMore ?? false),
    pending: page.pendingInputs.items,
    ...(live && { run: live }),
    ...(page.sessionInfo && { info: page.sessionInfo }),
  };
}

/** Puts an older page in front. */
export function withOlder(before: Conversation, page: History): Conversation {
  const oldest = before.entries[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = entriesOf(page).filter(({ seq }) => seq < oldest);
  return {
    ...before,
    loadingOlder: false,
    entries: [...older, ...before.entries],
    hasOlder: older.length > 0 && (page.hasMore ?? false),
  };
}

/** The line broke: whether what is being written still is, the next page will tell. */
export function withLineLost(before: Conversation): Conversation {
  return before.run ? { ...before, run: { ...before.run, exact: false } } : before;
}

export function withChatEvent(before: Conversation, event: Immutable<ChatEvent>): Conversation {
  const { runId } = event;
  const run = before.run?.id === runId ? before.run : undefined;
  switch (event.state) {
    case "status":
      return { ...before, run: run ?? { id: runId, text: "", exact: true, thinking: "", phase: "starting" } };
    case "delta": {
      if (event.replace) {
        const retrying = { id: runId, text: event.deltaText, exact: true, thinking: "", phase: "retrying" } as const;
        return { ...before, run: retrying };
      }
      if (!run) return { ...before, run: { id: runId, text: "", exact: false, thinking: "", phase: "writing" } };
      if (!run.exact) return before;
      return { ...before, run: { ...run, text: run.text + event.deltaText, phase: "writing" } };
    }
    default:
      return run ? { ...before, run: ended(run, event.message) } : before;
  }
}

/** What watchers of agents hear: the whole text so far, reasoning and tools. */
export function withAgentEvent(before: Conversation, event: EventPayload<"agent">): Conversation {
  const run: LiveRun =
    before.run?.id === event.runId
      ? before.run
      : { id: event.runId, text: "", exact: false, thinking: "", phase: "starting" };
  if (run.phase === "ending") return before;
  const { data } = event;
  switch (event.stream) {
    case "assistant": {
      if (typeof data.text !== "string") return before;
      const { tool: _, ...rest } = run;
      return { ...before, run: { ...rest, text: data.text, exact: true, phase: "writing" } };
    }
    case "thinking":
      return typeof data.text === "string" ? { ...before, run: { ...run, thinking: data.text } } : before;
    case "tool": {
      const { tool: _, ...rest } = run;
      const starts = data.phase === "start" && typeof data.name === "string";
      return { ...before, run: starts ? { ...rest, tool: String(data.name) } : rest };
    }
    default:
      return before;
  }
}

function ended(run: LiveRun, message: Message | undefined): LiveRun {
  const { tool: _, ...rest } = run;
  return { ...rest, phase: "ending", text: message ? textOf(message) : run.text };
}

function liveRun(
  run: LiveRun | undefined,
  told: History["inFlightRun"],
  asked: string | undefined,
): LiveRun | undefined {
  if (told) {
    if (run?.id === told.runId && (run.exact || run.text.length > told.text.length)) return run;
    return { id: told.runId, text: told.text, exact: false, thinking: run?.thinking ?? "", phase: "writing" };
  }
  if (!run || run.phase === "ending" || run.id === asked) return undefined;
  return run;
}

function entriesOf(page: History): Entry[] {
  return page.messages.flatMap((message) => {
    const { id, seq } = message.__openclaw ?? {};
    if (id === undefined || seq === undefined) return [];
    return [{ id, seq, stretch: id.slice(0, id.lastIndexOf(":")), message }];
  });
}

/** The words of a message, without reasoning and files. */
export function textOf({ content }: Message): string {
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}

/** The files of a message that lie in the gateway's media store, as ones to send. */
export function filesOf({ content }: Message): OutgoingFile[] {
  return content.flatMap((part): OutgoingFile[] => {
    if (!("blob" in part) || part.blob === undefined) return [];
    const { blob, fileName = "file", mimeType = "application/octet-stream", sizeBytes = 0, type } = part;
    const kind = type === "sticker" ? "image" : type === "voice" ? "audio" : type;
    return [{ id: blob, kind, fileName, mimeType, sizeBytes, blob }];
  });
}
