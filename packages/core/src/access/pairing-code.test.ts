import { describe, expect, it } from "vitest";
import { CODE_LENGTH, CODE_SYMBOLS, isCode, newPairingCode } from "./pairing-code.ts";

const free = () => false;

describe("pairing codes", () => {
  it("ACC-2 have eight of 32 upper-case symbols, none of 0, O, 1 and I", () => {
    expect(CODE_SYMBOLS).toBe("ABCDEFGHJKLMNPQRSTUVWXYZ23456789");
    const codes = Array.from({ length: 2_000 }, () => newPairingCode(free) ?? "");
    for (const code of codes) expect(code).toMatch(/^[ABCDEFGHJKLMNPQRSTUVWXYZ23456789]{8}$/);
    expect(new Set(codes).size).toBe(codes.length);
    // Every symbol, and none much more often than another: 500 of 16,000 each are expected.
    const counts = Map.groupBy(codes.join(""), (symbol) => symbol);
    expect(counts.size).toBe(32);
    for (const found of counts.values()) expect(found.length).toBeGreaterThan(250);
  });

  it("ACC-2 each of a random byte's values leads to a symbol, all as often", () => {
    const all = Array.from({ length: 256 }, (_, byte) => newPairingCode(free, () => Uint8Array.of(byte)));
    const counts = [...Map.groupBy(all, (symbol) => symbol).values()].map((found) => found.length);
    expect([counts.length, new Set(counts)]).toEqual([32, new Set([8])]);
  });

  it("ACC-2 are nobody else's; when all are taken there is none", () => {
    const offers = ["AAAAAAAA", "AAAAAAAA", "BBBBBBBB"];
    const random = () => Uint8Array.from([...(offers.shift() ?? "")].map((symbol) => CODE_SYMBOLS.indexOf(symbol)));
    expect(newPairingCode((code) => code === "AAAAAAAA", random)).toBe("BBBBBBBB");
    let tries = 0;
    const none = newPairingCode(() => {
      tries += 1;
      return true;
    });
    expect([none, tries]).toEqual([undefined, 500]);
  });

  it("ACC-3 are known again in either case and with spaces around, and by nothing else", () => {
    for (const typed of ["ABCD2345", "abcd2345", " AbCd2345\n"]) expect(isCode(typed, "ABCD2345")).toBe(true);
    for (const typed of ["", "ABCD234", "ABCD23456", "ABCD2346", "ABCD 2345", "*".repeat(CODE_LENGTH)]) {
      expect(isCode(typed, "ABCD2345")).toBe(false);
    }
  });
});
