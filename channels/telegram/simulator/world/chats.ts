/** The chats of a world: private ones, basic groups, supergroups (also forums) and channels. */
import type { Message, Chat as WireChat } from "@grammyjs/types";
import type { Counter, Counters, Journal } from "@switchboard/simulator-kit";
import type { Person } from "./people.ts";

export type MemberStatus = "creator" | "administrator" | "member" | "left" | "kicked";

export interface Topic {
  /** The id of the service message that opened it. */
  readonly id: number;
  name: string;
  readonly color: number;
  readonly emojiId?: string;
  closed: boolean;
}

export interface Chat {
  readonly id: number;
  /** As messages carry it. Replaced when it changes. */
  wire: WireChat;
  /** Status by user id; the bot is one of them. Empty in a private chat. */
  readonly members: Map<number, MemberStatus>;
  readonly topics: Map<number, Topic>;
  /** What is still kept, oldest first. */
  readonly messages: Map<number, StoredMessage>;
  readonly pinned: number[];
  description?: string;
  /** The supergroup that this group became. */
  migratedTo?: number;
  /** Message ids: a private chat and a basic group share the bot's own sequence, others count for themselves. */
  readonly ids: Counter;
}

/** A message as the platform keeps it, beside what the Bot API shows of it. */
export interface StoredMessage {
  readonly chat: Chat;
  /** As the Bot API shows it now. Replaced, never changed. */
  wire: Message;
  readonly fromBot: boolean;
  /** Something happened to the chat, rather than somebody having said something. */
  readonly service: boolean;
  /** The message that its author answered; topics make Telegram show one where there is none. */
  readonly replyTo?: number;
  /** How often it was edited. */
  edits: number;
  deleted: boolean;
  /** Emoji by user id, the bot's too. */
  readonly reactions: Map<number, string[]>;
  /** Labels of the reply keyboard that came with it. */
  readonly keyboard?: readonly (readonly string[])[];
}

interface KeptChat {
  readonly wire: WireChat;
  readonly members: [number, MemberStatus][];
  readonly topics: Topic[];
  readonly pinned: number[];
  readonly description?: string;
  readonly migratedTo?: number;
}

export class Chats {
  readonly #journal: Journal;
  readonly #counters: Counters;
  readonly #shared: Counter;
  readonly #groupIds: Counter;
  readonly #all = new Map<number, Chat>();

  constructor(journal: Journal, counters: Counters) {
    this.#journal = journal;
    this.#counters = counters;
    this.#shared = counters.open("message", 1);
    this.#groupIds = counters.open("group", 1);
    for (const { value } of journal.load("chat")) {
      const { wire, members, topics, pinned, description, migratedTo } = value as KeptChat;
      const chat = this.#add(wire, members, pinned);
      for (const topic of topics) chat.topics.set(topic.id, topic);
      if (description !== undefined) chat.description = description;
      if (migratedTo !== undefined) chat.migratedTo = migratedTo;
    }
  }

  get(id: number): Chat | undefined {
    return this.#all.get(id);
  }

  all(): Iterable<Chat> {
    return this.#all.values();
  }

  /** The chat between the bot and a person; made when there is none. */
  private(person: Person): Chat {
    const known = this.#all.get(person.user.id);
    if (known) return known;
    const { id, first_name, last_name, username } = person.user;
    const wire: WireChat = {
      id,
      type: "private",
      first_name,
      ...(last_name !== undefined && { last_name }),
      ...(username !== undefined && { username }),
    };
    return this.#keepNew(this.#add(wire, []));
  }

  group(title: string, members: Iterable<[number, MemberStatus]>): Chat {
    return this.#keepNew(this.#add({ id: -4_000_000_000 - this.#groupIds.next(), type: "group", title }, members));
  }

  supergroup(title: string, members: Iterable<[number, MemberStatus]>, forum: boolean): Chat {
    const id = this.#bigId();
    return this.#keepNew(this.#add({ id, type: "supergroup", title, ...(forum && { is_forum: true }) }, members));
  }

  channel(title: string, members: Iterable<[number, MemberStatus]>): Chat {
    return this.#keepNew(this.#add({ id: this.#bigId(), type: "channel", title }, members));
  }

  /** Call after changing a chat. */
  keep(chat: Chat): void {
    this.#journal.put("chat", String(chat.id), (): KeptChat => {
      const { wire, pinned, description, migratedTo } = chat;
      return {
        wire,
        members: [...chat.members],
        topics: [...chat.topics.values()],
        pinned,
        ...(description !== undefined && { description }),
        ...(migratedTo !== undefined && { migratedTo }),
      };
    });
  }

  /** Supergroups and channels have ids that begin with -100. */
  #bigId(): number {
    return -1_002_000_000_000 - this.#groupIds.next();
  }

  #add(wire: WireChat, members: Iterable<[number, MemberStatus]>, pinned: number[] = []): Chat {
    const own = wire.type === "supergroup" || wire.type === "channel";
    const chat: Chat = {
      id: wire.id,
      wire,
      members: new Map(members),
      topics: new Map(),
      messages: new Map(),
      pinned,
      ids: own ? this.#counters.open(`message ${wire.id}`, 1) : this.#shared,
    };
    this.#all.set(chat.id, chat);
    return chat;
  }

  #keepNew(chat: Chat): Chat {
    this.keep(chat);
    return chat;
  }
}

/** What people call the chat. */
export function chatTitle(chat: Chat): string {
  const { wire } = chat;
  return wire.type === "private" ? [wire.first_name, wire.last_name].filter(Boolean).join(" ") : wire.title;
}
