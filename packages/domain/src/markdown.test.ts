import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import { formatMarkdown, parseMarkdown, plainText } from "./markdown.ts";

const withoutPositions = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, each) => (key === "position" ? undefined : each)));
const slow = (text: string) => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

describe("parseMarkdown", () => {
  it("MSG-4 understands GitHub-flavoured Markdown", () => {
    const types = parseMarkdown("# T\n\n- [x] done\n\n| a |\n|---|\n| b |\n\n~~no~~ https://example.org").children.map(
      ({ type }) => type,
    );
    expect(types).toEqual(["heading", "list", "table", "paragraph"]);
  });

  it("the short way for plain lines gives what the parser gives", () => {
    const line = fc.string({
      unit: fc.constantFrom(..."abc XYZ019 .,;:!?()'\"-/%$€äß_*`#>[]<&@~|+=\\"),
      maxLength: 40,
    });
    fc.assert(
      fc.property(line, (text) => {
        expect(withoutPositions(parseMarkdown(text))).toEqual(withoutPositions(slow(text)));
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads a long text section by section with the same result", () => {
    const blocks = [
      "## Title",
      "Some **bold** text with a [link](https://example.org).",
      "- one\n\n  more of one\n- two",
      "```ts\nconst a = 1;\n\n\nconst b = 2;\n```",
      "> quote",
      "| a |\n|---|\n| b |",
    ];
    const text = Array.from({ length: 900 }, (_, index) => blocks[index % blocks.length]).join("\n\n");
    expect(text.length).toBeGreaterThan(8_192);
    expect(formatMarkdown(parseMarkdown(text))).toBe(formatMarkdown(slow(text)));
  });

  it("oc#72960 does not stall on text made to be slow: a monstrous paragraph is taken as it stands", () => {
    const evil = `[${"a*b_c".repeat(40_000)}](x)`;
    expect(plainText(parseMarkdown(`before\n\n${evil}\n\n**after**`))).toBe(`before\n${evil}\nafter`);
  });

  it("oc#72960 takes a paragraph with hundreds of marks as it stands, short or long, fenced off or not", () => {
    const evil = "*_".repeat(2_000);
    for (const knotted of [evil, evil.replaceAll("_", "_\n2. ").trimEnd(), `${evil}\n> ${evil}`]) {
      const read = parseMarkdown(`**before**\n\n${knotted}\n\n**after**`);
      expect(read.children.map(({ type }) => type)).toEqual(["paragraph", "paragraph", "paragraph"]);
      expect(plainText(read)).toBe(`before\n${knotted}\nafter`);
    }
    expect(plainText(parseMarkdown(`${evil}\n\`\`\`\ncode\n\`\`\``))).toContain("*_*_");
    expect(parseMarkdown(`\`\`\`\n${evil}\n\`\`\``).children[0]?.type).toBe("code");
  });

  it("MSG-4 reads a long list for what it is, however many of its words are bold", () => {
    const [list] = parseMarkdown("- **one**, _two_ and `three`\n".repeat(250)).children;
    expect(list).toMatchObject({ type: "list" });
    expect(list && "children" in list && list.children.length).toBe(250);
  });

  it("oc#72960 neither stalls nor runs out of stack on what is nested thousands deep; a long rule stays one", () => {
    for (const mark of ["> ", ">", "- ", "* ", "1. ", "> - "]) {
      const deep = `${mark.repeat(4_000)}deep`;
      expect(plainText(parseMarkdown(`before\n\n${deep}`))).toContain("deep");
    }
    expect(parseMarkdown("> ".repeat(20).concat("quoted")).children[0]?.type).toBe("blockquote");
    expect(parseMarkdown(`a\n\n${"-".repeat(200)}\n\nb`).children[1]?.type).toBe("thematicBreak");
  });

  it("oc#72960 takes lists nested over many lines, titles without end and tables of missing cells as they stand", () => {
    const staircase = Array.from({ length: 120 }, (_, depth) => `${"  ".repeat(depth)}- x`).join("\n");
    const table = `${"|a".repeat(500)}\n${"|-".repeat(500)}\n${"|\n".repeat(500)}`.trimEnd();
    for (const evil of [staircase, "a\n=\n".repeat(2_000).trimEnd(), `[${"](".repeat(8_000)}`, table]) {
      const read = parseMarkdown(`**before**\n\n${evil}\n\n**after**`);
      expect(read.children.map(({ type }) => type)).toEqual(["paragraph", "paragraph", "paragraph"]);
      expect(plainText(read)).toBe(`before\n${evil}\nafter`);
    }
    expect(parseMarkdown(`| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(300)}`).children[0]?.type).toBe("table");
  });

  it("oc#72960 a code fence that is none hides nothing, and a real one is code however much is in it", () => {
    const evil = "a*_".repeat(2_000);
    for (const before of [
      "``` `\n",
      "<!--\n```\n-->\n",
      "- a\n  ```\n\n",
      " ```\nx\n ```\n ",
      "1. a\n      ```\n      x\n   ```\n   ",
      "- ```\n  x\n  ```\n  ",
      "```\rx\r```\r",
      "```\nx\n```\u00a0\n```\n",
    ]) {
      const [...blocks] = parseMarkdown(before + evil).children;
      const last = blocks.at(-1);
      expect(last?.type === "code" || (last?.type === "paragraph" && last.children.length === 1), before).toBe(true);
    }
    for (const fence of ["```py", "~~~", "   ```"]) {
      const code = `${fence}\n   ${evil}\n\n\n   ${evil}\n${fence.trimEnd().replace("py", "")}`;
      expect(
        parseMarkdown(code).children.map(({ type }) => type),
        fence,
      ).toEqual(["code"]);
    }
    expect(parseMarkdown(`1. First:\n   \`\`\`py\n   ${evil}\n   \`\`\`\n2. Then`).children[0]?.type).toBe("list");
  });

  it("writes back what it read", () => {
    const text = "## Title\n\n- one\n- two\n\n**bold** _soft_ `code`\n\n> quote";
    expect(formatMarkdown(parseMarkdown(text))).toBe(text);
    expect(plainText(parseMarkdown(text))).toBe("Title\nonetwo\nbold soft code\nquote");
  });
});
