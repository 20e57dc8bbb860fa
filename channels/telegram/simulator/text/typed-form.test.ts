import { describe, expect, it } from "vitest";
import { parseTyped } from "./typed.ts";
import { typedForm } from "./typed-form.ts";

describe("CH-1 a message in the editor", () => {
  it.each([
    "plain",
    "**bold** and __it__",
    "**bold __both__**",
    "~~a~~||b||`c`",
    "[label](https://example.com/x) behind",
    "before ```ts\nlet a = 1;\nlet b;``` after",
    "> one\n> two\nthree",
    "😀 **x** 😀 `y`",
  ])("reads as it was typed: %s", (typed) => {
    const { text, entities } = parseTyped(typed);
    expect(typedForm(text, entities)).toBe(typed);
  });
});
