import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine, sanitiseFileName, sanitiseName, sanitiseText } from "./sanitise.ts";

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
    expect(sanitiseName("invoice\u202efdp.exe")).toBe("invoicefdp.exe");
    const cut = sanitiseName(`${"a".repeat(255)}😀`);
    expect(cut).toBe("a".repeat(255));
  });
});

describe("oneLine", () => {
  it("MSG-5 leaves nothing that breaks a line, turns its direction or runs over its neighbours", () => {
    expect(oneLine("a\nb\r\n\u2028c\td\u001b[2Je")).toBe("a b c d[2Je");
    expect(oneLine("invoice\u202efdp.exe\u2066\u200f")).toBe("invoicefdp.exe");
    expect(oneLine(`Z${"\u0335\u0321".repeat(50)}algo`)).toBe("Z\u0335\u0321\u0335\u0321algo");
  });

  it("MSG-5 cleaning again changes nothing", () => {
    expect(oneLine("a \u0007 b\u0085c\vd")).toBe("a b c d");
    const unit = fc.constantFrom(..."a \n\r\u0007\u0085\u202e\u0335\u2028\ufeff\ud83d\u200d");
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(oneLine(oneLine(text))).toBe(oneLine(text));
      }),
    );
  });

  it("MSG-5 leaves what languages and emoji are made of", () => {
    for (const text of ["é", "ẫ", "שָׁלוֹם", "नमस्ते", "👨‍👩‍👧", "می‌خواهم", "1️⃣"]) {
      for (const form of ["NFC", "NFD"] as const) expect(oneLine(text.normalize(form))).toBe(text.normalize(form));
    }
  });
});

describe("sanitiseFileName", () => {
  it.each([
    ["report.pdf", "report.pdf"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Windows\\x.ini", "x.ini"],
    ["a\0b\u001b[2J.txt", "ab[2J.txt"],
    ["invoice\u202efdp.exe", "invoicefdp.exe"],
    [".bashrc", "bashrc"],
    ["a. . ", "a"],
    ['a<b>:"|?*.txt', "a_b______.txt"],
    ["CON", "_CON"],
    ["nul.tar.gz", "_nul.tar.gz"],
    ["console.log", "console.log"],
    ["Ä 写真 👨‍👩‍👧.jpg", "Ä 写真 👨‍👩‍👧.jpg"],
    ["..", undefined],
    ["a/", undefined],
    ["", undefined],
  ])("MSG-6 %j becomes %j", (name, expected) => {
    expect(sanitiseFileName(name)).toBe(expected);
  });

  it("MSG-6 a long name keeps its ending and whole characters", () => {
    expect(sanitiseFileName(`${"a".repeat(500)}.jpeg`)).toBe(`${"a".repeat(115)}.jpeg`);
    expect(sanitiseFileName(`${"a".repeat(115)}😀.jpg`)).toBe(`${"a".repeat(115)}.jpg`);
  });

  it("MSG-6 cleaning again changes nothing, and no folder is left", () => {
    const unit = fc.constantFrom(..."ab. /\\\0:\u202e😀\n");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 300 }), (text) => {
        const clean = sanitiseFileName(text);
        if (clean === undefined) return;
        expect(sanitiseFileName(clean)).toBe(clean);
        expect(clean).not.toMatch(/[\\/\0]|^\./);
      }),
    );
  });
});
