import { afterEach, describe, expect, it, vi } from "vitest";
import { dayName } from "./words.ts";

describe("a day's heading", () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each([
    ["late on a day of 25 hours", "2026-10-25T22:30:00Z", "2026-10-24T18:00:00Z", "2026-10-23T18:00:00Z"],
    ["early on the day after one of 23", "2026-03-29T22:30:00Z", "2026-03-29T18:00:00Z", "2026-03-28T18:00:00Z"],
    ["on New Year's Day", "2027-01-01T11:00:00Z", "2026-12-31T11:00:00Z", "2026-12-30T11:00:00Z"],
  ])("CH-10 yesterday is the day before, also %s", (_, now, yesterday, before) => {
    vi.stubEnv("TZ", "Europe/Berlin");
    const name = (at: string) => dayName(Date.parse(at), Date.parse(now), "en");
    expect([name(now), name(yesterday)]).toEqual(["Today", "Yesterday"]);
    expect(name(before)).toMatch(/^\w+day, \w+ \d+(, \d{4})?$/);
  });
});
