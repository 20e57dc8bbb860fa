import { parseMarkdown, plainText } from "@switchboard/domain";
import fc from "fast-check";
import type { MessageEntity } from "grammy/types";
import { describe, expect, it } from "vitest";
import { toMarkdown } from "./entities.ts";
import { formatRoot } from "./format.ts";

const user = { id: 7003, is_bot: false, first_name: "Carl" };

/** The entity over the first occurrence of `part`. */
function over(text: string, part: string, type: MessageEntity["type"], extra: object = {}): MessageEntity {
  return { type, offset: text.indexOf(part), length: part.length, ...extra } as MessageEntity;
}

describe("MSG-2 entities as Markdown", () => {
  it.each<[string, string, [string, MessageEntity["type"], object?][], string]>([
    ["white space at the edges", "a  bold  b", [["  bold  ", "bold"]], "a  **bold**  b"],
    ["marks in the text", "2 * 3 _x_ `y`", [["3", "bold"]], "2 \\* **3** \\_x\\_ \\`y\\`"],
    [
      "overlapping",
      "one two three",
      [
        ["one two", "bold"],
        ["two three", "italic"],
      ],
      "**one _two_** _three_",
    ],
    [
      "the same place twice",
      "ab",
      [
        ["ab", "bold"],
        ["ab", "italic"],
      ],
      "**_ab_**",
    ],
    ["over a paragraph's end", "one\n\ntwo", [["one\n\ntwo", "bold"]], "**one**\n\n**two**"],
    ["code with a backtick", "x ` y", [["x ` y", "code"]], "``x ` y``"],
    ["a block between text", "a\nlet x;\nb", [["let x;", "pre", { language: "js" }]], "a\n\n```js\nlet x;\n```\n\nb"],
    ["a quote of two lines", "a\nb\nc", [["a\nb", "blockquote"]], "> a\n> b\n\nc"],
    [
      "a collapsed quote with a style",
      "a b\nc",
      [
        ["a b", "expandable_blockquote"],
        ["b", "bold"],
      ],
      "> a **b**\n\nc",
    ],
    ["emoji", "😀 b😀", [["b😀", "bold"]], "😀 **b😀**"],
    ["a mention without a name", "hi Carl", [["Carl", "text_mention", { user }]], "hi [Carl](tg://user?id=7003)"],
  ])("%s", (_name, text, entities, expected) => {
    const list = entities.map(([part, type, extra]) => over(text, part, type, extra));
    expect(toMarkdown(text, list)).toBe(expected);
  });

  it.each(["mention", "hashtag", "url", "email", "bot_command", "phone_number", "cashtag", "custom_emoji"] as const)(
    "leaves out %s: the text says it already",
    (type) => {
      expect(toMarkdown("@somebody", [{ type, offset: 0, length: 9 } as MessageEntity])).toBeUndefined();
    },
  );

  const types = ["bold", "italic", "strikethrough", "code", "pre", "blockquote", "text_link"] as const;
  const entity = fc.record({
    type: fc.constantFrom(...types),
    offset: fc.integer({ min: -2, max: 60 }),
    length: fc.integer({ min: 0, max: 40 }),
    url: fc.constant("https://example.org/"),
  });

  it("never loses a word, whatever the entities", () => {
    const words = fc.array(fc.constantFrom("word", "two", "😀", "日本", "x1"), { minLength: 1, maxLength: 20 });
    const text = fc.tuple(words, fc.constantFrom(" ", "\n", "\n\n")).map(([list, between]) => list.join(between));
    fc.assert(
      fc.property(text, fc.array(entity, { maxLength: 12 }), (value, entities) => {
        const markdown = toMarkdown(value, entities as MessageEntity[]);
        if (markdown === undefined) return;
        const read = plainText(parseMarkdown(markdown));
        expect(read.replaceAll(/\s/g, "")).toBe(value.replaceAll(/\s/g, ""));
      }),
      { numRuns: 1000 },
    );
  });

  it("gives back what the renderer made of Markdown", () => {
    const markdown = "**a _b_** ~~c~~ `d` [e](https://example.org/)\n\n```js\nf\n```\n\n> g";
    const { text, entities } = formatRoot(parseMarkdown(markdown));
    expect(toMarkdown(text, entities)).toBe(markdown);
  });
});
