/** What is left of a document for renderers that know no tables, footnotes and pictures. */
import { parseMarkdown } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { drawTable, simplify } from "./index.ts";

const kinds = (markdown: string, ...rest: [] | [() => boolean]) =>
  simplify(parseMarkdown(markdown), ...rest).children.map(({ type }) => type);

const narrow = "| a | b |\n|---|--:|\n| 1 | 20 |";
const wide = `| name | words |\n|---|---|\n| x | ${"long ".repeat(20)}|`;

describe("MSG-4 documents for platforms that cannot show all of Markdown", () => {
  it("leaves a document alone that needs nothing", () => {
    const root = parseMarkdown("# Title\n\n- **bold** and [link](https://example.com)\n\n```ts\nx\n```");
    expect(simplify(root)).toBe(root);
  });

  it("keeps a narrow table and makes a wide one a list, unless it is told what can be shown", () => {
    expect(kinds(`${narrow}\n\n${wide}`)).toEqual(["table", "list"]);
    expect(kinds(`${narrow}\n\n${wide}`, () => true)).toEqual(["table", "table"]);
    expect(kinds(`${narrow}\n\n${wide}`, () => false)).toEqual(["list", "list"]);
  });

  it("draws a table aligned as it asks, with wide characters counted twice", () => {
    const [table] = parseMarkdown("| a | 数 |\n|---|--:|\n| 日本 | 1 |").children;
    expect(table?.type === "table" && drawTable(table)).toBe("a    | 数\n---- | -:\n日本 |  1");
  });

  it("resolves references, and forgets what nobody can reach", () => {
    const { children } = simplify(parseMarkdown("[here][x] and [there][y] ![pic][x]\n\n[x]: https://example.com"));
    expect(JSON.stringify(children)).toContain('"url":"https://example.com"');
    expect(JSON.stringify(children)).not.toMatch(/Reference|definition/);
    expect(JSON.stringify(children)).toContain("🖼 pic");
  });
});
