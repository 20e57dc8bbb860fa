/** What was said, as far back as it is kept: the newest messages over all chats of a world. */
import type { Journal } from "./journal.ts";

export interface HistoryOptions<Message> {
  readonly journal: Journal;
  /** Most messages kept; the oldest go first. */
  readonly limit: number;
  /** Names a message among all of the world. */
  readonly keyOf: (message: Message) => string;
  /** The chat it belongs to for good, for `of`. */
  readonly chatOf?: (message: Message) => string;
  /** A message as JSON, without what it only points to. */
  readonly pack: (message: Message) => unknown;
  /** The message of a packed one; `undefined` when what it belonged to is gone. */
  readonly unpack: (value: unknown) => Message | undefined;
  /** A message is there: put it into its chat, count it. Also called for those that an earlier run kept. */
  readonly onAdd?: (message: Message) => void;
  /** A message is no longer kept: take it out of its chat. */
  readonly onForget?: (message: Message) => void;
}

export class History<Message> {
  readonly #options: HistoryOptions<Message>;
  /** Oldest first; the part before `#first` is gone. */
  #order: Message[] = [];
  #first = 0;
  readonly #byChat = new Map<string, Set<Message>>();

  constructor(options: HistoryOptions<Message>) {
    this.#options = options;
    for (const { value } of options.journal.load("message")) {
      const message = options.unpack(value);
      if (message !== undefined) this.#insert(message);
    }
  }

  add(message: Message): void {
    this.#insert(message);
    this.keep(message);
  }

  /** Call after changing a message. */
  keep(message: Message): void {
    const { journal, keyOf, pack } = this.#options;
    journal.put("message", keyOf(message), () => pack(message));
  }

  /** All kept messages, oldest first. */
  *all(): Iterable<Message> {
    for (let index = this.#first; index < this.#order.length; index += 1) {
      const message = this.#order[index];
      if (message !== undefined) yield message;
    }
  }

  /** The kept messages of one chat, oldest first. It needs `chatOf`, and does not look at other chats' messages. */
  of(chat: string): Iterable<Message> {
    return this.#byChat.get(chat) ?? [];
  }

  #insert(message: Message): void {
    this.#order.push(message);
    const chat = this.#options.chatOf?.(message);
    if (chat !== undefined) {
      const said = this.#byChat.get(chat) ?? new Set();
      this.#byChat.set(chat, said.add(message));
    }
    this.#options.onAdd?.(message);
    if (this.#order.length - this.#first > this.#options.limit) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#order[this.#first];
    if (oldest === undefined) return;
    this.#first += 1;
    this.#forgetInChat(oldest);
    this.#options.onForget?.(oldest);
    this.#options.journal.drop("message", this.#options.keyOf(oldest));
    // The front of the array is cut off in one go now and then, which keeps this cheap on average.
    if (this.#first > this.#options.limit) {
      this.#order = this.#order.slice(this.#first);
      this.#first = 0;
    }
  }

  #forgetInChat(message: Message): void {
    const chat = this.#options.chatOf?.(message);
    const said = chat === undefined ? undefined : this.#byChat.get(chat);
    if (chat === undefined || !said?.delete(message)) return;
    if (said.size === 0) this.#byChat.delete(chat);
  }
}
