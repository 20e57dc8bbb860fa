import { afterEach, expect, it, vi } from "vitest";
import { systemClock } from "./clock.ts";

afterEach(() => {
  vi.useRealTimers();
});

it("CONN-3 what is to wait for a month does not come at once", () => {
  vi.useFakeTimers();
  const task = vi.fn();
  const cancel = systemClock.after(30 * 86_400_000, task);
  vi.advanceTimersByTime(20 * 86_400_000);
  expect(task).not.toHaveBeenCalled();
  cancel();
});
