import { describe, expect, it } from "vitest";
import { choicesOf, spellOut } from "./choices.ts";
import type { Control } from "./content.ts";
import { formatMarkdown, textContent } from "./markdown.ts";

const button = (label: string): Control => ({ kind: "button", label, value: `/${label.toLowerCase()}` });
const written = (controls: Control[][]) => formatMarkdown(spellOut(textContent("Which?", { controls })).body);

describe("MSG-4 choices in words", () => {
  it("tells a few short ones in a sentence", () => {
    expect(written([[button("Yes"), button("No")]])).toBe("Which?\n\nReply 1 for Yes, 2 for No.");
  });

  it("numbers many through, across rows and selects, and gives links as links", () => {
    const options = ["Red", "Green"].map((label) => ({ label, value: label }));
    const controls: Control[][] = [
      [button("One"), button("Two")],
      [{ kind: "select", label: "Colour", options }],
      [{ kind: "link", label: "Help", url: "https://example.org/" }, button("Last")],
    ];
    expect(written(controls)).toBe(
      [
        "Which?",
        "Reply with a number:",
        "1. One\n2. Two",
        "Colour:",
        "3. Red\n4. Green\n5. Last",
        "[Help](https://example.org/)",
      ].join("\n\n"),
    );
    expect(choicesOf(textContent("", { controls })).map(({ value }) => value)).toEqual([
      "/one",
      "/two",
      "Red",
      "Green",
      "/last",
    ]);
  });

  it("leaves content without controls as it is", () => {
    const content = textContent("Plain");
    expect(spellOut(content)).toBe(content);
    expect(spellOut(textContent("Plain", { controls: [] })).body).toEqual(content.body);
  });
});
