/** The people of a world. Naming one makes them. */
import type { Counter } from "./counter.ts";
import type { Journal } from "./journal.ts";

export interface PeopleOptions<Person> {
  readonly journal: Journal;
  /** One number for each person, whatever the platform makes its ids of. */
  readonly numbers: Counter;
  /** Somebody new. The answer is kept as JSON. */
  readonly make: (name: string, number: number) => Person;
  readonly idOf: (person: Person) => string;
}

export class People<Person extends { readonly name: string }> {
  readonly #options: PeopleOptions<Person>;
  readonly #byName = new Map<string, Person>();
  readonly #byId = new Map<string, Person>();

  constructor(options: PeopleOptions<Person>) {
    this.#options = options;
    for (const { value } of options.journal.load("person")) this.#remember(value as Person);
  }

  /** The person of that name, made when there is none. */
  named(name: string): Person {
    const known = this.#byName.get(name);
    if (known) return known;
    const person = this.#options.make(name, this.#options.numbers.next());
    this.#remember(person);
    this.keep(person);
    return person;
  }

  byId(id: string | number): Person | undefined {
    return this.#byId.get(String(id));
  }

  /** In the order of their coming. */
  all(): Person[] {
    return [...this.#byId.values()];
  }

  /** Call after changing a person. */
  keep(person: Person): void {
    this.#options.journal.put("person", this.#options.idOf(person), () => person);
  }

  #remember(person: Person): void {
    this.#byName.set(person.name, person);
    this.#byId.set(this.#options.idOf(person), person);
  }
}
