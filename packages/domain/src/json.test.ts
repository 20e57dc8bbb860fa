import { describe, expect, it } from "vitest";
import { parseJsonBody } from "./json.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;

describe("parseJsonBody", () => {
  it("MSG-5 takes an object up to the depth, and whatever its strings hold", () => {
    expect(parseJsonBody(bytes('{"a":[1]}'))).toEqual({ a: [1] });
    expect(parseJsonBody(bytes(nested(100)))).toBeDefined();
    const text = '[{"\\'.repeat(5_000);
    expect(parseJsonBody(bytes(JSON.stringify({ text, more: 1 })))).toEqual({ text, more: 1 });
  });

  it.each([
    ["nothing", ""],
    ["a list", "[]"],
    ["null", "null"],
    ["half of an object", "{"],
    ["half of a deep one", '{"a":'.repeat(100_000)],
    ["a deep one", nested(101)],
    ["a very deep one", nested(100_000)],
  ])("MSG-5 REQ_001 refuses %s", (_what, text) => {
    expect(() => parseJsonBody(bytes(text))).toThrow(expect.objectContaining({ code: "REQ_001" }));
  });
});
