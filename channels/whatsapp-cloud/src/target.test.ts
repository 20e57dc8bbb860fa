import { describe, expect, it } from "vitest";
import { parseTarget } from "./target.ts";

describe("CH-5 addresses", () => {
  it("are numbers as people write them, with the number that writes behind them where it is another", () => {
    for (const text of ["16505551234", "+1 650 555 1234", " +1 (650) 555-1234 "]) {
      expect(parseTarget(text)).toEqual({ conversation: "16505551234", kind: "direct" });
    }
    expect(parseTarget("+16505551234~106540352242999").conversation).toBe("16505551234~106540352242999");
  });

  it("REQ_001 are refused when they are no numbers with a country code", () => {
    for (const text of [
      "0650 555 1234",
      "12345",
      "+1650555123456789",
      "Ann",
      "16505551234~",
      "16505551234~x",
      "1~2~3",
    ]) {
      expect(() => parseTarget(text), text).toThrow(expect.objectContaining({ code: "REQ_001" }));
    }
  });
});
