/**
 * What came over sockets on its way into the store: in the order of arrival, many at a time, acknowledged only when it is
 * stored. What cannot be stored waits and is tried again; Slack hears nothing of it meanwhile, and sends it again, too.
 */

import { pause } from "@switchboard/channel-kit/connection";
import { type AccountContext, type RawEvent, toSwitchboardError } from "@switchboard/domain";

interface Arrival {
  readonly event: RawEvent;
  readonly acknowledge: () => void;
}

export interface ReceiverOptions {
  readonly context: Pick<AccountContext, "receive" | "sleep" | "log">;
  readonly annotate: (event: RawEvent) => Promise<RawEvent>;
  /** Stored and acknowledged. */
  readonly stored: (events: readonly RawEvent[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/** More wait at Slack, not here: an envelope that is not acknowledged comes again. */
const WAITING = 1_000;
const BATCH = 100;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

export class Receiver {
  readonly #options: ReceiverOptions;
  #waiting: Arrival[] = [];
  #running: Promise<void> | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  take(event: RawEvent, acknowledge: () => void): void {
    if (this.#options.signal.aborted || this.#waiting.length >= WAITING) return;
    this.#waiting.push({ event, acknowledge });
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing is under way. Call it after the signal was aborted. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { annotate, context, signal, stored } = this.#options;
    let failures = 0;
    while (this.#waiting.length > 0 && !signal.aborted) {
      const batch = this.#waiting.slice(0, BATCH);
      try {
        const events = await Promise.all(batch.map(({ event }) => annotate(event)));
        if (signal.aborted) return;
        await context.receive(events);
        failures = 0;
        this.#waiting.splice(0, batch.length);
        for (const { acknowledge } of batch) acknowledge();
        stored(events).catch(() => {});
      } catch (thrown) {
        const { code } = toSwitchboardError(thrown);
        if (code === "SYS_001" || signal.aborted) return;
        failures += 1;
        context.log.warn({ code, failures }, "events could not be stored and are tried again");
        await pause(context, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10)), signal);
      }
    }
  }
}
