/** Puts single steps together to messages: an inbox event, the turn it became, and the deliveries that came of it. */
import type { LiveStep, Result } from "@switchboard/protocol";
import type { TracedMessage, TracedStep } from "./api.ts";

type Trace = Result<"trace.get">;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Older messages are forgotten here; the gateway still knows them. */
const MOST_MESSAGES = 200;
/** The same step as the gateway said it live and as it wrote it down may differ by so much. */
const SAME_MS = 2_000;
/** Steps after which nothing more is expected of a delivery or an event. */
const LAST_STEPS: ReadonlySet<string> = new Set([
  "sent",
  "delivered",
  "read",
  "dead",
  "expired",
  "cancelled",
  "ignored",
  "denied",
  "handled",
  "duplicate",
]);
/** Steps after which the same turn or delivery has another one. */
const UNDER_WAY: ReadonlySet<string> = new Set(["queued", "started", "retrying", "lease-broken", "sending", "retry"]);

export class TraceBook {
  readonly #messages = new Map<string, TracedMessage>();
  /** Any id to the id of its message. */
  readonly #owner = new Map<string, string>();

  /** Oldest first. */
  list(): readonly TracedMessage[] {
    return [...this.#messages.values()].toSorted((a, b) => (a.steps[0]?.at ?? 0) - (b.steps[0]?.at ?? 0));
  }

  find(id: string): TracedMessage | undefined {
    return this.#messages.get(this.#owner.get(id) ?? "");
  }

  /** Those of which more is to come, as far as their steps tell. */
  open(): readonly TracedMessage[] {
    return this.list().filter(({ steps }) => {
      if (!LAST_STEPS.has(steps.at(-1)?.step ?? "")) return true;
      // What is sent may be the draft of an answer whose turn still runs.
      const last = new Map(steps.map(({ step, subject }) => [subject, step]));
      return [...last.values()].some((step) => UNDER_WAY.has(step));
    });
  }

  /** A step as it happened. Returns the message it belongs to, as it is now. */
  add(live: LiveStep): TracedMessage {
    const { accountId, at, channel, delivery, detail, event, session, step, subject, turn } = live;
    const ids = [subject, event, turn, delivery].filter((id) => id !== undefined);
    return this.#merge(ids, [{ at, step, subject, ...(detail !== undefined && { detail }) }], {
      ...(channel !== undefined && { channel }),
      ...(accountId !== undefined && { accountId }),
      ...(session !== undefined && { session }),
    });
  }

  /** What the gateway wrote down, which outweighs what was heard. */
  learn({ deliveries, events, id, preview, steps, summary, turn }: Trace): TracedMessage {
    const ids = [...events, ...(turn === undefined ? [] : [turn]), ...deliveries];
    return this.#merge(
      ids.includes(id) ? ids : [id, ...ids],
      steps,
      { summary, ...(preview !== undefined && { preview }) },
      true,
    );
  }

  #merge(
    ids: readonly string[],
    steps: readonly TracedStep[],
    more: Partial<Pick<TracedMessage, "channel" | "accountId" | "session" | "preview" | "summary">>,
    isWritten = false,
  ): TracedMessage {
    const known = [...new Set(ids.map((id) => this.#owner.get(id)).filter((id) => id !== undefined))]
      .map((id) => this.#messages.get(id))
      .filter((message) => message !== undefined)
      .toSorted((a, b) => (a.steps[0]?.at ?? 0) - (b.steps[0]?.at ?? 0));
    const [first, ...others] = known;
    const before = known.flatMap((message) => message.steps);
    const merged: Mutable<TracedMessage> = {
      ...Object.assign({}, ...others.toReversed(), first),
      ...more,
      // What the channel of a press or a scheduled message says later must not hide where it came from.
      ...(first?.channel !== undefined && { channel: first.channel }),
      id: first?.id ?? ids[0] ?? "",
      ids: [...new Set([...known.flatMap((message) => message.ids), ...ids])],
      was: [...new Set(known.flatMap((message) => [...message.was, message.id]))].filter((id) => id !== first?.id),
      steps: (isWritten ? together(steps, before) : together(before, steps)).toSorted((a, b) => a.at - b.at),
    };
    for (const other of others) this.#messages.delete(other.id);
    this.#messages.set(merged.id, merged);
    for (const id of merged.ids) this.#owner.set(id, merged.id);
    this.#forget();
    return merged;
  }

  #forget(): void {
    for (const [id, message] of this.#messages) {
      if (this.#messages.size <= MOST_MESSAGES) return;
      this.#messages.delete(id);
      for (const each of message.ids) this.#owner.delete(each);
    }
  }
}

/** The steps of both; of one that stands in both the first list's. */
function together(strong: readonly TracedStep[], weak: readonly TracedStep[]): TracedStep[] {
  const left = [...strong];
  const added = weak.filter((step) => {
    const twin = left.findIndex((other) => isSame(other, step));
    if (twin < 0) return true;
    // Each step pairs once: two attempts within a moment stay two.
    left.splice(twin, 1);
    return false;
  });
  return [...strong, ...added];
}

function isSame(a: TracedStep, b: TracedStep): boolean {
  if (a.subject !== b.subject || a.step !== b.step) return false;
  const [one, other] = [countOf(a), countOf(b)];
  // A turn started again within a moment is another start, not the same one heard twice.
  if (one !== undefined && other !== undefined) return one === other;
  return Math.abs(a.at - b.at) <= SAME_MS;
}

/** Which start or attempt it was, where the step tells. */
function countOf({ detail }: TracedStep): unknown {
  if (typeof detail !== "object" || detail === null) return undefined;
  if ("starts" in detail) return detail.starts;
  return "attempt" in detail ? detail.attempt : undefined;
}
