/** The toy's world: everybody has one chat with the account, and that is all there is. */
import { randomUUID } from "node:crypto";
import { type ConversationId, type MessageId, type SimulatedMessage, SwitchboardError } from "@switchboard/domain";
import { Changes, type Counter, Counters, DeliveryQueue, Faults, History, type Journal, People } from "../../index.ts";

export interface Person {
  readonly name: string;
  readonly id: string;
}

export interface Message {
  readonly number: number;
  readonly chat: string;
  readonly fromAccount: boolean;
  readonly text: string;
  readonly at: number;
}

export interface World {
  readonly name: string;
  readonly token: string;
  readonly people: People<Person>;
  readonly history: History<Message>;
  readonly numbers: Counter;
  readonly queue: DeliveryQueue;
  readonly faults: Faults;
  readonly changes: Changes<Message>;
  readonly counters: Counters;
  readonly journal: Journal;
}

export function openWorld(name: string, journal: Journal): World {
  const kept = journal.load("account")[0]?.value as { token: string } | undefined;
  const { token } = kept ?? { token: randomUUID() };
  if (!kept) journal.put("account", "self", () => ({ token }));
  const counters = new Counters(journal);
  const world: World = {
    name,
    token,
    people: new People<Person>({
      journal,
      numbers: counters.open("person", 1),
      make: (person, number) => ({ name: person, id: `p${number}` }),
      idOf: ({ id }) => id,
    }),
    history: new History<Message>({
      journal,
      limit: 1000,
      keyOf: ({ number }) => String(number),
      pack: (message) => message,
      unpack: (value) => value as Message,
    }),
    numbers: counters.open("message", 1),
    queue: new DeliveryQueue(journal, counters.open("delivery", 1)),
    faults: new Faults(),
    changes: new Changes(),
    counters,
    journal,
  };
  journal.flush();
  return world;
}

export function closeWorld({ counters, journal }: World): void {
  counters.settle();
  journal.flush();
}

/** Somebody or the account says something. The account hears of what people say. */
export function post(world: World, chat: string, text: string, fromAccount: boolean): Message {
  if (!world.people.byId(chat)) throw new SwitchboardError("REQ_002", "There is no such chat");
  const message: Message = { number: world.numbers.next(), chat, fromAccount, text, at: Date.now() };
  world.history.add(message);
  if (!fromAccount) world.queue.push(chat, (id) => JSON.stringify({ id, chat, text }));
  world.changes.tell(message);
  return message;
}

export function simulated({ number, chat, text, at }: Message): SimulatedMessage {
  return {
    id: String(number) as MessageId,
    conversation: chat as ConversationId,
    text,
    controls: [],
    attachments: [],
    at,
    edits: 0,
    deleted: false,
  };
}
