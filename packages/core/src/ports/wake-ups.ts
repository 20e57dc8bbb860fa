/**
 * Tells workers that a lane may have work, and nodes that an account was changed. Rows are the truth: a lost wake-up only
 * costs time, since the sweeper looks too. In one process this is a function call; a cluster passes it on.
 */
import type { AccountRef } from "@switchboard/domain";
import type { LaneKind } from "./store/index.ts";

export interface WakeUp extends AccountRef {
  readonly kind: LaneKind | "account";
}

export interface WakeUps {
  send(wakeUp: WakeUp): void;
  /** Returns how to stop listening. */
  listen(listener: (wakeUp: WakeUp) => void): () => void;
}

/** Wake-ups inside one process. */
export function localWakeUps(): WakeUps {
  const listeners = new Set<(wakeUp: WakeUp) => void>();
  return {
    send(wakeUp) {
      for (const listener of listeners) listener(wakeUp);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
