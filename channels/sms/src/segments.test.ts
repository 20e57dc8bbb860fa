import { describe, expect, it } from "vitest";
import { countSegments } from "../simulator/world/segments.ts";
import { segmentsOf } from "./segments.ts";

const cases: readonly (readonly [what: string, text: string, encoding: string, count: number])[] = [
  ["nothing", "", "GSM-7", 1],
  ["160 letters", "a".repeat(160), "GSM-7", 1],
  ["161 letters", "a".repeat(161), "GSM-7", 2],
  ["306 letters", "a".repeat(306), "GSM-7", 2],
  ["307 letters", "a".repeat(307), "GSM-7", 3],
  ["80 of the extension table", "€".repeat(80), "GSM-7", 1],
  ["81 of the extension table", "€".repeat(81), "GSM-7", 2],
  ["an escape that does not fit into the first part", `${"a".repeat(152)}€${"a".repeat(152)}`, "GSM-7", 3],
  ["every letter of the alphabet", "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€", "GSM-7", 1],
  ["a letter of no network", "ç", "UCS-2", 1],
  ["70 units", "я".repeat(70), "UCS-2", 1],
  ["71 units", "я".repeat(71), "UCS-2", 2],
  ["35 emoji", "😀".repeat(35), "UCS-2", 1],
  ["36 emoji, which are not torn: 33 in a part", "😀".repeat(36), "UCS-2", 2],
  ["67 emoji", "😀".repeat(67), "UCS-2", 3],
  ["a lone surrogate", "\ud83d", "UCS-2", 1],
];

describe("CH-6 segments", () => {
  it.each(cases)("%s", (_what, text, encoding, count) => {
    expect(segmentsOf(text)).toEqual({ encoding, count });
  });

  it("are the same by two ways of counting, for every character there is", () => {
    const differing: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      if (segmentsOf(character).encoding !== countSegments(character).encoding) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
    for (const [, text] of cases) {
      const { encoding, segments } = countSegments(text);
      expect(segmentsOf(text)).toEqual({ encoding, count: segments });
    }
  });
});
