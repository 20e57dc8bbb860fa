import { parseMarkdown } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { splitFormatted } from "./format.ts";

const shown = (markdown: string) => splitFormatted(parseMarkdown(markdown)).join("\n---\n");

describe("MSG-4 CH-5 Markdown in WhatsApp's markup", () => {
  it.each([
    ["**bold** _italic_ ~~strike~~ `code`", "*bold* _italic_ ~strike~ `code`"],
    ["**bold _and italic_**", "*bold _and italic_*"],
    ["# Title\n\ntext", "*Title*\n\ntext"],
    ["## A **strong** title", "*A strong title*"],
    ["- one\n- two\n  - inner", "- one\n- two\n  - inner"],
    ["3. three\n4. four", "3. three\n4. four"],
    ["- [x] done\n- [ ] open", "- ☑ done\n- ☐ open"],
    ["> quoted\n> **more**", "> quoted\n> *more*"],
    ["> outer\n>> inner", "> outer\n> \n> inner"],
    ["```js\nlet x = 1;\n```", "```let x = 1;```"],
    ["[a page](https://example.org/)", "a page (https://example.org/)"],
    ["https://example.org/", "https://example.org/"],
    ["| a | b |\n|---|---|\n| 1 | 2 |", "```a | b\n- | -\n1 | 2```"],
    ["````\n`a` and ```\n````", "```\u200b`a` and `\u200b`\u200b`\u200b```"],
    ["``````\n````` out\n``````", "```​`​`​`​`​` out```"],
    ["un**believ**able", "unbelievable"],
    ["**two\nlines**", "*two*\n*lines*"],
  ])("%s", (markdown, expected) => {
    expect(shown(markdown)).toBe(expected);
  });

  it("does not let typed marks become formatting", () => {
    expect(shown("\\*not bold\\* and 2 \\* 3")).toBe("*\u200bnot bold* and 2 * 3");
  });

  it("splits at 4096 characters, and every piece is formatted by itself", () => {
    const pieces = splitFormatted(parseMarkdown(`**${"word ".repeat(2_000)}end**`));
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(4096);
      expect(piece).toMatch(/^\*\S.*\S\*$/s);
    }
  });
});
