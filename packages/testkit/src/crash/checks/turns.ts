/** Exactly one completed turn for every admitted event, and every turn's answer made once. */
import type { Facts } from "../facts.ts";
import { answerIndex, groupBy } from "./index-facts.ts";

export function checkTurns(facts: Facts): string[] {
  return [...oneEach(facts), ...allDone(facts), ...answeredOnce(facts)];
}

function oneEach(facts: Facts): string[] {
  const { turnsOfEvent } = answerIndex(facts);
  return facts.events.flatMap(({ id, preview, state }) => {
    const turns = turnsOfEvent.get(id) ?? [];
    const expected = state === "admitted" ? 1 : 0;
    return turns.length === expected ? [] : [`${id} (${preview}) is ${state} and is in ${turns.length} turns`];
  });
}

function allDone({ turns }: Facts): string[] {
  return turns.filter(({ state }) => state !== "done").map(({ id, state }) => `turn ${id} is ${state}`);
}

/** One answer in the transcript, and no two deliveries of a turn under the same message. */
function answeredOnce({ deliveries, transcript, turns }: Facts): string[] {
  const answers = groupBy(
    transcript.filter(({ role }) => role === "assistant"),
    ({ turn }) => turn,
  );
  const byTurn = groupBy(
    deliveries.filter(({ kind }) => kind !== "draft"),
    ({ turn }) => turn,
  );
  return turns.flatMap(({ id }) => {
    const count = answers.get(id)?.length ?? 0;
    const messages = (byTurn.get(id) ?? []).flatMap(({ messageIds }) => messageIds);
    return [
      ...(count === 1 ? [] : [`turn ${id} has ${count} answers in the transcript`]),
      ...(new Set(messages).size === messages.length ? [] : [`turn ${id} has one message under two deliveries`]),
    ];
  });
}
