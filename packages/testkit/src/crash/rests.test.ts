import { describe, expect, it } from "vitest";
import { Rests } from "./rests.ts";

/** A conversation whose messages are numbered from 1. */
function conversation() {
  const open = new Set<number>();
  let newest = 0;
  let count = 0;
  let now = 0;
  const rests = new Rests(
    {
      get count() {
        return count;
      },
      answeredSince: (_, number) => newest > number,
      waitsUpTo: (_, number) => [...open].some((each) => each <= number),
    },
    () => now,
  );
  return {
    rests,
    wait: (ms: number) => {
      now += ms;
    },
    say: () => open.add(++count),
    answer: (number: number) => {
      open.delete(number);
      newest = Math.max(newest, number);
    },
  };
}

describe("a place after a fault", () => {
  it("is left alone until the fault was met and what met it has arrived, however long that takes", () => {
    const it = conversation();
    it.say();
    expect(it.rests.troubles("c")).toBe(true);
    it.wait(3_600_000);
    expect(it.rests.troubles("c"), "nothing was sent since").toBe(false);
    it.answer(1);
    expect(it.rests.troubles("c"), "that one may have gone before the fault").toBe(false);
    it.say();
    it.say();
    it.answer(3);
    expect(it.rests.troubles("c"), "the one between may have met it").toBe(false);
    it.answer(2);
    expect(it.rests.troubles("c")).toBe(true);
  });

  it("is left alone for a while also when all went fast", () => {
    const it = conversation();
    expect(it.rests.troubles("c")).toBe(true);
    it.say();
    it.answer(1);
    expect(it.rests.troubles("c")).toBe(false);
    it.wait(3_600_000);
    expect(it.rests.troubles("c")).toBe(true);
    expect(it.rests.troubles("another")).toBe(true);
  });
});
