/** Numbers, times and names as people read them. */

export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes;
  let unit = "B";
  for (const next of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${Number(value.toFixed(value < 100 ? 1 : 0))} ${unit}`;
}

/** A time in a list: of today the hour, of this year the day, else the date. */
export function shortTime(at: number, now: number, locale?: string): string {
  const [then, today] = [new Date(at), new Date(now)];
  if (then.toDateString() === today.toDateString()) {
    return then.toLocaleTimeString(locale, { timeStyle: "short" });
  }
  const sameYear = then.getFullYear() === today.getFullYear();
  return then.toLocaleDateString(locale, { day: "numeric", month: "short", ...(!sameYear && { year: "numeric" }) });
}

/** A day's heading: "Today", "Yesterday", or the date. */
export function dayName(at: number, now: number, locale?: string): string {
  const then = new Date(at);
  if (then.toDateString() === new Date(now).toDateString()) return "Today";
  // Not 24 hours ago: where clocks change, a day has 23 or 25.
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (then.toDateString() === yesterday.toDateString()) return "Yesterday";
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return then.toLocaleDateString(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(!sameYear && { year: "numeric" }),
  });
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
