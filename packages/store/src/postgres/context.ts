/** What every part of the store works with. */
import type { Lanes } from "./lanes.ts";
import type { Statements } from "./sql.ts";

export interface Context {
  readonly statements: Statements;
  /** The lanes of one call; must be flushed at its end. */
  lanes(): Lanes;
}
