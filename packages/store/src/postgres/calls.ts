/**
 * Calls on their way to the server. Those of one tenant keep their order, and what came together shares a transaction:
 * the busier a tenant is, the more of its calls share one write to the disk. Different tenants do not wait for each other.
 */
import { SwitchboardError } from "@switchboard/domain/errors";
import type { EngineView } from "./engine-view.ts";
import { isAway, isGivenUp, isTaken } from "./errors.ts";
import type { Fate } from "./fate.ts";
import { type Mode, openingFor, openingForAll } from "./opening.ts";
import type { Parts } from "./parts.ts";
import type { Roles } from "./roles.ts";
import type { Worker, Workers } from "./workers.ts";

/** Calls that share one transaction at most: an answer must not wait for ever. */
const MOST_CALLS = 256;
/** How long a batch is tried again while the server is away, in milliseconds, and the longest pause between. */
const PATIENCE_MS = 8_000;
const LONGEST_PAUSE_MS = 1_000;

type Work = (parts: Parts) => Promise<unknown>;

interface Call {
  readonly mode: Mode;
  readonly work: Work;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: SwitchboardError) => void;
}

type Answer = { readonly value: unknown } | { readonly error: unknown };

export interface CallsOptions {
  readonly roles: Roles;
  readonly toError: (thrown: unknown) => SwitchboardError;
  /** A call failed because the store itself is out of order. */
  readonly onRefused: (error: SwitchboardError) => void;
}

const OUT_OF_ORDER = new Set<string>(["STORE_001", "STORE_002", "STORE_003", "STORE_004", "STORE_005"]);

export class Calls {
  readonly #workers: Workers;
  readonly #options: CallsOptions;
  readonly #fate: Fate;
  readonly #queues = new Map<string, Call[]>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(workers: Workers, fate: Fate, options: CallsOptions) {
    this.#workers = workers;
    this.#fate = fate;
    this.#options = options;
  }

  /** For one tenant. @throws SYS_001 after the end, else as the call's method says. */
  of<T>(tenant: string, mode: Mode, work: (parts: Parts) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new SwitchboardError("SYS_001", "The store is closed."));
    return new Promise<unknown>((resolve, reject) => {
      const call: Call = { mode, work, resolve, reject };
      const queue = this.#queues.get(tenant);
      if (queue) {
        queue.push(call);
        return;
      }
      this.#queues.set(tenant, [call]);
      const done = this.#serve(tenant);
      this.#running.add(done);
      void done.finally(() => this.#running.delete(done));
    }) as Promise<T>;
  }

  /** Over all tenants; done again when the server was away, so `work` must bear that. */
  async ofAll<T>(work: (engine: EngineView) => Promise<T>): Promise<T> {
    if (this.#closed) throw new SwitchboardError("SYS_001", "The store is closed.");
    const done = this.#patiently(() =>
      this.#on(async (worker) => {
        await worker.transaction.begin(openingForAll(this.#options.roles), false);
        const result = await worker.transaction.call(() => work(worker.engine));
        await worker.transaction.settle();
        await worker.transaction.commit();
        return result;
      }),
    );
    const settled = done.then(
      () => {},
      () => {},
    );
    this.#running.add(settled);
    void settled.finally(() => this.#running.delete(settled));
    try {
      return await done;
    } catch (thrown) {
      throw this.#refusal(thrown);
    }
  }

  /** Answers what was asked before, and takes nothing any more. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Works a tenant's queue off. It exists for as long as this runs. */
  async #serve(tenant: string): Promise<void> {
    for (;;) {
      // What else is asked in this moment comes along.
      await new Promise((resolve) => setImmediate(resolve));
      const calls = this.#queues.get(tenant)?.splice(0, MOST_CALLS) ?? [];
      if (calls.length === 0) {
        this.#queues.delete(tenant);
        return;
      }
      await this.#run(tenant, calls);
    }
  }

  async #run(tenant: string, calls: readonly Call[]): Promise<void> {
    try {
      const answers = await this.#patiently(
        async () => (await this.#batch(tenant, calls, false)) ?? (await this.#batch(tenant, calls, true)) ?? [],
      );
      for (const [index, call] of calls.entries()) {
        const answer = answers[index];
        if (answer && "value" in answer) call.resolve(answer.value);
        else call.reject(this.#refusal(answer?.error));
      }
    } catch (thrown) {
      const error = this.#refusal(thrown);
      for (const call of calls) call.reject(error);
    }
  }

  /** One transaction. `undefined`: nothing was done, because a call failed in a way that only a careful run can undo alone. */
  #batch(tenant: string, calls: readonly Call[], careful: boolean): Promise<Answer[] | undefined> {
    const modes = new Set(calls.map(({ mode }) => mode));
    const mode = modes.has("wide") ? "wide" : modes.has("write") ? "write" : "read";
    return this.#on(async (worker) => {
      const { parts, transaction } = worker;
      await transaction.begin(openingFor(this.#options.roles, tenant, mode), careful);
      const answers: Answer[] = [];
      for (const { work } of calls) {
        const answer = await attempt(() => transaction.call(() => work(parts)), careful);
        if ("error" in answer && transaction.spoilt) {
          await transaction.rollback();
          return undefined;
        }
        answers.push(answer);
      }
      try {
        await transaction.finish();
      } catch (error) {
        if (careful || isAway(error) || isGivenUp(error)) throw error;
        await transaction.rollback();
        return undefined;
      }
      await this.#commit(worker);
      return answers;
    });
  }

  /** A connection that is lost within a commit says nothing of its fate: the server is asked. */
  async #commit({ transaction }: Worker): Promise<void> {
    const number = await transaction.number();
    try {
      await transaction.commit();
    } catch (error) {
      if (number === undefined || !isAway(error) || !(await this.#fate.isCommitted(number))) throw error;
    }
  }

  async #on<T>(work: (worker: Worker) => Promise<T>): Promise<T> {
    const worker = await this.#workers.take();
    let sound = true;
    try {
      return await work(worker);
    } catch (error) {
      sound = !isAway(error) && !worker.connected.lost();
      if (sound) {
        sound = await worker.transaction.rollback().then(
          () => true,
          () => false,
        );
      }
      throw error;
    } finally {
      this.#workers.give(worker, sound);
    }
  }

  /** Tries again what the server gave up, or what it was away for. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const until = performance.now() + PATIENCE_MS;
    for (let pause = 10; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await work();
      } catch (error) {
        if (!(isGivenUp(error) || isAway(causeOf(error))) || performance.now() + pause > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
      }
    }
  }

  #refusal(thrown: unknown): SwitchboardError {
    const error = this.#options.toError(thrown);
    if (OUT_OF_ORDER.has(error.code)) this.#options.onRefused(error);
    return error;
  }
}

/** What concerns the whole transaction is thrown. */
async function attempt(work: () => Promise<unknown>, careful: boolean): Promise<Answer> {
  for (let again = careful; ; again = false) {
    try {
      return { value: await work() };
    } catch (error) {
      if (isAway(error) || isGivenUp(error)) throw error;
      // Another node may have made the row in this very moment; then it is there to be found now.
      if (!again || !isTaken(error)) return { error };
    }
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof SwitchboardError ? error.cause : error;
}
