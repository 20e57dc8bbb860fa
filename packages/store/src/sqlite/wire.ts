/**
 * What the store and its worker say to each other. Calls and answers travel as JSON text, many in one message: for such
 * small objects that is a good deal cheaper than the structured clone.
 */
import type { ErrorRecord } from "@switchboard/domain/errors";

export interface WorkerSettings {
  readonly directory: string;
  readonly busyTimeoutMs: number;
  readonly maxPages?: number;
}

/** A text is a batch: a flat JSON array of method number, arguments, method number, arguments, … */
export type ToWorker =
  | string
  | { readonly type: "backup"; readonly id: number; readonly path: string }
  | { readonly type: "close" };

/** A text answers the oldest calls in their order: a flat JSON array of kind, value, kind, value, … */
export type FromWorker =
  | string
  | { readonly type: "ready"; readonly methods: readonly MethodName[] }
  | { readonly type: "failed"; readonly error: ErrorRecord }
  | { readonly type: "progress"; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: "backed-up"; readonly id: number; readonly error?: ErrorRecord };

/** Part of the store and method; a method's number is its place in the list. */
export type MethodName = readonly [part: string, method: string];

/** JSON has no `undefined`, so an answer says what it is. */
export const ANSWER = { value: 0, nothing: 1, error: 2 } as const;
