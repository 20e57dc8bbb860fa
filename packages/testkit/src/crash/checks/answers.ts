/** Nothing lost: every message was stored once, and its answer is at the platform, whole. */
import type { Facts, SaidFact, SeenFact } from "../facts.ts";
import { endOf, marksIn } from "../words.ts";
import { answerIndex, deliveriesOf, groupBy, messageKey, seenByKey } from "./index-facts.ts";

/** The platform has it; some tell how far it came. */
const TAKEN: ReadonlySet<string> = new Set(["sent", "delivered", "read"]);

export function checkAnswers(facts: Facts): string[] {
  return [...storedOnce(facts), ...shown(facts), ...deliveredFor(facts)];
}

/** What was said, against the inbox; presses of one button may be many. */
function storedOnce({ events, said }: Facts): string[] {
  const breaches: string[] = [];
  const kindOf = ({ kind }: SaidFact) => (kind === "press" ? "control" : "message");
  const key = (account: string, conversation: string, id: string | undefined, kind: string) =>
    `${kind} ${messageKey(account, conversation, id ?? "?")}`;
  const stored = groupBy(events, (event) => key(event.account, event.conversation, event.messageId, event.kind));
  const wanted = groupBy(said, (each) => key(each.account, each.conversation, each.messageId, kindOf(each)));
  for (const [name, each] of wanted) {
    const count = stored.get(name)?.length ?? 0;
    if (count !== each.length) breaches.push(`${name} was done ${each.length} times and stored ${count} times`);
  }
  return breaches;
}

/** From outside only: does the platform show an answer that names the number, to its end? */
function shown({ said, seen }: Facts): string[] {
  const naming = new Map<number, SeenFact[]>();
  for (const message of seen) {
    if (message.deleted) continue;
    for (const number of new Set(marksIn(message.text).map((mark) => mark.number))) {
      naming.set(number, [...(naming.get(number) ?? []), message]);
    }
  }
  return said.flatMap(({ account, conversation, marksEnd, number }) => {
    if (number === undefined) return [];
    const answers = (naming.get(number) ?? []).filter(
      (message) => message.account === account && message.conversation === conversation,
    );
    if (answers.length === 0) return [`message ${number} in ${account}/${conversation} has no answer`];
    return marksEnd ? gapsIn(number, answers) : [];
  });
}

function gapsIn(number: number, answers: readonly SeenFact[]): string[] {
  const paragraphs = new Set(
    answers.flatMap(({ text }) => marksIn(text).filter((mark) => mark.number === number)).map((mark) => mark.paragraph),
  );
  const missing = Array.from({ length: Math.max(...paragraphs) }, (_, index) => index + 1).filter(
    (paragraph) => !paragraphs.has(paragraph),
  );
  const ended = answers.some(({ text }) => text.includes(endOf(number)));
  return [
    ...(missing.length > 0 ? [`the answer to ${number} lacks its paragraphs ${missing.join(", ")}`] : []),
    ...(ended ? [] : [`the answer to ${number} lacks its end`]),
  ];
}

/** By the store: whatever was to be answered has deliveries, all sent, all at the platform. */
function deliveredFor(facts: Facts): string[] {
  const index = answerIndex(facts);
  const visible = seenByKey(facts);
  return facts.events.flatMap((event) => {
    if (event.kind !== "message" && event.kind !== "control") return [];
    if (event.state !== "admitted" && event.state !== "handled")
      return [`${event.id} (${event.preview}) is ${event.state}`];
    const deliveries = deliveriesOf(event, index).filter(({ kind }) => kind !== "draft");
    if (deliveries.length === 0) return [`${event.id} (${event.preview}) has no delivery`];
    return deliveries.flatMap((delivery) => {
      if (!TAKEN.has(delivery.state)) return [`${delivery.id} for ${event.id} is ${delivery.state}`];
      if (delivery.messageIds.length === 0) return [`${delivery.id} for ${event.id} was sent without a message id`];
      return delivery.messageIds
        .map((id) => messageKey(delivery.account, delivery.conversation, id))
        .filter((key) => visible.get(key)?.deleted !== false)
        .map((key) => `${delivery.id} for ${event.id} is recorded as ${key}, which the platform does not show`);
    });
  });
}
