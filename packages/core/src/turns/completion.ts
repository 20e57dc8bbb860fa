/** Everything that appears together when a turn ends: transcript entries and deliveries. */
import {
  ERRORS,
  markdownContent,
  type OutboundContent,
  type Target,
  textContent,
  toErrorRecord,
  toSwitchboardError,
} from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import { composeDeliveries } from "../outbox/compose.ts";
import type { ClaimedTurn, Draft, Log, NewDelivery, NewTranscriptEntry, TurnCompletion } from "../ports/index.ts";
import type { Answer } from "./answer.ts";
import type { Completed } from "./ending.ts";
import { failureText } from "./failure.ts";

export interface EndedRun {
  readonly claimed: ClaimedTurn;
  readonly ending: Completed;
  readonly answer: Answer;
  readonly draft: Draft | undefined;
  /** Where the answer goes; absent when nobody waits for it or the account is gone. */
  readonly reply: { readonly account: AccountRuntime; readonly target: Target } | undefined;
  readonly now: number;
  readonly ttlMs: number;
}

type Ended = Pick<TurnCompletion, "state" | "entries" | "deliveries" | "error" | "usage" | "agentState" | "now">;

/** Never throws: an answer that cannot be shown is explained, and one that cannot even be explained has failed. */
export function completionOf(run: EndedRun, log: Log): Ended {
  const { answer, now } = run;
  const { deliveries, ending } = shown(run, log);
  return {
    state: ending.state,
    entries: entriesOf({ ...run, ending }),
    deliveries,
    now,
    ...(ending.error && { error: toErrorRecord(ending.error) }),
    ...(answer.usage && { usage: answer.usage }),
    ...(answer.state !== undefined && { agentState: answer.state }),
  };
}

function entriesOf({ answer, ending, now }: EndedRun): NewTranscriptEntry[] {
  const entries: NewTranscriptEntry[] = [];
  if (!answer.isEmpty) entries.push(answer.entry(now, ending.state !== "done"));
  if (ending.error && ending.state !== "aborted") {
    // The table's words, not the provider's: those may hold what is not the model's to read.
    entries.push({
      role: "note",
      text: `The answer failed: ${ERRORS[ending.error.code].title} (${ending.error.code}).`,
      at: now,
    });
  }
  return entries;
}

/** What the person gets to see now. */
function contentOf({ answer, claimed, draft, ending }: EndedRun): OutboundContent | undefined {
  switch (ending.state) {
    case "done":
      return answer.content(claimed.preferences.reasoning === "shown");
    case "aborted":
      // What was stopped stays as far as it was shown; nothing new appears.
      return draft?.messageId ? markdownContent(`${answer.text.trim()}\n\n_(stopped)_`) : undefined;
    default:
      return ending.error && textContent(failureText(ending.error));
  }
}

function shown(run: EndedRun, log: Log): { readonly deliveries: NewDelivery[]; readonly ending: Completed } {
  const { answer, ending, reply } = run;
  if (!reply) return { deliveries: [], ending };
  try {
    const scheduled = ending.state === "done" ? answer.scheduled.flatMap(({ deliveries }) => deliveries) : [];
    return { deliveries: [...answerDeliveries(run, reply, contentOf(run)), ...scheduled], ending };
  } catch (thrown) {
    const error = toSwitchboardError(thrown, "MSG_008");
    log.error(
      { turn: run.claimed.turn.id, error: toErrorRecord(error) },
      `an answer cannot be shown: ${error.message}`,
    );
    try {
      return { deliveries: answerDeliveries(run, reply, textContent(failureText(error))), ending };
    } catch {
      return {
        deliveries: [],
        ending: ending.state === "done" ? { kind: "completed", state: "failed", error } : ending,
      };
    }
  }
}

function answerDeliveries(
  run: EndedRun,
  reply: NonNullable<EndedRun["reply"]>,
  content: OutboundContent | undefined,
): NewDelivery[] {
  if (!content) return [];
  const { turn } = run.claimed;
  const [first, ...rest] = composeDeliveries({
    channel: reply.account.channel,
    account: reply.account.ref.account,
    target: reply.target,
    content,
    kind: "answer",
    priority: turn.priority,
    session: turn.session,
    turn: turn.id,
    causedAt: earliestInput(run.claimed),
    expiresAt: Math.max(turn.expiresAt, run.now + run.ttlMs / 2),
    edits: run.draft?.messageId,
  });
  if (!first) return [];
  // A draft whose fate nobody knows may stand there with the beginning of the same answer.
  const doubtful = run.draft && !run.draft.messageId;
  return doubtful ? [{ ...first, part: reply.account.channel.markDuplicate(first.part) }, ...rest] : [first, ...rest];
}

/** When the first of what a turn answers came in. */
function earliestInput({ inputs }: ClaimedTurn): number | undefined {
  const times = inputs.map(({ receivedAt }) => receivedAt).filter((at) => at !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}
