/** Proofs that a call comes from the platform. */
import { hash, timingSafeEqual } from "node:crypto";

/** Whether two texts are the same, in a time that tells nothing of either. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(hash("sha256", given, "buffer"), hash("sha256", expected, "buffer"));
}

/** A call that was signed longer ago, or further ahead, may be one that somebody kept. */
const WINDOW_SECONDS = 300;

/** Whether it was signed within five minutes of now. `timestamp`: Unix seconds as a call's header has them. */
export function isRecent(timestamp: string, now = Date.now()): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now / 1000 - Number(timestamp)) <= WINDOW_SECONDS;
}
