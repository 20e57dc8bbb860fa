/** Time, so that tests need not sleep. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Runs `task` once after `ms`; the returned function takes it back. Does not keep the process alive. */
  after(ms: number, task: () => void): () => void;
}

/** Waits; rejects with the signal's reason when it aborts. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** A signal that aborts with what `reason` makes after `ms`, or with the first of `signals`. Call `end` when it is done. */
export function timeLimit(
  clock: Clock,
  ms: number,
  reason: () => unknown,
  ...signals: AbortSignal[]
): { readonly signal: AbortSignal; readonly end: () => void } {
  const limit = new AbortController();
  const end = clock.after(ms, () => limit.abort(reason()));
  return { signal: AbortSignal.any([limit.signal, ...signals]), end };
}

/** What `work` comes to, unless the signal aborts first: then it rejects with the signal's reason, whatever `work` does. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** The longest that a timer can wait, some 24 days: with more it would not wait at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: Date.now,
  after(ms, task) {
    const timer = setTimeout(task, Math.min(ms, LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
