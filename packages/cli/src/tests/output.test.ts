import { describe, expect, it } from "vitest";
import { table } from "../output.ts";

describe("table", () => {
  it("MSG-5 every row is one line in which nothing of a stranger's turns direction, moves the cursor or hides", () => {
    const shown = table(
      ["SESSION", "LAST"],
      [
        ["main", "first\nsecond\r\nthird\u2028fourth"],
        ["evil\u202edne", `\u001b[2J\u001b[8mZ${"\u0335".repeat(90)}`],
      ],
      "",
    );
    const [, first, second, ...more] = shown.split(/[\n\r\u2028]/);
    expect(first).toBe("main     first second third fourth");
    expect(second).toBe("evildne  [2J[8mZ\u0335\u0335\u0335\u0335");
    expect(more).toEqual([]);
  });

  it("keeps the colours that a command gives, and aligns without them", () => {
    const shown = table(
      ["STATE", "TEXT"],
      [
        ["\u001b[32msent\u001b[39m", "a"],
        ["unknown", "b"],
      ],
      "",
    );
    expect(shown.split("\n").slice(1)).toEqual(["\u001b[32msent\u001b[39m     a", "unknown  b"]);
  });
});
