import { contractMemory } from "@switchboard/testkit/channel";
import { afterEach, expect, it, vi } from "vitest";
import { SentThreads } from "./sent-threads.ts";

const DAY_MS = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

it("CH-2 threads that the bot wrote in are its own for as long as the account says, however long it runs", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_000 * DAY_MS });
  const threads = new SentThreads(contractMemory(new Map()), 30);
  await threads.remember("C1", "1.1");
  expect([await threads.has("C1", "1.1"), await threads.has("C1", "2.2")]).toEqual([true, false]);
  vi.setSystemTime(1_030 * DAY_MS);
  expect(await threads.has("C1", "1.1")).toBe(true);
  vi.setSystemTime(1_032 * DAY_MS);
  expect(await threads.has("C1", "1.1")).toBe(false);
});
