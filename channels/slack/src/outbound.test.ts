import type { RichTextBlock, SectionBlock } from "@slack/types";
import { markdownContent, type OutboundPart, type SwitchboardError, textContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { BLOCKS, BUTTONS } from "./limits.ts";
import { markDuplicate, render as renderFor } from "./outbound.ts";
import { fromPart, type MessagePayload } from "./payload.ts";

const render = (content: Parameters<typeof renderFor>[0]) => renderFor(content, { kind: "group" });
const blocksOf = (part: OutboundPart | undefined) => (fromPart(part as OutboundPart) as MessagePayload).blocks;
const rendered = (markdown: string) => blocksOf(render(markdownContent(markdown))[0]);
const codeOf = (work: () => unknown) => {
  try {
    work();
    return "nothing thrown";
  } catch (thrown) {
    return (thrown as SwitchboardError).code;
  }
};

describe("MSG-4 Markdown as blocks", () => {
  it("headings, rules and tables are blocks of their own; the rest is rich text", () => {
    const types = rendered("# Title\n\ntext\n\n---\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\nend").map(({ type }) => type);
    expect(types).toEqual(["header", "rich_text", "divider", "table", "rich_text"]);
  });

  it("nested lists are lists with an indent, and numbers go on", () => {
    const [block] = rendered("1. one\n   - inner\n2. two");
    expect(block).toMatchObject({
      elements: [
        { type: "rich_text_list", style: "ordered" },
        { type: "rich_text_list", style: "bullet", indent: 1 },
        { type: "rich_text_list", style: "ordered", offset: 1 },
      ],
    });
  });

  it("a second table goes into a message of its own: Slack takes one", () => {
    const table = "| a | b |\n|--|--|\n| 1 | 2 |\n";
    const parts = render(markdownContent(`${table}\n\n${table}`));
    expect(parts.map((part) => blocksOf(part).map(({ type }) => type))).toEqual([["table"], ["table"]]);
  });

  it("people and channels can be named, everybody cannot be called", () => {
    const text = JSON.stringify(rendered("<@U0123ABCD> in <#C0123ABCD>, <!channel> <!everyone>"));
    expect(text).toContain('{"type":"user","user_id":"U0123ABCD"}');
    expect(text).toContain('{"type":"channel","channel_id":"C0123ABCD"}');
    expect(text).not.toContain("broadcast");
    expect(text).toContain("<!channel>");
  });

  it("addresses that are none stay text", () => {
    expect(JSON.stringify(rendered("[press](javascript:alert(1))"))).not.toContain('"link"');
  });

  it("MSG-4 a label that is another address does not hide where the link goes", () => {
    const [shown] = rendered("See **[https://good.example/login](https://evil.example/x)**.") as [RichTextBlock];
    expect(shown.elements[0]?.elements).toEqual([
      { type: "text", text: "See " },
      { type: "text", text: "https://good.example/login (", style: { bold: true } },
      { type: "link", url: "https://evil.example/x", style: { bold: true } },
      { type: "text", text: ")", style: { bold: true } },
      { type: "text", text: "." },
    ]);
    const table = JSON.stringify(rendered("| a |\n|--|\n| [good.example](https://evil.example) |\n"));
    expect(table).toContain('"text":"good.example ("');
    const [honest] = rendered("[good.example](https://www.good.example/a)") as [RichTextBlock];
    expect(honest.elements[0]?.elements).toEqual([
      { type: "link", url: "https://www.good.example/a", text: "good.example" },
    ]);
  });

  it("reasoning is small print before the answer, in the same message when it is short", () => {
    const [part, ...others] = render(markdownContent("So.", { thinking: "Hm & *so*." }));
    expect(others).toEqual([]);
    expect(blocksOf(part)[0]).toMatchObject({ type: "context", elements: [{ text: "💭 Hm &amp; so." }] });
    const long = render(markdownContent("So.", { thinking: "thought ".repeat(3_000) }));
    expect(long.length).toBeGreaterThan(1);
    for (const each of long) expect(blocksOf(each).length).toBeLessThanOrEqual(BLOCKS);
    // What is long Slack may fold.
    expect(blocksOf(long[0])[0]).toMatchObject({ type: "section", expand: false });
    const shown = long
      .slice(0, -1)
      .flatMap((each) => blocksOf(each).map((block) => (block as SectionBlock).text?.text));
    expect(shown.join(" ").match(/thought/g)).toHaveLength(3_000);
  });
});

describe("MSG-4 controls", () => {
  it("a row is a block; labels are shortened visibly, values never", () => {
    const label = "x".repeat(100);
    const [part] = render(
      textContent("Choose", {
        controls: [
          [
            { kind: "button", label, value: "v", style: "danger" },
            { kind: "link", label: "More", url: "https://example.org" },
          ],
          [{ kind: "select", label: "Colour", options: [{ label: "Red", value: "r" }] }],
        ],
      }),
    );
    const [, first, second] = blocksOf(part);
    expect(first).toMatchObject({
      elements: [{ text: { text: `${"x".repeat(74)}…` }, value: "v", style: "danger" }, { url: "https://example.org" }],
    });
    expect(second).toMatchObject({ elements: [{ type: "static_select", options: [{ value: "r" }] }] });
  });

  it("MSG_008 what Slack cannot show is refused", () => {
    const button = (value: string, label = "B") => ({ kind: "button", label, value }) as const;
    const many = Array.from({ length: BUTTONS + 1 }, (_, index) => [button(`${index}`)]);
    for (const controls of [
      many,
      [[button("x".repeat(2_001))]],
      [[button("x", "  ")]],
      [[{ kind: "select", label: "S", options: [] } as const]],
    ]) {
      expect(codeOf(() => render(textContent("x", { controls })))).toBe("MSG_008");
    }
  });
});

describe("Q-6 a repeat says so, once", () => {
  it("in messages and with files", () => {
    const attachments = [{ kind: "document", source: { blob: "b" } } as const];
    for (const part of render(markdownContent("Hello", { attachments }))) {
      const marked = markDuplicate(part);
      expect(marked.preview).toContain("Perhaps a repeat");
      expect(markDuplicate(marked)).toEqual(marked);
    }
  });
});

describe("MSG-4 long code", () => {
  const code = "let x = 1;\n".repeat(1_000);
  const markdown = `Before.\n\n\`\`\`js\n${code}\`\`\`\n\nAfter.`;

  it("is a file that Slack folds and colours, where it stood", () => {
    const parts = render(markdownContent(markdown));
    expect(parts.map(({ payload }) => (payload as { type: string }).type)).toEqual(["message", "snippet", "message"]);
    expect(parts[1]).toMatchObject({
      editable: false,
      payload: { text: code.trimEnd(), fileName: "output.js", syntax: "javascript" },
    });
    const marked = markDuplicate(parts[1] as OutboundPart);
    expect(marked.preview).toContain("Perhaps a repeat");
    expect(markDuplicate(marked)).toEqual(marked);
  });

  it("of a language that Slack does not know is text", () => {
    const [first, part] = render(markdownContent(`\`\`\`constructor\n${code}\`\`\``));
    // What was streamed of it becomes this.
    expect(first).toMatchObject({ editable: true, preview: "⌄" });
    expect(part).toMatchObject({ payload: { fileName: "output.txt", syntax: "text" } });
  });

  it("that only one person may see is no file, which everybody would", () => {
    const parts = renderFor(markdownContent(markdown), { kind: "group", private: true });
    expect(new Set(parts.map(({ payload }) => (payload as { type: string }).type))).toEqual(new Set(["message"]));
    expect(parts.length).toBeGreaterThan(1);
  });
});
