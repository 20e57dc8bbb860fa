/**
 * Every extra send is one whose attempt was recorded as `unknown`, and the message that repeats it says so. Checked
 * twice: from outside (of equal messages all but the first carry the note), and against the ledger of attempts.
 */
import type { DeliveryFact, Facts, SeenFact } from "../facts.ts";
import { groupBy, messageKey, seenByKey, withoutNote } from "./index-facts.ts";

export interface Repeats {
  /** Messages that the platform has and no delivery knows. */
  readonly repeats: number;
  readonly unlabelled: readonly string[];
}

export function checkRepeats(facts: Facts): Repeats {
  const ledger = againstLedger(facts);
  return { repeats: ledger.repeats, unlabelled: [...fromOutside(facts), ...ledger.unlabelled, ...needless(facts)] };
}

/** Only texts that cannot come twice by themselves are looked at: those that name a number. */
function fromOutside({ seen }: Facts): string[] {
  const numbered = seen.filter(({ deleted, text }) => !deleted && /\bM\d{6}\b/.test(text));
  const copies = groupBy(numbered, (message) => {
    return `${message.account}/${message.conversation}: ${withoutNote(message)}`;
  });
  return [...copies].flatMap(([name, messages]) =>
    messages
      .slice(1)
      .filter(({ note, text }) => !text.includes(note))
      .map(({ id }) => `message ${id} repeats another without saying so: ${name.slice(0, 120)}`),
  );
}

function againstLedger(facts: Facts): Repeats {
  const { deliveries, seen } = facts;
  const visible = seenByKey(facts);
  const recorded = new Set(
    deliveries.flatMap(({ account, conversation, messageIds }) =>
      messageIds.map((id) => messageKey(account, conversation, id)),
    ),
  );
  const extras = seen.filter((message) => !recorded.has(messageKey(message.account, message.conversation, message.id)));
  const byPlace = groupBy(deliveries, ({ account, conversation }) => `${account}/${conversation}`);
  const byTurn = groupBy(deliveries, ({ turn }) => turn);
  const spent = new Map<DeliveryFact, number>();
  const unlabelled: string[] = [];
  const sameTextAs = (extra: SeenFact) => {
    const same = (byPlace.get(`${extra.account}/${extra.conversation}`) ?? []).filter((candidate) => {
      const final = finalMessage(candidate, byTurn, visible);
      return final !== undefined && couldBe(extra, final, candidate);
    });
    const found = same.map(({ attempts, id, state }) => `${id} is ${state} after ${attempts.join(", ")}`);
    const unseen = (byPlace.get(`${extra.account}/${extra.conversation}`) ?? [])
      .filter((candidate) => finalMessage(candidate, byTurn, visible) === undefined)
      .map(
        ({ attempts, id, messageIds, state }) =>
          `${id} is ${state} after ${attempts.join(", ")} as [${messageIds.join(", ")}], which is not there`,
      );
    return found.join("; ") || ["no delivery says the same", ...unseen].join("; ");
  };
  for (const extra of extras) {
    const delivery = (byPlace.get(`${extra.account}/${extra.conversation}`) ?? []).find((candidate) => {
      const unknown = candidate.attempts.filter((state) => state === "unknown").length;
      if ((spent.get(candidate) ?? 0) >= unknown) return false;
      const final = finalMessage(candidate, byTurn, visible);
      return final !== undefined && couldBe(extra, final, candidate);
    });
    const where = `message ${extra.id} in ${extra.account}/${extra.conversation} (${extra.text.slice(0, 60)})`;
    if (!delivery) {
      unlabelled.push(`${where} belongs to no attempt of unknown fate; ${sameTextAs(extra)}`);
      continue;
    }
    spent.set(delivery, (spent.get(delivery) ?? 0) + 1);
    const final = finalMessage(delivery, byTurn, visible);
    if (!final?.text.includes(extra.note))
      unlabelled.push(`${where} was sent again by ${delivery.id} without the note`);
  }
  return { repeats: extras.length, unlabelled };
}

/** The message that stands for a delivery in the end; for a draft that is its turn's answer. */
function finalMessage(
  delivery: DeliveryFact,
  byTurn: ReadonlyMap<string, readonly DeliveryFact[]>,
  visible: ReadonlyMap<string, SeenFact>,
): SeenFact | undefined {
  const answer =
    delivery.kind === "draft" && delivery.turn !== undefined
      ? byTurn.get(delivery.turn)?.find(({ kind }) => kind === "answer")
      : delivery;
  const [id] = answer?.messageIds ?? [];
  return answer && id !== undefined ? visible.get(messageKey(answer.account, answer.conversation, id)) : undefined;
}

function couldBe(extra: SeenFact, final: SeenFact, delivery: DeliveryFact): boolean {
  const whole = withoutNote(final);
  const text = withoutNote(extra);
  if (delivery.kind !== "draft") return text === whole;
  // A draft ends with a cursor and is the beginning of what followed.
  const beginning = text.replace(/[^\p{L}\p{N}]+$/u, "");
  return beginning !== "" && whole.startsWith(beginning);
}

/** The note is only where an attempt of unknown fate is behind it. */
function needless(facts: Facts): string[] {
  const byMessage = new Map(
    facts.deliveries.flatMap((delivery) =>
      delivery.kind === "draft"
        ? []
        : delivery.messageIds.map((id) => [messageKey(delivery.account, delivery.conversation, id), delivery] as const),
    ),
  );
  const doubtful = new Set(
    facts.deliveries
      .filter(({ attempts, kind }) => kind === "draft" && attempts.includes("unknown"))
      .map(({ turn }) => turn),
  );
  return facts.seen.flatMap((message) => {
    if (!message.text.includes(message.note)) return [];
    const delivery = byMessage.get(messageKey(message.account, message.conversation, message.id));
    // One that no delivery knows is judged against the ledger.
    if (!delivery || delivery.attempts.includes("unknown") || doubtful.has(delivery.turn)) return [];
    return [
      `message ${message.id} in ${message.account}/${message.conversation} says it may be a repeat, but cannot be one`,
    ];
  });
}
