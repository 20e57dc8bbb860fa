import { useCallback, useSyncExternalStore } from "react";
import type { Watchable } from "./signal.ts";

/** The value, and a new rendering whenever it changes. */
export function useSignal<T>(signal: Watchable<T>): T {
  const watch = useCallback((listener: () => void) => signal.watch(listener), [signal]);
  return useSyncExternalStore(watch, () => signal.get());
}
