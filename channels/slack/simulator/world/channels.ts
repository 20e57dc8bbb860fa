/** Channels of a workspace: public ones, private ones, direct messages. */
import type { Counter, Journal } from "@switchboard/simulator-kit";

export interface Channel {
  readonly id: string;
  readonly kind: "im" | "channel" | "group" | "mpim";
  name: string;
  /** People and the bot. */
  members: readonly string[];
  archived: boolean;
}

export class Channels {
  readonly #journal: Journal;
  readonly #numbers: Counter;
  readonly #byId = new Map<string, Channel>();
  readonly #direct = new Map<string, Channel>();

  constructor(journal: Journal, numbers: Counter) {
    this.#journal = journal;
    this.#numbers = numbers;
    for (const { value } of journal.load("channel")) this.#remember(value as Channel);
  }

  get(id: string): Channel | undefined {
    return this.#byId.get(id);
  }

  all(): Channel[] {
    return [...this.#byId.values()];
  }

  /** The person's direct messages with the bot, opened when there are none. */
  direct(person: string): Channel {
    return this.#direct.get(person) ?? this.#add("im", "", [person]);
  }

  make(kind: "channel" | "group" | "mpim", name: string, members: readonly string[]): Channel {
    return this.#add(kind, name, members);
  }

  /** Call after changing one. */
  keep(channel: Channel): void {
    this.#journal.put("channel", channel.id, () => channel);
  }

  #add(kind: Channel["kind"], name: string, members: readonly string[]): Channel {
    const letter = kind === "im" ? "D" : "C";
    const id = `${letter}0${this.#numbers.next().toString(36).toUpperCase().padStart(8, "0")}`;
    const channel: Channel = { id, kind, name, members, archived: false };
    this.#remember(channel);
    this.keep(channel);
    return channel;
  }

  #remember(channel: Channel): void {
    this.#byId.set(channel.id, channel);
    const [person] = channel.members;
    if (channel.kind === "im" && person !== undefined) this.#direct.set(person, channel);
  }
}
