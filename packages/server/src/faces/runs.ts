/** The runs of this process as callers know them: what was said so far, how they ended, who waits for them. */
import type { Engine, EngineEvent } from "@switchboard/core";
import type { ErrorRecord, SessionKey, TenantId } from "@switchboard/domain";

/** How long an ended run is remembered here; afterwards the store knows it. */
const REMEMBERED_MS = 10 * 60_000;
const MOST_ENDED = 2_000;

export interface RunState {
  readonly tenant: TenantId;
  readonly run: string;
  readonly session: SessionKey;
  readonly agent: string;
  readonly text: string;
  readonly startedAt: number;
  /** Absent while it runs or is about to be tried again. */
  readonly ended?: RunEnd;
}

export interface RunEnd {
  /** `handled`: it was no run after all, e.g. a chat command; `refused`: nothing came of it. */
  readonly state: "done" | "failed" | "aborted" | "cancelled" | "expired" | "handled" | "refused";
  readonly at: number;
  readonly text: string;
  readonly error?: ErrorRecord;
}

export class Runs {
  readonly #runs = new Map<string, RunState>();
  readonly #waiting = new Map<string, Set<(end: RunEnd) => void>>();
  readonly #now: () => number;

  constructor(engine: Engine) {
    this.#now = () => engine.clock.now();
    engine.events.listen((event) => this.#hear(event));
  }

  find(tenant: TenantId, run: string): RunState | undefined {
    return this.#runs.get(`${tenant}/${run}`);
  }

  /** The runs of a session that have not ended. */
  activeOf(tenant: TenantId, session: SessionKey): readonly RunState[] {
    return [...this.#runs.values()].filter((run) => run.tenant === tenant && run.session === session && !run.ended);
  }

  /** The sessions with a run that has not ended. */
  active(tenant: TenantId): readonly RunState[] {
    return [...this.#runs.values()].filter((run) => run.tenant === tenant && !run.ended);
  }

  /** The run's end; `undefined` when it has not come after `ms` or when the signal aborts. */
  wait(tenant: TenantId, run: string, ms: number, signal?: AbortSignal): Promise<RunEnd | undefined> {
    const known = this.find(tenant, run)?.ended;
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => {
      const key = `${tenant}/${run}`;
      const waiting = this.#waiting.get(key) ?? new Set();
      this.#waiting.set(key, waiting);
      const finish = (end: RunEnd | undefined) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", giveUp);
        waiting.delete(finish);
        if (waiting.size === 0) this.#waiting.delete(key);
        resolve(end);
      };
      const giveUp = () => finish(undefined);
      const timer = setTimeout(giveUp, ms).unref();
      signal?.addEventListener("abort", giveUp, { once: true });
      waiting.add(finish);
    });
  }

  /** Says how something ended that callers took for a run. */
  end(tenant: TenantId, run: string, session: SessionKey, end: RunEnd): void {
    const key = `${tenant}/${run}`;
    const before = this.#runs.get(key) ?? { tenant, run, session, agent: "", text: "", startedAt: end.at };
    this.#runs.delete(key);
    this.#runs.set(key, { ...before, ended: end });
    for (const finish of [...(this.#waiting.get(key) ?? [])]) finish(end);
    this.#forget();
  }

  #hear(event: EngineEvent): void {
    if (event.type === "run.started") {
      const { tenant, run, session, agent, at } = event;
      this.#runs.set(`${tenant}/${run}`, { tenant, run, session, agent, text: "", startedAt: at });
    } else if (event.type === "run.text") {
      const key = `${event.tenant}/${event.run}`;
      const known = this.#runs.get(key);
      if (known) this.#runs.set(key, { ...known, text: event.text });
    } else if (event.type === "run.ended") {
      if (event.state === "retrying" || event.state === "queued" || event.state === "running") return;
      const { tenant, run, session, state, text, error, endedAt } = event;
      this.end(tenant, run, session, { state, at: endedAt, text, ...(error && { error }) });
    }
  }

  #forget(): void {
    const oldest = this.#now() - REMEMBERED_MS;
    let surplus = this.#runs.size - MOST_ENDED;
    for (const [key, { ended }] of this.#runs) {
      if (ended && (ended.at < oldest || surplus > 0)) this.#runs.delete(key);
      else if (ended) return;
      surplus -= 1;
    }
  }
}
