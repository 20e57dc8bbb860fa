import { describe, expect, it } from "vitest";
import { formatRoot } from "./markdown.ts";

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
