import { expect, test } from "vitest";
import { pause } from "./pause.ts";

test("a pause ends with its time, with its signal, and with the account", async () => {
  const asked: number[] = [];
  await pause({ sleep: async (ms) => void asked.push(ms) }, 20, new AbortController().signal);
  expect(asked).toEqual([20]);
  const stop = new AbortController();
  const stopped = pause({ sleep: () => new Promise(() => {}) }, 20, stop.signal);
  stop.abort();
  await stopped;
  await pause({ sleep: () => Promise.reject(new Error("the account was stopped")) }, 20, new AbortController().signal);
  await pause({ sleep: () => new Promise(() => {}) }, 20, AbortSignal.abort());
});
