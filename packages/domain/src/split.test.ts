import fc from "fast-check";
import type { Root } from "mdast";
import { describe, expect, it } from "vitest";
import { formatMarkdown, parseMarkdown, plainText, textRoot } from "./markdown.ts";
import { splitRoot } from "./split.ts";

const measure = (root: Root) => plainText(root).length;
const squeeze = (text: string) => text.replaceAll(/\s+/g, "");

function pieces(markdown: string, max: number): Root[] {
  return splitRoot(parseMarkdown(markdown), { max, measure });
}

describe("splitRoot", () => {
  it("MSG-4 leaves alone what fits", () => {
    const root = parseMarkdown("Hello **world**");
    expect(splitRoot(root, { max: 100, measure })).toEqual([root]);
  });

  it("MSG-4 breaks between blocks before it breaks inside one", () => {
    const parts = pieces("first paragraph\n\nsecond paragraph\n\nthird paragraph", 34);
    expect(parts.map(formatMarkdown)).toEqual(["first paragraph\n\nsecond paragraph", "third paragraph"]);
  });

  it("MSG-4 closes formatting at the break and opens it again", () => {
    const parts = pieces(`**${"bold words ".repeat(10).trim()}**`, 40);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(formatMarkdown(part)).toMatch(/^\*\*.+\*\*$/);
  });

  it("MSG-4 keeps a code block's language in every piece and breaks it at line ends", () => {
    const code = Array.from({ length: 40 }, (_, line) => `const line${line} = ${line};`).join("\n");
    const parts = pieces(`\`\`\`ts\n${code}\n\`\`\``, 200);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect(part.children[0]).toMatchObject({ type: "code", lang: "ts" });
    expect(parts.map(plainText).join("\n")).toBe(code);
  });

  it("MSG-4 goes on counting an ordered list and repeats a table's head", () => {
    const items = Array.from({ length: 30 }, (_, index) => `${index + 1}. item number ${index + 1}`).join("\n");
    const lists = pieces(items, 120);
    expect(lists.length).toBeGreaterThan(2);
    expect(lists.map(formatMarkdown).join("\n")).toBe(formatMarkdown(parseMarkdown(items)));
    const rows = Array.from({ length: 20 }, (_, index) => `| a${index} | b${index} |`).join("\n");
    const tables = pieces(`| head | er |\n|---|---|\n${rows}`, 40);
    expect(tables.length).toBeGreaterThan(2);
    for (const table of tables) expect(plainText(table)).toContain("head");
  });

  it("MSG-4 never splits a character, however many parts it is made of", () => {
    const family = "👨‍👩‍👧‍👦";
    const parts = splitRoot(textRoot(family.repeat(300)), { max: 100, measure });
    for (const part of parts) {
      expect(plainText(part).replaceAll(family, "")).toBe("");
      expect(measure(part)).toBeLessThanOrEqual(100);
    }
  });

  it("MSG-4 loses and doubles nothing but white space at breaks, and every piece fits", () => {
    const block = fc.oneof(
      fc.lorem({ maxCount: 40 }),
      fc.lorem({ maxCount: 20 }).map((text) => `**${text}** and _${text}_ and \`${text}\``),
      fc
        .array(fc.lorem({ maxCount: 6 }), { minLength: 1, maxLength: 12 })
        .map((items) => items.map((item) => `- ${item}`).join("\n")),
      fc
        .array(fc.lorem({ maxCount: 5 }), { minLength: 1, maxLength: 12 })
        .map((lines) => `\`\`\`js\n${lines.join("\n")}\n\`\`\``),
      fc.lorem({ maxCount: 30 }).map((text) => `> ${text}`),
      fc.lorem({ maxCount: 5 }).map((text) => `## ${text}`),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }).map((text) => text.replaceAll(/[\n\r|<>&]/g, " ")),
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 8 }), fc.integer({ min: 30, max: 200 }), (blocks, max) => {
        const root = parseMarkdown(blocks.join("\n\n"));
        const parts = splitRoot(root, { max, measure });
        expect(squeeze(parts.map(plainText).join(""))).toBe(squeeze(plainText(root)));
        for (const part of parts) {
          expect(plainText(part).isWellFormed()).toBe(plainText(root).isWellFormed());
          expect(measure(part)).toBeLessThanOrEqual(max);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("MSG-4 splits 100,000 characters without a break in sight", () => {
    const parts = splitRoot(textRoot("x".repeat(100_000)), { max: 4096, measure });
    expect(parts.map(measure).reduce((a, b) => a + b)).toBe(100_000);
    expect(parts).toHaveLength(25);
  });
});
