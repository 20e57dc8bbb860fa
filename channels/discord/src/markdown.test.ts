import { describe, expect, it } from "vitest";
import { formatRoot } from "./markdown.ts";

describe("MSG-4 CH-3 marks and white space", () => {
  const strong = (value: string) => ({ type: "strong" as const, children: [{ type: "text" as const, value }] });
  const written = (value: string) =>
    formatRoot({ type: "root", children: [{ type: "paragraph", children: [strong(value)] }] });

  it("marks stand at the words", () => {
    expect([" a  b\n", "a", "  ", "\u00a0\u2028x"].map(written)).toEqual([
      " **a  b**\n",
      "**a**",
      "  ",
      "\u00a0\u2028**x**",
    ]);
  });

  it("a heading is one line", () => {
    const text = { type: "text" as const, value: " a \n \n  b " };
    expect(formatRoot({ type: "root", children: [{ type: "heading", depth: 1, children: [text] }] })).toBe("# a b");
  });

  it("much white space within is written in one pass: with a square of it this would take an hour", () => {
    expect(written(`a${" ".repeat(1_000_000)}b`)).toHaveLength(1_000_006);
  });
});

describe("MSG-4 CH-3 code cannot leave its place", () => {
  it.each([3, 4, 5, 6, 9])("with %i backticks inside", (count) => {
    const value = `a${"`".repeat(count)}<@1>`;
    const block = formatRoot({ type: "root", children: [{ type: "code", value }] });
    expect(block.match(/```/g)).toHaveLength(2);
    const inline = formatRoot({
      type: "root",
      children: [{ type: "paragraph", children: [{ type: "inlineCode", value }] }],
    });
    expect(inline.match(/``/g)).toHaveLength(2);
  });
});
