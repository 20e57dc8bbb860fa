/** Whether a session's stretch is over, so that the next turn begins a new one (AGT-2). */
export function isStretchOver(
  lastActiveAt: number,
  /** `busy`: turns of it wait or run. */
  { busy, idleMs, now }: { readonly busy: boolean; readonly idleMs: number; readonly now: number },
): boolean {
  return !busy && now - lastActiveAt > idleMs;
}
