/** Formatting: what bots send, what people type, what Telegram finds by itself, and how it looks. */
import type { MessageEntity } from "@grammyjs/types";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withDetected } from "./detect.ts";
import { endOf, type FormattedText, normalise } from "./formatted-text.ts";
import { parseHtml } from "./html.ts";
import { parseMarkdownV2 } from "./markdown-v2.ts";
import { nest } from "./nest.ts";
import { toHtml } from "./to-html.ts";
import { parseTyped } from "./typed.ts";

/** Entities as `type:covered text`. */
function covered({ text, entities }: FormattedText): string[] {
  return entities.map((entity) => `${entity.type}:${text.slice(entity.offset, endOf(entity))}`);
}

describe("CH-1 parse_mode HTML", () => {
  it.each([
    ["<b>bold</b> <i>it</i>", "bold it", ["bold:bold", "italic:it"]],
    ["<b>a <i>b</i></b>", "a b", ["italic:b", "bold:a b"]],
    ["1 &lt; 2 &amp;&amp; 3 &gt; 2 &#33; &#x1F600; &nope;", "1 < 2 && 3 > 2 ! 😀 &nope;", []],
    ['<a href="https://e.com/?a=1&amp;b=2">x</a>', "x", ["text_link:x"]],
    ['<pre><code class="language-ts">let a</code></pre>', "let a", ["pre:let a"]],
    ['<code class="language-ts">a</code>', "a", ["code:a"]],
    ["<blockquote expandable>q</blockquote>", "q", ["expandable_blockquote:q"]],
    ['<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>', "st", ["spoiler:s", "spoiler:t"]],
    ["😀<b>x</b>", "😀x", ["bold:x"]],
    ["<b></b>x", "x", []],
  ])("%s", (source, text, entities) => {
    const parsed = parseHtml(source);
    expect(parsed.text).toBe(text);
    expect(covered(parsed)).toEqual(entities);
  });

  it("keeps addresses and languages", () => {
    expect(parseHtml('<a href="http://e.com/?a&amp;b">x</a>').entities).toEqual([
      { type: "text_link", offset: 0, length: 1, url: "http://e.com/?a&b" },
    ]);
    expect(parseHtml('<pre><code class="language-c">x</code></pre>').entities).toEqual([
      { type: "pre", offset: 0, length: 1, language: "c" },
    ]);
  });

  it.each([
    ["<b>x", `Can't find end tag corresponding to start tag "b"`],
    ["x</b>", "Unexpected end tag at byte offset 1"],
    ["é<b>x</i>", `Unmatched end tag at byte offset 6, expected "</b>", found "</i>"`],
    ["a <h1>x</h1>", `Unsupported start tag "h1" at byte offset 2`],
    ["a < b", "Unclosed start tag at byte offset 2"],
    ["<span>x</span>", `Tag "span" must have class "tg-spoiler" at byte offset 0`],
  ])("refuses %s", (source, complaint) => {
    expect(() => parseHtml(source)).toThrow(`Bad Request: can't parse entities: ${complaint}`);
  });
});

describe("CH-1 parse_mode MarkdownV2", () => {
  it.each([
    [
      "*bold* _it_ __un__ ~st~ ||sp||",
      "bold it un st sp",
      ["bold:bold", "italic:it", "underline:un", "strikethrough:st", "spoiler:sp"],
    ],
    ["*a _b_*", "a b", ["italic:b", "bold:a b"]],
    ["`co\\`de` ```ts\nlet a```", "co`de let a", ["code:co`de", "pre:let a"]],
    ["[x](https://e.com/a\\)b)", "x", ["text_link:x"]],
    ["1\\.5 \\*no\\*", "1.5 *no*", []],
    [">q1\n>q2\nno", "q1\nq2\nno", ["blockquote:q1\nq2"]],
    ["**>long\n>quote||\nend", "long\nquote\nend", ["expandable_blockquote:long\nquote"]],
  ])("%s", (source, text, entities) => {
    const parsed = parseMarkdownV2(source);
    expect(parsed.text).toBe(text);
    expect(covered(parsed)).toEqual(entities);
  });

  it.each([
    ["a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ["é *x", "Can't find end of Bold entity at byte offset 3"],
    ["`x", "Can't find end of Code entity at byte offset 0"],
    ["[x](y", "Can't find end of a URL at byte offset 3"],
  ])("refuses %s", (source, complaint) => {
    expect(() => parseMarkdownV2(source)).toThrow(`Bad Request: can't parse entities: ${complaint}`);
  });
});

describe("CH-1 entities given by offset", () => {
  const bold = (offset: number, length: number): MessageEntity => ({ type: "bold", offset, length });

  it.each([
    ["👉 x", bold(1, 1), "entity begins in a middle of a UTF-16 symbol at byte offset 4"],
    ["👉 x", bold(0, 1), "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4"],
    ["aba caba", bold(3, 6), "entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 9"],
    ["aba caba", bold(9, 1), "entity begins after the end of the text at UTF-16 offset 9"],
    ["x", bold(-1, 1), "receive an entity with incorrect offset -1"],
    ["x", bold(0, -1), "receive an entity with incorrect length -1"],
  ])("refuses what does not fit: %s %o", (text, entity, complaint) => {
    expect(() => normalise(text, [entity])).toThrow(`Bad Request: ${complaint}`);
  });

  it("trims the text and moves the entities with it", () => {
    const { text, entities } = normalise("  a\rb\u0000c  ", [bold(2, 4)]);
    expect(text).toBe("ab c");
    expect(entities).toEqual([bold(0, 3)]);
    expect(normalise("x   y", [bold(1, 3)]).entities).toEqual([]);
  });

  it("cuts what crosses, and keeps code plain", () => {
    const crossing = normalise("abcdef", [
      bold(0, 4),
      { type: "text_link", offset: 2, length: 4, url: "http://e.com" },
    ]);
    expect(covered(crossing)).toEqual(["bold:ab", "text_link:cdef", "bold:cd"]);
    const inCode = normalise("abcdef", [{ type: "code", offset: 1, length: 3 }, bold(0, 6)]);
    expect(covered(inCode)).toEqual(["bold:abcdef", "code:bcd"]);
    const overCode = normalise("abcdef", [{ type: "pre", offset: 0, length: 6 }, bold(1, 2)]);
    expect(covered(overCode)).toEqual(["pre:abcdef"]);
  });

  it("never leaves an entity outside the text or with nothing in it", () => {
    const entity = fc.record({
      type: fc.constantFrom("bold", "italic", "code", "pre", "blockquote", "spoiler" as const),
      offset: fc.nat(30),
      length: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30 }), fc.array(entity, { maxLength: 6 }), (text, entities) => {
        const fitting = entities.filter(({ offset, length }) => offset + length <= text.length);
        const result = normalise(text, fitting as MessageEntity[]);
        for (const { offset, length } of result.entities) {
          expect(length).toBeGreaterThan(0);
          expect(offset + length).toBeLessThanOrEqual(result.text.length);
        }
        expect(result.text).toBe(result.text.trim());
        // Whatever comes out can be shown without losing a character.
        const flat = (nodes: ReturnType<typeof nest>): string =>
          nodes.map((node) => (node.kind === "text" ? node.text : flat(node.children))).join("");
        expect(flat(nest(result.text, result.entities))).toBe(result.text);
      }),
    );
  });
});

describe("CH-1 what Telegram finds in a text", () => {
  const found = (text: string, entities: readonly MessageEntity[] = []): string[] =>
    covered({ text, entities: withDetected(text, entities) });

  it.each([
    ["/start now", ["bot_command:/start"]],
    ["do /help@some_bot", ["bot_command:/help@some_bot"]],
    ["a/b and 1/2", []],
    ["hi @ada_l, mail ada@example.com", ["mention:@ada_l", "email:ada@example.com"]],
    ["see https://example.com/a?b=c#d, ok", ["url:https://example.com/a?b=c#d"]],
    ["(see https://e.com/x)", ["url:https://e.com/x"]],
    ["example.com and file.txt", ["url:example.com"]],
    ["#tag #1 $USD", ["hashtag:#tag", "cashtag:$USD"]],
    ["call +49 30 1234567", ["phone_number:+49 30 1234567"]],
    ["nothing at all", []],
  ])("%s", (text, entities) => {
    expect(found(text)).toEqual(entities);
  });

  it("leaves code and links alone", () => {
    expect(found("/a /b", [{ type: "code", offset: 0, length: 2 }])).toEqual(["code:/a", "bot_command:/b"]);
  });
});

describe("CH-1 what people type", () => {
  it.each([
    ["**b** __i__ ~~s~~ ||h|| `c`", "b i s h c", ["bold:b", "italic:i", "strikethrough:s", "spoiler:h", "code:c"]],
    ["**a __b__**", "a b", ["bold:a b", "italic:b"]],
    ["```py\nx = 1\n```", "x = 1", ["pre:x = 1"]],
    ["[label](https://e.com)", "label", ["text_link:label"]],
    ["> one\n> two\nthree", "one\ntwo\nthree", ["blockquote:one\ntwo"]],
    ["2 ** 3 ** 4 and a__b", "2 ** 3 ** 4 and a__b", []],
    ["`**no**`", "**no**", ["code:**no**"]],
  ])("%s", (source, text, entities) => {
    const parsed = parseTyped(source);
    expect(parsed.text).toBe(text);
    expect(covered(parsed)).toEqual(entities);
  });
});

describe("CH-1 formatting made visible", () => {
  it("nests, escapes and links", () => {
    const { text, entities } = parseHtml(
      '<b>a &lt; <i>b</i></b> <a href="https://e.com/">x</a>\n<blockquote>q</blockquote>',
    );
    expect(toHtml(text, entities)).toBe(
      '<b>a &lt; <i>b</i></b> <a href="https://e.com/">x</a>\n<blockquote>q</blockquote>',
    );
    expect(toHtml("example.com", withDetected("example.com", []))).toBe('<a href="http://example.com">example.com</a>');
  });
});
