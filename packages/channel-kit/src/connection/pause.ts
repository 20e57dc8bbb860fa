/** Waiting that ends early when the work is stopped. */
import type { AccountContext } from "@switchboard/domain";

/** Resolves after `ms`, or as soon as `signal` is aborted. Never rejects. */
export async function pause(context: Pick<AccountContext, "sleep">, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const stopped = Promise.withResolvers<void>();
  const stop = () => stopped.resolve();
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([context.sleep(ms).catch(() => {}), stopped.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
