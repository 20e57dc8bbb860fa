/**
 * Calls on their way to the server. Those of one tenant keep their order. What comes together shares a transaction, also
 * of several tenants: one connection carries all that wait when it is free, or its part when others are free, too. The
 * busier the gateway is, the more calls share one write to the disk. Each tenant's calls run as that tenant.
 */
import { SwitchboardError } from "@switchboard/domain/errors";
import type { EngineView } from "./engine-view.ts";
import { isAway, isGivenUp, isTaken } from "./errors.ts";
import type { Fate } from "./fate.ts";
import { type Mode, openingFor, openingForAll, turningTo } from "./opening.ts";
import type { Parts } from "./parts.ts";
import { type Batch, Queues } from "./queues.ts";
import type { Roles } from "./roles.ts";
import type { Worker, Workers } from "./workers.ts";

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
  readonly #queues = new Queues<Call>();
  readonly #running = new Set<Promise<void>>();
  /** Connections at work on tenants' calls, and those of them that were not there yet when they were asked for. */
  #serving = 0;
  #asking = 0;
  #looking = false;
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
      this.#queues.add(tenant, { mode, work, resolve, reject });
      this.#look();
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
    this.#remember(
      done.then(
        () => {},
        () => {},
      ),
    );
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

  #remember(running: Promise<void>): void {
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Asks for as many connections as there are tenants that wait. What else is asked in this moment comes along. */
  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    const moment = new Promise<void>((resolve) => setImmediate(resolve));
    this.#remember(
      moment.then(() => {
        this.#looking = false;
        while (this.#asking < this.#queues.waiting && this.#serving < this.#workers.most) this.#remember(this.#serve());
      }),
    );
  }

  /** Carries what waits when a connection is there. */
  async #serve(): Promise<void> {
    this.#serving += 1;
    this.#asking += 1;
    let taken: readonly Batch<Call>[] | undefined;
    await this.#carry(() => {
      taken ??= this.#queues.take(this.#asking--);
      return taken;
    });
    this.#serving -= 1;
    for (const batch of taken ?? []) this.#queues.done(batch);
    if (this.#queues.waiting > 0) this.#look();
  }

  /** Never rejects. `batches`: asked when the connection is there, or cannot be had. */
  async #carry(batches: () => readonly Batch<Call>[]): Promise<void> {
    const answers = await this.#patiently(() => this.#transact(batches, false)).catch((thrown) =>
      this.#refuseAll(batches(), thrown),
    );
    if (answers) this.#answer(batches(), answers);
    else await this.#carefully(batches());
  }

  /** One tenant's failing call must not undo the others': each has a transaction of its own then. */
  async #carefully(batches: readonly Batch<Call>[]): Promise<void> {
    if (batches.length > 1) {
      for (const batch of batches) await this.#carry(() => [batch]);
      return;
    }
    const answers = await this.#patiently(() => this.#transact(() => batches, true)).catch((thrown) =>
      this.#refuseAll(batches, thrown),
    );
    this.#answer(batches, answers ?? []);
  }

  #refuseAll(batches: readonly Batch<Call>[], error: unknown): Answer[] {
    return callsOf(batches).map(() => ({ error }));
  }

  #answer(batches: readonly Batch<Call>[], answers: readonly Answer[]): void {
    for (const [index, call] of callsOf(batches).entries()) {
      const answer = answers[index];
      if (answer && "value" in answer) call.resolve(answer.value);
      else call.reject(this.#refusal(answer?.error));
    }
  }

  /** One transaction. `undefined`: nothing was done, because a call failed in a way that only a careful run can undo alone. */
  #transact(batches: () => readonly Batch<Call>[], careful: boolean): Promise<Answer[] | undefined> {
    return this.#on(async (worker) => {
      const [first, ...others] = batches();
      // Another connection took all that waited.
      if (!first) return [];
      const { transaction } = worker;
      const { roles } = this.#options;
      await transaction.begin(openingFor(roles, first.tenant, first.mode), careful);
      const answers = await this.#runAll(worker, first, careful);
      for (const batch of others) {
        if (transaction.spoilt) break;
        transaction.turn(turningTo(batch.tenant, batch.mode));
        answers.push(...(await this.#runAll(worker, batch, careful)));
      }
      if (transaction.spoilt) {
        await transaction.rollback();
        return undefined;
      }
      await this.#commit(worker);
      return answers;
    });
  }

  /** One tenant's calls, with all that they put off. */
  async #runAll({ parts, transaction }: Worker, { calls }: Batch<Call>, careful: boolean): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const { work } of calls) {
      answers.push(await attempt(() => transaction.call(() => work(parts)), careful));
      if (transaction.spoilt) return answers;
    }
    try {
      await transaction.finish();
    } catch (error) {
      if (careful || isAway(error) || isGivenUp(error)) throw error;
    }
    return answers;
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

function callsOf(batches: readonly Batch<Call>[]): Call[] {
  return batches.flatMap(({ calls }) => calls);
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
