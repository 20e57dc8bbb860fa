import { expect, test } from "vitest";
import { isRecent, isSame } from "./index.ts";

test("SEC_002 proofs are the same or not, whatever their lengths", () => {
  expect([isSame("abc", "abc"), isSame("abc", "abd"), isSame("", "abc"), isSame("abcd", "abc")]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("SEC_002 a call is recent for five minutes, and what is no time never is", () => {
  const now = 1_700_000_000_000;
  const at = (seconds: number) => isRecent(String(1_700_000_000 + seconds), now);
  expect([at(0), at(-300), at(300), at(-301), at(301)]).toEqual([true, true, true, false, false]);
  expect(["", "-1", "1e9", "NaN", "17000000000000"].some((text) => isRecent(text, now))).toBe(false);
});
