/** The people of a world. Naming one makes them. */
import type { User } from "@grammyjs/types";
import { type Counter, type Journal, People as Kept } from "@switchboard/simulator-kit";

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

export class People extends Kept<Person> {
  constructor(journal: Journal, numbers: Counter) {
    super({
      journal,
      numbers,
      make: (name, number) => ({ name, user: userOf(name, number), started: false, blocked: false }),
      idOf: ({ user }) => String(user.id),
    });
  }

  byUsername(username: string): Person | undefined {
    const wanted = username.toLowerCase();
    return this.all().find(({ user }) => user.username?.toLowerCase() === wanted);
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
