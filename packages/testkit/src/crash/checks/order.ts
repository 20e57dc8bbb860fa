/** Order within a conversation: what the platform shows, by number and paragraph, never goes back. */
import type { Facts } from "../facts.ts";
import { marksIn } from "../words.ts";
import { groupBy } from "./index-facts.ts";

/** Numbers that the platform gave up bringing: they were found late, so their answers are late. */
export function lateNumbers({ said }: Facts): ReadonlySet<number> {
  return new Set(said.flatMap(({ givenUp, number }) => (givenUp && number !== undefined ? [number] : [])));
}

export function checkOrder(facts: Facts): string[] {
  const { seen } = facts;
  const late = lateNumbers(facts);
  const places = groupBy(
    seen.filter(({ deleted }) => !deleted),
    ({ account, conversation, thread }) => `${account}/${conversation}${thread === undefined ? "" : `:${thread}`}`,
  );
  const breaches: string[] = [];
  for (const [place, messages] of places) {
    // A message is where it begins; a repeat may follow the message it repeats, and nothing later.
    let last = { number: 0, paragraph: 0 };
    for (const { id, text } of messages) {
      const [first] = marksIn(text);
      if (!first || late.has(first.number)) continue;
      if (first.number < last.number || (first.number === last.number && first.paragraph < last.paragraph)) {
        breaches.push(
          `${place}: message ${id} answers ${first.number}.${first.paragraph} after ${last.number}.${last.paragraph}`,
        );
      }
      last = first;
      const marks = marksIn(text);
      const sorted = marks.every((mark, index) => {
        const before = marks[index - 1];
        return (
          !before ||
          before.number < mark.number ||
          (before.number === mark.number && before.paragraph <= mark.paragraph)
        );
      });
      if (!sorted) breaches.push(`${place}: message ${id} is out of order within itself`);
    }
  }
  return breaches;
}
