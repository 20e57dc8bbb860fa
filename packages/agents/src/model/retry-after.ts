/** How long a provider asks to wait. */

const LONGEST_MS = 24 * 3_600_000;

/**
 * Milliseconds from `retry-after-ms` or `retry-after` (seconds or an HTTP date), never negative, at most a day;
 * `undefined` when the headers do not say. Names are lower case.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const exact = numberOf(headers["retry-after-ms"]);
  if (exact !== undefined) return bounded(exact);
  const text = headers["retry-after"];
  const seconds = numberOf(text);
  if (seconds !== undefined) return bounded(seconds * 1000);
  // Without a letter it is no HTTP date, though the parser takes nearly anything.
  const date = text !== undefined && /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : bounded(date - now);
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function bounded(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms)), LONGEST_MS);
}
