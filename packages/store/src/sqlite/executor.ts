/** Runs batches of calls, each batch in one transaction with one commit. */
import { type ErrorRecord, type SwitchboardError, toErrorRecord } from "@switchboard/domain/errors";
import type { SyncStore } from "./sync-store.ts";
import type { Transaction } from "./transaction.ts";
import { ANSWER, type MethodName } from "./wire.ts";

type Method = (...args: unknown[]) => unknown;

export class Executor {
  readonly names: readonly MethodName[];
  readonly #methods: readonly Method[];
  readonly #transaction: Transaction;
  readonly #toError: (thrown: unknown) => SwitchboardError;

  constructor(store: SyncStore, transaction: Transaction, toError: (thrown: unknown) => SwitchboardError) {
    // The calls are checked where they are made; here they are only passed on.
    const found = Object.entries(store as unknown as Record<string, Record<string, Method>>).flatMap(
      ([part, methods]) => Object.entries(methods).map(([name, method]) => ({ name: [part, name] as const, method })),
    );
    this.names = found.map(({ name }) => name);
    this.#methods = found.map(({ method }) => method);
    this.#transaction = transaction;
    this.#toError = toError;
  }

  /** Answers the calls in their order. Nothing is answered before it is on the disk. */
  run(batches: readonly string[]): string {
    const answers = this.#calls(batches, false) ?? this.#calls(batches, true) ?? [];
    try {
      this.#transaction.end();
    } catch (thrown) {
      const record = this.#record(thrown);
      for (let index = 0; index < answers.length; index += 2) {
        answers[index] = ANSWER.error;
        answers[index + 1] = record;
      }
    }
    return JSON.stringify(answers);
  }

  /** `undefined`: nothing was done, because one call failed in a way that only a careful run can undo alone. */
  #calls(batches: readonly string[], careful: boolean): unknown[] | undefined {
    const answers: unknown[] = [];
    this.#transaction.careful = careful;
    for (const batch of batches) {
      const calls: readonly unknown[] = JSON.parse(batch);
      for (let index = 0; index < calls.length; index += 2) {
        this.#call(calls[index] as number, calls[index + 1] as unknown[], answers);
        if (!this.#transaction.spoilt) continue;
        this.#transaction.abandon();
        return undefined;
      }
    }
    return answers;
  }

  #call(number: number, args: unknown[], answers: unknown[]): void {
    const method = this.#methods[number];
    try {
      const value = this.#transaction.call(() => method?.(...args));
      if (value === undefined) answers.push(ANSWER.nothing, 0);
      else answers.push(ANSWER.value, value);
    } catch (thrown) {
      answers.push(ANSWER.error, this.#record(thrown));
    }
  }

  #record(thrown: unknown): ErrorRecord {
    return toErrorRecord(this.#toError(thrown));
  }
}
