import { simplify } from "@switchboard/channel-kit/markdown";
import { markdownContent, parseMarkdown, SwitchboardError, textRoot } from "@switchboard/domain";
import fc from "fast-check";
import type { MessageEntity } from "grammy/types";
import { describe, expect, it } from "vitest";
import { formatRoot } from "./format.ts";
import { render } from "./outbound.ts";
import type { RichText } from "./rich-text.ts";
import { MESSAGE_LENGTH, splitFormatted } from "./split.ts";

function format(markdown: string): RichText {
  return formatRoot(simplify(parseMarkdown(markdown)));
}

/** Entities with the text they cover, which is easier to read than offsets. */
function spans({ text, entities }: RichText): unknown[] {
  return entities.map(({ type, offset, length, ...rest }) => [
    type,
    text.slice(offset, offset + length),
    ...extra(rest),
  ]);
}

function extra(rest: object): unknown[] {
  return Object.keys(rest).length > 0 ? [rest] : [];
}

describe("MSG-4 Markdown as Telegram's entities", () => {
  it.each([
    [
      "bold and italic",
      "a **b** _c_",
      "a b c",
      [
        ["bold", "b"],
        ["italic", "c"],
      ],
    ],
    [
      "nested",
      "**a _b_ c**",
      "a b c",
      [
        ["bold", "a b c"],
        ["italic", "b"],
      ],
    ],
    ["the same twice", "**a __b__ c**", "a b c", [["bold", "a b c"]]],
    ["strike-through", "~~a~~", "a", [["strikethrough", "a"]]],
    ["inline code", "run `x < y`", "run x < y", [["code", "x < y"]]],
    [
      "bold ends before code and goes on behind",
      "**a `b` c**",
      "a b c",
      [
        ["bold", "a "],
        ["code", "b"],
        ["bold", " c"],
      ],
    ],
    [
      "a heading",
      "## T *i*\n\ntext",
      "T i\n\ntext",
      [
        ["bold", "T i"],
        ["italic", "i"],
      ],
    ],
    ["code", "```ts\nlet a;\n```", "let a;", [["pre", "let a;", { language: "ts" }]]],
    ["code without language", "```\n  a\n```", "  a", [["pre", "  a"]]],
    [
      "a quote",
      "> a **b**\n\nc",
      "a b\n\nc",
      [
        ["blockquote", "a b"],
        ["bold", "b"],
      ],
    ],
    ["a quote in a quote", "> a\n> > b\n> > c", "a\n\n> b\n> c", [["blockquote", "a\n\n> b\n> c"]]],
    ["a link", "[a b](https://x.org/y)", "a b", [["text_link", "a b", { url: "https://x.org/y" }]]],
    ["a link with code", "[`a`](https://x.org)", "a", [["text_link", "a", { url: "https://x.org" }]]],
    ["a bare link", "see https://x.org/a?b=c", "see https://x.org/a?b=c", []],
    ["a link that Telegram would drop", "[a](file:///b)", "a (file:///b)", []],
    ["a reference", "[a][r]\n\n[r]: https://x.org", "a", [["text_link", "a", { url: "https://x.org" }]]],
    ["a reference to nothing", "[a][r]", "[a][r]", []],
    ["a picture", "![cat](https://x.org/c.png)", "🖼 cat", [["text_link", "🖼 cat", { url: "https://x.org/c.png" }]]],
    ["a rule", "a\n\n---\n\nb", `a\n\n${"─".repeat(12)}\n\nb`, []],
    ["bullets", "- a\n- b\n  - c\n    - d", "• a\n• b\n  ◦ c\n    ▪ d", []],
    ["numbers", "3. a\n4. b\n   - c", "3. a\n4. b\n  ◦ c", []],
    ["tasks", "- [x] a\n- [ ] b", "☑ a\n☐ b", []],
    ["a paragraph of an item", "- a\n\n  b\n- c", "• a\n  b\n• c", []],
    ["code in an item", "- a\n  ```\n  x\n    y\n  ```", "• a\nx\n  y", [["pre", "x\n  y"]]],
    ["line breaks", "a\\\nb<br>c", "a\nb\nc", []],
    ["HTML stays text", "<b>a</b>\n\n<div>c</div>", "<b>a</b>\n\n<div>c</div>", []],
    ["what looks like markup of Telegram stays text", "a\\_b\\_ \\<i> & \\*", "a_b_ <i> & *", []],
    ["a footnote", "a[^1]\n\n[^1]: b", "a[1]\n\n[1] b", []],
    ["an escaped surrogate", "&#xD83D;x", "\ufffdx", []],
  ] as const)("%s", (_name, markdown, text, expected) => {
    const rich = format(markdown);
    expect(rich.text).toBe(text);
    expect(spans(rich)).toEqual(expected);
  });

  it("counts offsets in UTF-16 units", () => {
    expect(format("😀 **a😀**").entities).toEqual([{ type: "bold", offset: 3, length: 3 }]);
  });

  it("draws a narrow table in monospace, with wide characters counted twice", () => {
    const rich = format("| a | n |\n|---|--:|\n| 日本 | 5 |\n| x | 10 |");
    expect(spans(rich)).toEqual([["pre", rich.text]]);
    expect(rich.text).toBe("a    |  n\n---- | -:\n日本 |  5\nx    | 10");
  });

  it("shows a wide table as a list that keeps its formatting", () => {
    const wide = `| Name | What it does |\n|---|---|\n| a | ${"word ".repeat(20)}**b** |`;
    const rich = format(wide);
    expect(rich.text).toBe(`• Name: a\n  What it does: ${"word ".repeat(20)}b`);
    expect(spans(rich)).toEqual([
      ["bold", "a"],
      ["bold", "b"],
    ]);
  });

  it("collapses a long quote and leaves a short one open", () => {
    expect(format(`> ${"long ".repeat(100)}`).entities[0]?.type).toBe("expandable_blockquote");
    expect(format("> short").entities[0]?.type).toBe("blockquote");
  });

  it("drops control characters without moving entities off their text", () => {
    const rich = formatRoot({
      type: "root",
      children: [
        {
          type: "paragraph",
          children: [
            { type: "text", value: "a\u0000\u0007" },
            { type: "strong", children: [{ type: "text", value: "b\u0000" }] },
          ],
        },
      ],
    });
    expect(rich.text).toBe("ab");
    expect(spans(rich)).toEqual([["bold", "b"]]);
  });
});

/** Documents with every construct, as Markdown. */
const word = fc.oneof(
  fc.string({ maxLength: 12 }).map((each) => each.replaceAll(/[\s`<>|[\]()#*_~\\&!]/g, "x")),
  fc.constantFrom(
    "word",
    "😀",
    "👩‍👩‍👧‍👦",
    "🇩🇪",
    "é",
    "日本語",
    "**bold**",
    "_it_ ",
    "`code`",
    "~~no~~",
    "**a _b_ `c`**",
    "[l](https://x.org/)",
  ),
);
const line = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => words.join(" "));
const block = fc.oneof(
  { weight: 4, arbitrary: line },
  line.map((each) => `## ${each}`),
  line.map((each) => `> ${each}`),
  fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => lines.map((each) => `- ${each}`).join("\n")),
  fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => `\`\`\`js\n${lines.join("\n")}\n\`\`\``),
  fc
    .array(word, { minLength: 2, maxLength: 30 })
    .map((rows) => `| k | v |\n|---|---|\n${rows.map((r) => `| ${r} | 1 |`).join("\n")}`),
);
const document = fc.array(block, { minLength: 1, maxLength: 40 }).map((blocks) => blocks.join("\n\n"));

function isInsidePair(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1);
  const after = text.charCodeAt(index);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

function overlaps(a: MessageEntity, b: MessageEntity): boolean {
  const [first, second] = a.offset <= b.offset ? [a, b] : [b, a];
  const end = first.offset + first.length;
  return second.offset < end && second.offset > first.offset && second.offset + second.length > end;
}

function expectValid({ text, entities }: RichText): void {
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThanOrEqual(MESSAGE_LENGTH);
  expect(entities.length).toBeLessThanOrEqual(100);
  expect(text.isWellFormed()).toBe(true);
  for (const entity of entities) {
    const { offset, length } = entity;
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(length).toBeGreaterThan(0);
    expect(offset + length).toBeLessThanOrEqual(text.length);
    expect(isInsidePair(text, offset) || isInsidePair(text, offset + length)).toBe(false);
    expect(entities.filter((other) => overlaps(entity, other))).toEqual([]);
    if (entity.type !== "code" && entity.type !== "pre") continue;
    const around = entities.filter(
      (other) =>
        other !== entity &&
        !other.type.endsWith("blockquote") &&
        other.offset < offset + length &&
        offset < other.offset + other.length,
    );
    expect(around).toEqual([]);
  }
}

/** Everything that a reader sees, without white space and without what every part repeats. */
function essence(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

describe("MSG-4 oc#24353 long content is split within Telegram's limits", () => {
  it("keeps every entity inside its text, apart from others and off the middle of a character", () => {
    fc.assert(
      fc.property(document, (markdown) => {
        for (const part of splitFormatted(parseMarkdown(markdown))) expectValid(part);
      }),
      { numRuns: 150 },
    );
  });

  it("loses nothing and doubles nothing but white space at the breaks", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30_000, unit: "grapheme" }), (text) => {
        const parts = splitFormatted(textRoot(text));
        const whole = formatRoot(textRoot(text)).text;
        expect(essence(parts.map((part) => part.text).join(""))).toBe(essence(whole));
      }),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            line,
            line.map((each) => `> ${each}`),
          ),
          { minLength: 1, maxLength: 60 },
        ),
        (lines) => {
          const root = parseMarkdown(lines.join("\n\n"));
          const parts = splitFormatted(root);
          expect(essence(parts.map((part) => part.text).join(""))).toBe(essence(formatRoot(root).text));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("continues formatting across a break", () => {
    const parts = splitFormatted(parseMarkdown(`**${"bold words ".repeat(600)}end**`));
    expect(parts.length).toBe(2);
    for (const { text, entities } of parts) {
      expect(entities).toEqual([{ type: "bold", offset: 0, length: text.length }]);
    }
  });

  it("splits where a message would have more than 100 entities", () => {
    const parts = splitFormatted(parseMarkdown("**a** b ".repeat(250)));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.flatMap(({ entities }) => entities)).toHaveLength(250);
    for (const part of parts) expectValid(part);
  });

  it.each([
    ["prose", "The quick brown fox jumps over the lazy dog. ".repeat(2_300)],
    ["paragraphs", "The quick **brown** fox.\n\n".repeat(4_000)],
    ["code", `\`\`\`js\n${"let x = 1;\n".repeat(9_000)}\`\`\``],
    ["one line of code", `\`${"word ".repeat(20_000)}\``],
    ["a list", "- an item of the list\n".repeat(4_700)],
    ["a table", `| a | b |\n|---|---|\n${"| xxx | yyy |\n".repeat(7_000)}`],
    ["one huge cell", `| a | b |\n|---|---|\n| x | ${"word ".repeat(20_000)} |`],
    ["one word", "x".repeat(100_000)],
  ])("sends 100,000 characters of %s", (_name, markdown) => {
    const parts = splitFormatted(parseMarkdown(markdown));
    expect(parts.length).toBeGreaterThan(15);
    for (const part of parts) expectValid(part);
  });

  it("sends 1 MB of emoji and cuts none in two", () => {
    const parts = splitFormatted(textRoot("😀".repeat(262_144)));
    for (const { text } of parts) expect(text.replaceAll("😀", "")).toBe("");
    expect(parts.reduce((sum, { text }) => sum + text.length, 0)).toBe(524_288);
  });

  it.each([
    ["quotes", "> ".repeat(300)],
    ["lists", "- ".repeat(200)],
    ["emphasis", "*_".repeat(100)],
  ])("shows deeply nested %s", (_name, nesting) => {
    for (const part of splitFormatted(parseMarkdown(`${nesting}x`))) expectValid(part);
  });

  it("refuses what is nested beyond reason with a clear error", () => {
    let root = textRoot("x");
    for (let depth = 0; depth < 20_000; depth++)
      root = { type: "root", children: [{ type: "blockquote", children: root.children as never }] };
    expect(() => splitFormatted(root)).toThrow(expect.objectContaining({ code: "MSG_008" }));
  });

  it.each([
    ["nothing", ""],
    ["white space", " \n\t"],
    ["invisible characters", "\u200b\u2063\ufe0f"],
  ])("refuses %s with a clear error instead of an empty message", (_name, markdown) => {
    expect(() => render(markdownContent(markdown))).toThrow(SwitchboardError);
    expect(() => render(markdownContent(markdown))).toThrow(
      expect.objectContaining({ code: "MSG_008", retryable: false }),
    );
  });
});
