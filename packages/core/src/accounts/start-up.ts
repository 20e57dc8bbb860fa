/** Connects accounts at a start of the process, a few at a time. */
import type { AccountRuntime } from "./runtime.ts";

const AT_ONCE = 16;

export class StartUp {
  /** Whether an account is still what it was when it was put into the queue. */
  readonly #isCurrent: (runtime: AccountRuntime) => boolean;
  #waiting: AccountRuntime[] = [];

  constructor(isCurrent: (runtime: AccountRuntime) => boolean) {
    this.#isCurrent = isCurrent;
  }

  /** Does not wait for them. */
  begin(runtimes: readonly AccountRuntime[]): void {
    this.#waiting = [...runtimes];
    for (let i = 0; i < AT_ONCE; i++) this.#next();
  }

  /** Whoever waits is not connected any more. */
  stop(): void {
    this.#waiting = [];
  }

  #next(): void {
    for (let runtime = this.#waiting.shift(); runtime; runtime = this.#waiting.shift()) {
      if (!runtime.row.enabled || !this.#isCurrent(runtime)) continue;
      runtime.supervisor.start();
      void runtime.supervisor.settled().then(() => this.#next());
      return;
    }
  }
}
