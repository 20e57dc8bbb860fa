/** Ends a run that was stopped, takes too long, or hears nothing any more. */
import { SwitchboardError } from "@switchboard/domain";

export interface WatchLimits {
  /** For the whole run; 0 is no limit. */
  readonly totalMs: number;
  /** Without a sign of life of the provider; 0 is no limit. */
  readonly idleMs: number;
  /** Of whom the errors speak; default the model. */
  readonly who?: string;
}

/**
 * Lives as long as one run. `signal` aborts with the reason as a SwitchboardError: AGENT_005 when the caller stopped it,
 * AGENT_002 when time ran out. Call `close` at the end.
 */
export class Watch {
  readonly #limits: WatchLimits;
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  readonly #total: NodeJS.Timeout | undefined;
  readonly #idle: NodeJS.Timeout | undefined;
  #busy = 0;

  constructor(outer: AbortSignal, limits: WatchLimits) {
    this.#limits = limits;
    this.#outer = outer;
    const { totalMs, idleMs, who = "The model" } = limits;
    if (totalMs > 0) {
      const late = () =>
        this.#end(new SwitchboardError("AGENT_002", `${who} did not finish within ${inWords(totalMs)}.`));
      this.#total = setTimeout(late, totalMs);
    }
    if (idleMs > 0) this.#idle = setTimeout(this.#silent, idleMs);
    if (outer.aborted) this.#stopped();
    else outer.addEventListener("abort", this.#stopped, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The provider was heard. Cheap. */
  readonly alive = (): void => {
    this.#idle?.refresh();
  };

  /** While the gateway's own work goes on, e.g. a tool or a download, silence of the model means nothing. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
      this.alive();
    }
  }

  /** What `promise` brings, or the reason of the end, whichever comes first. */
  orEnd<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise<T>((resolve, reject) => {
      const end = () => reject(signal.reason);
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
      promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
    });
  }

  /** Lets go of timers and listeners, and ends what still runs under `signal`. */
  close(): void {
    this.#end(new SwitchboardError("AGENT_005", "The run is over."));
  }

  readonly #stopped = (): void => this.#end(new SwitchboardError("AGENT_005"));

  readonly #silent = (): void => {
    if (this.#busy > 0) this.alive();
    else {
      const { idleMs, who = "The model" } = this.#limits;
      this.#end(new SwitchboardError("AGENT_002", `${who} was silent for ${inWords(idleMs)}.`));
    }
  };

  #end(reason: SwitchboardError): void {
    clearTimeout(this.#total);
    clearTimeout(this.#idle);
    this.#outer.removeEventListener("abort", this.#stopped);
    if (!this.signal.aborted) this.#controller.abort(reason);
  }
}

function inWords(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}
