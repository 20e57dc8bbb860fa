/** One call of a method, and what a method is. */
import type { CallKind } from "@switchboard/simulator-kit";
import type { World } from "../world/world.ts";
import type { Params } from "./params.ts";

export interface Call {
  readonly world: World;
  readonly params: Params;
  /** Calls back when the bot has hung up before it got its answer. */
  readonly onHangUp: (callback: () => void) => void;
}

/** Returns the answer's `result`, or throws a refusal. */
export type Run = (call: Call) => unknown;

export interface Method {
  readonly kind: CallKind;
  readonly run: Run;
}

/** A group of methods by their documented names. */
export type Methods = Readonly<Record<string, Method>>;

export const sending = (run: Run): Method => ({ kind: "send", run });
export const editing = (run: Run): Method => ({ kind: "edit", run });
export const receiving = (run: Run): Method => ({ kind: "receive", run });
export const other = (run: Run): Method => ({ kind: "other", run });
