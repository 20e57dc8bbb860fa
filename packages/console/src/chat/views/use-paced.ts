import { useEffect, useRef, useState } from "react";

/** Of the time, at most this part goes into drawing a text that grows. */
const SHARE = 0.25;
const SOONEST_MS = 33;

/**
 * The text, but no more often than the page can draw it: a long Markdown text takes long to draw, and doing so for
 * every word would leave no time for anything else.
 */
export function usePaced(text: string): string {
  const [shown, setShown] = useState(text);
  const drawnAt = useRef(0);
  const cost = useRef(0);
  const startedAt = useRef(performance.now());
  startedAt.current = performance.now();

  // biome-ignore lint/correctness/useExhaustiveDependencies: measured once for each text that was drawn
  useEffect(() => {
    cost.current = performance.now() - startedAt.current;
    drawnAt.current = performance.now();
  }, [shown]);

  useEffect(() => {
    if (text === shown) return;
    const pause = Math.max(SOONEST_MS, cost.current / SHARE);
    const timer = setTimeout(() => setShown(text), Math.max(0, drawnAt.current + pause - performance.now()));
    return () => clearTimeout(timer);
  }, [text, shown]);

  return shown;
}
