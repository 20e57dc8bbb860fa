/** What every part of the store works with. */
import type { Lanes } from "./lanes.ts";
import type { Statements } from "./sql.ts";

export interface Context {
  readonly statements: Statements;
  /** The lanes of one call; must be flushed at its end. */
  lanes(): Lanes;
}

/** A port as it looks inside the worker: the same methods, at once. */
export type Sync<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never;
};
