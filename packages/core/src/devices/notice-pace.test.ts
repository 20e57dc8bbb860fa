import { DEFAULT_TENANT, type TenantId } from "@switchboard/domain";
import { expect, it } from "vitest";
import { NoticePace } from "./notice-pace.ts";

it("DEV-8 owners are told of each device once a minute, and the oldest of very many are forgotten", () => {
  const pace = new NoticePace();
  const take = (device: string, now: number) => pace.take(DEFAULT_TENANT, device, now);
  expect([take("a", 0), take("a", 59_999), take("b", 1), take("a", 60_000), take("a", 60_001)]).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(pace.take("other" as TenantId, "a", 60_001)).toBe(true);
  for (let device = 0; device < 1000; device++) take(String(device), 60_002);
  expect([take("999", 60_003), take("a", 60_003)]).toEqual([false, true]);
});
