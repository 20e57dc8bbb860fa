import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sanitiseName, sanitiseText } from "./sanitise.ts";

describe("sanitiseText", () => {
  it("MSG-5 removes NUL and control characters and keeps tabs and line feeds", () => {
    expect(sanitiseText("a\u0000b\u0007c\td\r\ne\rf\u009f\u007f")).toBe("abc\td\ne\nf");
  });

  it("MSG-5 mends lone surrogates and leaves whole characters alone", () => {
    expect(sanitiseText("x\ud83dy 😀 👨‍👩‍👧")).toBe("x\ufffdy 😀 👨‍👩‍👧");
  });

  it("MSG-5 refuses what is too long with MSG_003", () => {
    expect(() => sanitiseText("😀".repeat(500_000))).toThrow(expect.objectContaining({ code: "MSG_003" }));
  });

  it("MSG-5 whatever comes in, what goes out is well formed, and cleaning it again changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const clean = sanitiseText(text);
        expect(clean.isWellFormed()).toBe(true);
        expect(sanitiseText(clean)).toBe(clean);
      }),
    );
  });
});

describe("sanitiseName", () => {
  it("keeps names on one line and short, cut at a whole character", () => {
    expect(sanitiseName(" A\nB\u0000 ")).toBe("A B");
    const cut = sanitiseName(`${"a".repeat(255)}😀`);
    expect(cut).toBe("a".repeat(255));
  });
});
