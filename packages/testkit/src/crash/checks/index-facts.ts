/** Ways into the facts that several checks need. */
import type { DeliveryFact, EventFact, Facts, SeenFact } from "../facts.ts";

/** A platform message's address within all accounts. */
export function messageKey(account: string, conversation: string, id: string): string {
  return `${account}/${conversation}/${id}`;
}

export function seenByKey({ seen }: Pick<Facts, "seen">): Map<string, SeenFact> {
  return new Map(seen.map((message) => [messageKey(message.account, message.conversation, message.id), message]));
}

export function groupBy<T>(list: readonly T[], key: (each: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const name = key(each);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(each);
    else groups.set(name, [each]);
  }
  return groups;
}

/** Deliveries that answer an event, with its turn's or without one. */
export function deliveriesOf(event: EventFact, facts: AnswerIndex): readonly DeliveryFact[] {
  const turns = facts.turnsOfEvent.get(event.id) ?? [];
  return [...turns.flatMap((turn) => facts.byTurn.get(turn) ?? []), ...(facts.byEvent.get(event.id) ?? [])];
}

export interface AnswerIndex {
  readonly turnsOfEvent: ReadonlyMap<string, readonly string[]>;
  readonly byTurn: ReadonlyMap<string, readonly DeliveryFact[]>;
  readonly byEvent: ReadonlyMap<string, readonly DeliveryFact[]>;
}

export function answerIndex({ deliveries, turns }: Pick<Facts, "deliveries" | "turns">): AnswerIndex {
  const turnsOfEvent = new Map<string, string[]>();
  for (const { events, id } of turns) {
    for (const event of events) turnsOfEvent.set(event, [...(turnsOfEvent.get(event) ?? []), id]);
  }
  return {
    turnsOfEvent,
    byTurn: groupBy(deliveries, ({ turn }) => turn),
    byEvent: groupBy(deliveries, ({ event }) => event),
  };
}

/** The text without the note about repeats. */
export function withoutNote({ note, text }: Pick<SeenFact, "note" | "text">): string {
  return text.replace(note, "").trim();
}
