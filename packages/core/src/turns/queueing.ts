/** How a new turn meets the one that waits in its session. Pure: every driver of the store asks the same. */
import type { SessionId } from "@switchboard/domain";
import { type NewTurn, PRIORITY, type QueueSettings, type ReplyAddress, type Turn } from "../ports/index.ts";

/** The newest turn of a session that has not ended. */
export type LastTurn = Pick<Turn, "state" | "sessionId" | "createdAt" | "dueAt" | "expiresAt" | "starts"> & {
  readonly run: string | undefined;
  /** Its agent knows the question and answers later. */
  readonly awaits: boolean;
  readonly reply: ReplyAddress | undefined;
  readonly overrides: NewTurn["overrides"];
  /** Of PRIORITY. */
  readonly priority: number;
};

/** When a turn of its own is due. */
export function firstDueAt({ debounceMs, debounceMaxMs }: QueueSettings, now: number): number {
  return now + Math.min(debounceMs, debounceMaxMs);
}

/**
 * Whether the new input joins the turn that waits. What is answered elsewhere stays apart, or the words of one side
 * would be repeated to the other; so does what was said before a reset or for another model, what a caller waits for as
 * a run of its own, and what an agent thinks about already.
 */
export function joins(last: LastTurn, turn: NewTurn, sessionId: SessionId, { mode }: QueueSettings): boolean {
  return (
    mode !== "followup" &&
    last.state === "queued" &&
    !last.awaits &&
    last.run === undefined &&
    turn.run === undefined &&
    last.sessionId === sessionId &&
    isSamePlace(last.reply, turn.reply) &&
    JSON.stringify(last.overrides) === JSON.stringify(turn.overrides)
  );
}

/** What becomes of the waiting turn when an input joins it. Its answer goes where the newest input came from. */
export function joinedTurn(
  last: LastTurn,
  turn: NewTurn,
  { debounceMs, debounceMaxMs }: QueueSettings,
  now: number,
): { readonly priority: number; readonly dueAt: number; readonly expiresAt: number } {
  return {
    priority: Math.min(last.priority, PRIORITY[turn.priority]),
    // A turn that was tried already waits for its retry, whatever is added meanwhile.
    dueAt: last.starts > 0 ? last.dueAt : Math.min(now + debounceMs, last.createdAt + debounceMaxMs),
    expiresAt: Math.max(last.expiresAt, turn.expiresAt),
  };
}

/** One conversation and thread of one account; which message is quoted may differ. */
function isSamePlace(one: ReplyAddress | undefined, other: ReplyAddress | undefined): boolean {
  if (!one || !other) return one === other;
  return (
    one.channel === other.channel &&
    one.account === other.account &&
    one.target.conversation === other.target.conversation &&
    one.target.thread === other.target.thread
  );
}
