/** What was said, as far back as it is kept. */
import type { Message } from "@grammyjs/types";
import { type Journal, History as Kept } from "@switchboard/simulator-kit";
import type { Chat, Chats, StoredMessage } from "./chats.ts";

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

export class History extends Kept<StoredMessage> {
  readonly #counts: { -readonly [Count in keyof Counts]: Counts[Count] };

  constructor(journal: Journal, chats: Chats, limit: number) {
    const counts = { fromBot: 0, fromPeople: 0, edits: 0 };
    super({
      journal,
      limit,
      keyOf,
      pack: ({ chat, reactions, ...rest }): KeptMessage => ({ ...rest, chat: chat.id, reactions: [...reactions] }),
      unpack: (value) => {
        const { chat: id, reactions, ...rest } = value as KeptMessage;
        const chat = chats.get(id);
        return chat && { ...rest, chat, reactions: new Map(reactions) };
      },
      onAdd: (message) => {
        message.chat.messages.set(message.wire.message_id, message);
        counts[message.fromBot ? "fromBot" : "fromPeople"] += 1;
      },
      onForget: (message) => void message.chat.messages.delete(message.wire.message_id),
    });
    this.#counts = counts;
  }

  get counts(): Counts {
    return this.#counts;
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
}

function keyOf(message: StoredMessage): string {
  return `${message.chat.id}/${message.wire.message_id}`;
}
