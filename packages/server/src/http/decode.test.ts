import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeJson } from "./decode.ts";

const MOST = 5;
const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
/** Texts full of what could be taken for the end of a string. */
const tricky = fc.array(fc.constantFrom('"', "\\", "[", "{", "]", "}", "x".repeat(62), "é", '\\"'), { maxLength: 12 });
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: MOST + 2 },
    tricky.map((parts) => parts.join("")),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("any"), { maxKeys: 3 }),
  ),
})).any;

describe("decoding JSON from outside", () => {
  it("DEV-2 takes what JSON.parse takes, up to the depth and without doors to prototypes", () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (each, indent) => {
        fc.pre(!/"(__proto__|constructor)"/.test(JSON.stringify(each)));
        const decoded = decodeJson(Buffer.from(JSON.stringify(each, null, indent)), MOST);
        if (depthOf(each) > MOST) expect(decoded).toEqual({ ok: false, reason: "nested too deeply" });
        else expect(decoded).toEqual({ ok: true, value: each });
      }),
      { numRuns: 2_000 },
    );
  });

  it("DEV-2 never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), tricky, (bytes, parts) => {
        expect(typeof decodeJson(Buffer.from(bytes), MOST).ok).toBe("boolean");
        expect(typeof decodeJson(Buffer.from(parts.join("")), MOST).ok).toBe("boolean");
      }),
      { numRuns: 2_000 },
    );
  });
});
