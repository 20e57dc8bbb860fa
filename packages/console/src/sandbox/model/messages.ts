/** Messages on their way, as the trace shows them. */
import type { TracedMessage, TracedStep } from "@switchboard/sandbox";

const MOST = 200;

/** Puts a message in its place, newest first. Messages that turned out to be this one go. */
export function withMessage(all: readonly TracedMessage[], message: TracedMessage): readonly TracedMessage[] {
  const others = all.filter(({ id }) => id !== message.id && !message.was.includes(id));
  return [message, ...others].toSorted((a, b) => beginOf(b) - beginOf(a)).slice(0, MOST);
}

function beginOf({ steps }: TracedMessage): number {
  return steps[0]?.at ?? 0;
}

/** How a step is to be read at a glance. */
export type Mood = "plain" | "good" | "waiting" | "bad";

const MOODS: Readonly<Record<string, Mood>> = {
  done: "good",
  handled: "good",
  sent: "good",
  delivered: "good",
  read: "good",
  retry: "waiting",
  retrying: "waiting",
  replayed: "waiting",
  failed: "bad",
  dead: "bad",
  expired: "bad",
  denied: "bad",
  unknown: "bad",
};

export function moodOf(step: string): Mood {
  return MOODS[step] ?? (step.startsWith("waiting") ? "waiting" : "plain");
}

/** What the message's line shows of its way: repetitions are counted, not repeated. */
export interface Leg {
  readonly step: string;
  readonly mood: Mood;
  readonly times: number;
  /** Where it ended without an answer: why, in short. */
  readonly why?: string;
}

export function legsOf(steps: readonly TracedStep[]): readonly Leg[] {
  const legs: Leg[] = [];
  for (const { detail, step } of steps) {
    const last = legs.at(-1);
    const why = whyOf(step, detail);
    if (last?.step === step) legs[legs.length - 1] = { ...last, times: last.times + 1 };
    else legs.push({ step, mood: moodOf(step), times: 1, ...(why !== undefined && { why }) });
  }
  return legs;
}

/** `not-addressed` → "not addressed", or an error's code. */
function whyOf(step: string, detail: unknown): string | undefined {
  if (moodOf(step) !== "bad" && step !== "ignored") return undefined;
  const { code, reason } = (detail ?? {}) as { readonly code?: unknown; readonly reason?: unknown };
  const why = reason ?? code;
  if (typeof why !== "string") return undefined;
  return why === code ? why : why.replaceAll(/[-_]/g, " ");
}

/**
 * How it stands: a failure that the same event, turn or delivery got over is over; one that stood, e.g. an answer that
 * failed for good, stays visible although the person was told of it.
 */
export function stateOf({ steps }: TracedMessage): Mood {
  const last = new Map<string, Mood>();
  for (const { step, subject } of steps) {
    const mood = moodOf(step);
    if (mood !== "plain" || last.get(subject) === "waiting") last.set(subject, mood);
  }
  const moods = [...last.values()];
  return (["bad", "waiting", "good"] as const).find((mood) => moods.includes(mood)) ?? "plain";
}

/** From the first step to the last, in milliseconds. */
export function tookMs({ steps }: TracedMessage): number {
  return (steps.at(-1)?.at ?? 0) - (steps[0]?.at ?? 0);
}

export function channelsOf(messages: readonly TracedMessage[]): readonly string[] {
  return [...new Set(messages.flatMap(({ channel }) => (channel === undefined ? [] : [channel])))].sort();
}
