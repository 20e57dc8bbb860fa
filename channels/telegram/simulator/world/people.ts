/** The people of a world. Naming one makes them. */
import type { User } from "@grammyjs/types";
import type { Counter } from "./counter.ts";
import type { Journal } from "./journal.ts";

export interface Person {
  /** As the tests and the pane call them. */
  readonly name: string;
  readonly user: User;
  /** Wrote to the bot once: only then may it write to them. */
  started: boolean;
  /** Does not want to hear from the bot. */
  blocked: boolean;
}

export const FIRST_PERSON_ID = 500_001;

export class People {
  readonly #journal: Journal;
  readonly #ids: Counter;
  readonly #byName = new Map<string, Person>();
  readonly #byId = new Map<number, Person>();

  constructor(journal: Journal, ids: Counter) {
    this.#journal = journal;
    this.#ids = ids;
    for (const { value } of journal.load("person")) this.#remember(value as Person);
  }

  /** The person of that name, made when there is none. */
  named(name: string): Person {
    const known = this.#byName.get(name);
    if (known) return known;
    const person: Person = { name, user: userOf(name, this.#ids.next()), started: false, blocked: false };
    this.#remember(person);
    this.keep(person);
    return person;
  }

  byId(id: number): Person | undefined {
    return this.#byId.get(id);
  }

  byUsername(username: string): Person | undefined {
    const wanted = username.toLowerCase();
    return [...this.#byId.values()].find(({ user }) => user.username?.toLowerCase() === wanted);
  }

  all(): Person[] {
    return [...this.#byId.values()];
  }

  /** Call after changing a person. */
  keep(person: Person): void {
    this.#journal.put("person", String(person.user.id), () => person);
  }

  #remember(person: Person): void {
    this.#byName.set(person.name, person);
    this.#byId.set(person.user.id, person);
  }
}

function userOf(name: string, id: number): User {
  const [first = name, ...rest] = name.trim().split(/\s+/);
  const last = rest.join(" ");
  const username = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return {
    id,
    is_bot: false,
    first_name: first,
    ...(last && { last_name: last }),
    // Telegram's user names begin with a letter and have a least length; people without one exist too.
    ...(/^[a-z]\w{2,31}$/.test(username) && { username }),
    language_code: "en",
  };
}
