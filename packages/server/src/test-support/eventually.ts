/** Waiting for what must become true, without guessing how long it takes. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Patience {
  readonly timeoutMs?: number;
  /** Told when it never became true. */
  readonly what?: string;
}

/** The first defined, true result of `look`. Rejects after `timeoutMs` (default 30 s) with the last error, if any. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  { timeoutMs = 30_000, what }: Patience = {},
): Promise<Exclude<T, undefined | null | false>> {
  const until = performance.now() + timeoutMs;
  let failure: unknown;
  for (;;) {
    try {
      const found = await look();
      failure = undefined;
      if (found !== undefined && found !== null && found !== false) {
        return found as Exclude<T, undefined | null | false>;
      }
    } catch (error) {
      failure = error;
    }
    if (performance.now() > until) {
      throw failure ?? new Error(`it never became true${what === undefined ? "" : `: ${what}`}`);
    }
    await sleep(10);
  }
}
