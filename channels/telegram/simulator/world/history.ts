/** What was said, as far back as it is kept. */
import type { Message } from "@grammyjs/types";
import type { Chat, Chats } from "./chats.ts";
import type { Journal } from "./journal.ts";
import type { StoredMessage } from "./message.ts";

interface KeptMessage extends Omit<StoredMessage, "chat" | "reactions"> {
  readonly chat: number;
  readonly reactions: [number, string[]][];
}

/** How many messages there ever were, also those no longer kept. */
export interface Counts {
  readonly fromBot: number;
  readonly fromPeople: number;
  readonly edits: number;
}

export class History {
  readonly #journal: Journal;
  readonly #limit: number;
  /** The kept messages over all chats, oldest first; the part before `#first` is gone. */
  #order: StoredMessage[] = [];
  #first = 0;
  #counts = { fromBot: 0, fromPeople: 0, edits: 0 };

  constructor(journal: Journal, chats: Chats, limit: number) {
    this.#journal = journal;
    this.#limit = limit;
    for (const { value } of journal.load("message")) {
      const { chat: id, reactions, ...rest } = value as KeptMessage;
      const chat = chats.get(id);
      if (chat) this.#insert({ ...rest, chat, reactions: new Map(reactions) });
    }
  }

  get counts(): Counts {
    return this.#counts;
  }

  add(message: StoredMessage): void {
    this.#insert(message);
    this.keep(message);
  }

  /** Shows a message in a new form from now on. */
  edit(message: StoredMessage, wire: Message): void {
    message.wire = wire;
    message.edits += 1;
    this.#counts.edits += 1;
    this.keep(message);
  }

  remove(message: StoredMessage): void {
    message.deleted = true;
    this.keep(message);
  }

  /** A message that can still be seen. */
  find(chat: Chat, id: number): StoredMessage | undefined {
    const message = chat.messages.get(id);
    return message?.deleted ? undefined : message;
  }

  /** All kept messages, oldest first. */
  *all(): Iterable<StoredMessage> {
    for (let index = this.#first; index < this.#order.length; index += 1) {
      const message = this.#order[index];
      if (message) yield message;
    }
  }

  /** Call after changing a message's reactions. */
  keep(message: StoredMessage): void {
    this.#journal.put("message", keyOf(message), (): KeptMessage => {
      const { chat, reactions, ...rest } = message;
      return { ...rest, chat: chat.id, reactions: [...reactions] };
    });
  }

  #insert(message: StoredMessage): void {
    message.chat.messages.set(message.wire.message_id, message);
    this.#order.push(message);
    if (message.fromBot) this.#counts.fromBot += 1;
    else this.#counts.fromPeople += 1;
    if (this.#order.length - this.#first > this.#limit) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#order[this.#first];
    if (!oldest) return;
    this.#first += 1;
    oldest.chat.messages.delete(oldest.wire.message_id);
    this.#journal.drop("message", keyOf(oldest));
    // The front of the array is cut off in one go now and then, which keeps this cheap on average.
    if (this.#first > this.#limit) {
      this.#order = this.#order.slice(this.#first);
      this.#first = 0;
    }
  }
}

function keyOf(message: StoredMessage): string {
  return `${message.chat.id}/${message.wire.message_id}`;
}
