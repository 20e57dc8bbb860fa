/** Dispatches on their way into the inbox: in order, each tried until it is stored. */
import { type AccountContext, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { Dispatch } from "./shard-connection.ts";

/** So many wait for the store at most. Then the connection is given up; the session brings them again. */
const MOST = 5_000;
const PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

export interface DispatchQueueOptions {
  readonly context: Pick<AccountContext, "alive" | "log" | "signal" | "sleep">;
  readonly store: (dispatch: Dispatch, at: string) => Promise<void>;
  readonly onStored: (dispatch: Dispatch, at: string) => void;
  readonly onEmpty: () => Promise<void>;
  readonly onFull: (error: SwitchboardError) => void;
}

interface Entry {
  readonly dispatch: Dispatch;
  readonly at: string;
  /** Settles with whether it was stored before its turn. */
  ahead?: Promise<boolean>;
}

export class DispatchQueue {
  readonly #options: DispatchQueueOptions;
  readonly #entries: Entry[] = [];
  #lastAhead: Promise<unknown> = Promise.resolve();
  #storing = false;
  #stopped = false;

  constructor(options: DispatchQueueOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#stopped = true;
    this.#entries.length = 0;
  }

  /** `at` names the dispatch's place in its session. */
  add(dispatch: Dispatch, at: string): void {
    if (this.#stopped) return;
    const entry: Entry = { dispatch, at };
    this.#entries.push(entry);
    if (this.#entries.length > MOST) {
      this.stop();
      this.#options.onFull(new SwitchboardError("STORE_001", "The store keeps up with Discord no longer."));
      return;
    }
    // Somebody waits three seconds for a first word, and no longer: that queues behind others of its kind alone.
    if (dispatch.t === "INTERACTION_CREATE") {
      entry.ahead = this.#lastAhead.then(() => this.#storeAhead(entry));
      this.#lastAhead = entry.ahead;
    }
    if (!this.#storing) void this.#storeAll();
  }

  get #over(): boolean {
    return this.#stopped || this.#options.context.signal.aborted;
  }

  async #storeAhead({ at, dispatch }: Entry): Promise<boolean> {
    if (this.#over) return false;
    try {
      await this.#options.store(dispatch, at);
      return true;
    } catch {
      // Its turn comes.
      return false;
    }
  }

  async #storeAll(): Promise<void> {
    const { context, onEmpty, onStored } = this.#options;
    this.#storing = true;
    try {
      for (let next = this.#entries[0]; next && !this.#over; next = this.#entries[0]) {
        if (!(await this.#stored(next))) return;
        this.#entries.shift();
        onStored(next.dispatch, next.at);
        if (this.#entries.length === 0) await onEmpty();
        context.alive({ kind: "event", at: Date.now() });
      }
    } catch {
      // The account stopped while it waited.
    } finally {
      this.#storing = false;
    }
  }

  /** False: it was given up, because the connection is. */
  async #stored({ ahead, at, dispatch }: Entry): Promise<boolean> {
    const { context, store } = this.#options;
    if (await ahead) return true;
    if (this.#over) return false;
    for (let pause = PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      try {
        await store(dispatch, at);
        return true;
      } catch (thrown) {
        if (this.#over) return false;
        context.log.warn({ code: toSwitchboardError(thrown).code }, "an event could not be stored; it is tried again");
        await context.sleep(pause);
      }
    }
  }
}
