/** The accounts of one simulator: each with a world of its own, all on one port and in one file. */
import { forgetful, type Journal, type JournalFile } from "./journal.ts";

export interface AccountsOptions<World> {
  readonly file: JournalFile | undefined;
  /** Opens what the journal kept, or makes a new account. `index` counts the accounts from 0. */
  readonly open: (input: { readonly name: string; readonly journal: Journal; readonly index: number }) => World;
  /** Ends what runs, settles counters, flushes. */
  readonly close: (world: World) => void;
  /** What the account's own calls carry: its token or id. Unique among the simulator's accounts. */
  readonly keyOf: (world: World) => string;
}

export class Accounts<World> {
  readonly #options: AccountsOptions<World>;
  readonly #byName = new Map<string, World>();
  readonly #byKey = new Map<string, World>();

  constructor(options: AccountsOptions<World>) {
    this.#options = options;
    for (const name of options.file?.accounts() ?? []) this.named(name);
  }

  /** The account of that name, made when there is none. */
  named(name: string): World {
    const known = this.#byName.get(name);
    if (known) return known;
    const { file, open, keyOf } = this.#options;
    const world = open({ name, journal: file?.open(name) ?? forgetful, index: this.#byName.size });
    this.#byName.set(name, world);
    this.#byKey.set(keyOf(world), world);
    return world;
  }

  known(name: string): World | undefined {
    return this.#byName.get(name);
  }

  byKey(key: string): World | undefined {
    return this.#byKey.get(key);
  }

  all(): World[] {
    return [...this.#byName.values()];
  }

  close(): void {
    for (const world of this.#byName.values()) this.#options.close(world);
  }
}
