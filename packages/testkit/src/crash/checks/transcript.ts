/** Transcript and deliveries appeared together and say the same. */
import type { Facts } from "../facts.ts";
import { marksIn } from "../words.ts";
import { groupBy, messageKey, seenByKey } from "./index-facts.ts";
import { lateNumbers } from "./order.ts";

export function checkTranscript(facts: Facts): string[] {
  return [...inputsOnce(facts), ...inputsBeforeAnswers(facts), ...sameNumbers(facts)];
}

/** Each session hears every number once, in order; what was found late is not looked at. */
function inputsOnce(facts: Facts): string[] {
  const { transcript } = facts;
  const late = lateNumbers(facts);
  const breaches: string[] = [];
  for (const [session, entries] of groupBy(transcript, (entry) => entry.session)) {
    const numbers = entries
      .filter(({ role }) => role === "user")
      .flatMap(({ text }) => marksIn(text).map((mark) => mark.number))
      .filter((number) => !late.has(number));
    const bad = numbers.findIndex((number, index) => number <= (numbers[index - 1] ?? 0));
    if (bad >= 0) breaches.push(`${session}: the transcript has ${numbers[bad]} after ${numbers[bad - 1]}`);
  }
  return breaches;
}

/** A turn's entries stand together: its inputs, then its answer. */
function inputsBeforeAnswers({ transcript, turns }: Facts): string[] {
  const byTurn = groupBy(transcript, ({ turn }) => turn);
  return turns
    .filter(({ state }) => state === "done")
    .flatMap(({ events, id }) => {
      const roles = (byTurn.get(id) ?? [])
        .map(({ role }) => role)
        .filter((role) => role === "user" || role === "assistant");
      const expected = [...events.map(() => "user"), "assistant"];
      return roles.join() === expected.join()
        ? []
        : [`turn ${id}: ${roles.join(", ")} instead of ${expected.join(", ")}`];
    });
}

/** What the answer in the transcript names is what the turn's messages at the platform name. */
function sameNumbers(facts: Facts): string[] {
  const visible = seenByKey(facts);
  const sent = groupBy(
    facts.deliveries.filter(({ kind }) => kind === "answer"),
    ({ turn }) => turn,
  );
  return facts.transcript.flatMap(({ role, text, turn }) => {
    if (role !== "assistant" || turn === undefined) return [];
    const wanted = namesOf(text);
    const got = namesOf(
      (sent.get(turn) ?? [])
        .flatMap((delivery) => delivery.messageIds.map((id) => messageKey(delivery.account, delivery.conversation, id)))
        .map((key) => visible.get(key)?.text ?? "")
        .join("\n"),
    );
    return wanted === got
      ? []
      : [`turn ${turn}: the transcript names ${wanted || "nothing"}, the messages ${got || "nothing"}`];
  });
}

function namesOf(text: string): string {
  return [...new Set(marksIn(text).map(({ number, paragraph }) => `${number}.${paragraph}`))].join(" ");
}
