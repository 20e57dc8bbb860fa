import { markdownContent, type OutboundAttachment, textContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { MESSAGE_LENGTH, markDuplicate, render } from "./outbound.ts";
import { fromPart } from "./payload.ts";

const bodies = (markdown: string) => render(markdownContent(markdown)).map((part) => fromPart(part).body);

describe("MSG-4 Markdown as a text message", () => {
  it.each([
    ["emphasis is words", "Some **bold** and _italic_ ~~old~~ `code`", "Some bold and italic ~old~ code"],
    ["a link carries its address", "See [the page](https://example.org/a).", "See the page (https://example.org/a)."],
    ["a bare link is itself", "<https://example.org/> and mail <a@b.org>", "https://example.org/ and mail a@b.org"],
    ["a reference", "[here][1]\n\n[1]: https://example.org/", "here (https://example.org/)"],
    ["a picture", "![A cat](https://example.org/cat.png)", "A cat (https://example.org/cat.png)"],
    ["headings and paragraphs", "# Title\n\nText\nmore\n\nLast", "Title\n\nText\nmore\n\nLast"],
    [
      "lists",
      "- one\n- two\n  1. a\n  2. b\n- [x] done\n- [ ] open",
      "- one\n- two\n  1. a\n  2. b\n[x] done\n[ ] open",
    ],
    ["code as it is", "```js\nif (a) {\n  b();\n}\n```", "if (a) {\n  b();\n}"],
    ["quotes", "> said\n>\n> > deeper\n\nanswer", "> said\n> > deeper\n\nanswer"],
    [
      "tables as records",
      "| City | Sun |\n|---|---|\n| Rome | 8 h |\n| Oslo | 2 h |",
      "- City: Rome\n  Sun: 8 h\n- City: Oslo\n  Sun: 2 h",
    ],
    ["a rule", "a\n\n---\n\nb", "a\n\n---\n\nb"],
    ["a footnote", "True[^1]\n\n[^1]: Says who", "True[1]\n\n[1] Says who"],
  ])("%s", (_what, markdown, text) => {
    expect(bodies(markdown)).toEqual([text]);
  });

  it("is split below 1600 characters, with room for the note, at a good place", () => {
    const texts = bodies("A sentence of some words. ".repeat(200));
    expect(texts.length).toBeGreaterThan(2);
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(MESSAGE_LENGTH - 18);
      expect(text).toMatch(/^A sentence .*words\.$/s);
    }
  });

  it("says in the preview what it costs", () => {
    const previews = (text: string) => render(textContent(text)).map(({ preview }) => preview);
    expect(previews("Hi")).toEqual(["Hi [1 SMS segment, GSM-7]"]);
    expect(previews("Hi 😀".repeat(20))[0]).toMatch(/ \[2 SMS segments, UCS-2\]$/);
    const [repeat] = render(textContent("x".repeat(150))).map(markDuplicate);
    expect(repeat?.preview).toMatch(/^\(May be a repeat\)\nx+ \[2 SMS segments, GSM-7\]$/);
  });

  it("writes buttons as numbers to answer with, and links with their address", () => {
    const [part] = render(
      textContent("Sure?", {
        controls: [
          [
            { kind: "button", label: "Yes", value: "y" },
            { kind: "button", label: "No", value: "n" },
          ],
          [{ kind: "link", label: "Terms", url: "https://example.org/t" }],
        ],
      }),
    );
    expect(part && fromPart(part).body).toBe("Sure?\n\nReply 1 for Yes, 2 for No.\n\nTerms (https://example.org/t)");
  });
});

describe("MSG-4 files", () => {
  const file = (extra: Partial<OutboundAttachment> = {}): OutboundAttachment => ({
    kind: "image",
    source: { blob: "b" },
    ...extra,
  });
  const send = (attachments: OutboundAttachment[], text = "") =>
    render(textContent(text, { attachments })).map(fromPart);

  it("go together with the text, ten a message and five megabytes", () => {
    expect(send([file({ size: 1 })], "Look")).toMatchObject([{ body: "Look", media: [{ kind: "image" }] }]);
    expect(send(Array.from({ length: 11 }, () => file({ size: 1 }))).map(({ media }) => media?.length)).toEqual([
      10, 1,
    ]);
    const large = file({ size: 3 * 1024 * 1024 });
    expect(send([large, large]).map(({ media }) => media?.length)).toEqual([1, 1]);
  });

  it("MSG_003 MSG_008 that no MMS takes are refused", () => {
    expect(() => send([file({ kind: "video", size: 600 * 1024 })])).toThrow(
      expect.objectContaining({ code: "MSG_003" }),
    );
    expect(() => send([file({ kind: "sticker" })])).toThrow(expect.objectContaining({ code: "MSG_008" }));
  });

  it("show their captions", () => {
    expect(send([file({ caption: "A cat" })], "Look")[0]?.body).toBe("Look\n\nA cat");
  });
});
