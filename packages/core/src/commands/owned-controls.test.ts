import { type Control, markdownContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { ownControls, readOwnedValue } from "./owned-controls.ts";

const controls: Control[][] = [
  [
    { kind: "button", label: "Back", value: "/menu" },
    { kind: "link", label: "Help", url: "https://example.org/" },
  ],
  [{ kind: "select", label: "Model", options: [{ label: "Big", value: '/model "big one"' }] }],
];

describe("owned controls", () => {
  it.each(["42", "@ada:example.org", "a b/c", "ä%20"])("AGT-5 reads back who %s is and what was meant", (owner) => {
    const owned = ownControls(markdownContent("x", { controls }), owner).controls?.flat() ?? [];
    const values = owned.flatMap((each) =>
      each.kind === "button" ? [each.value] : each.kind === "select" ? each.options.map(({ value }) => value) : [],
    );
    expect(values.map(readOwnedValue)).toEqual([
      { owner, value: "/menu" },
      { owner, value: '/model "big one"' },
    ]);
    expect(owned).toContainEqual(controls[0]?.[1]);
  });

  it("AGT-5 leaves every other value as it is", () => {
    for (const value of ["/menu", "I pressed yes", "> quoted", ">%zz /menu", ""]) {
      expect(readOwnedValue(value)).toEqual({ value });
    }
    const plain = markdownContent("x");
    expect(ownControls(plain, "42")).toBe(plain);
  });
});
