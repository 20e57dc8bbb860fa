import {
  type Control,
  type ConversationId,
  markdownContent,
  type OutboundAttachment,
  type OutboundContent,
  type Target,
  textContent,
} from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import channel from "./index.ts";
import { DUPLICATE_NOTE } from "./split.ts";

const target: Target = { conversation: "7001" as ConversationId, kind: "direct" };

function payloads(content: OutboundContent): unknown[] {
  return channel.render(content, target).map(({ payload }) => payload);
}

function file(kind: OutboundAttachment["kind"], extra: Partial<OutboundAttachment> = {}): OutboundAttachment {
  return { kind, source: { url: `https://x.org/${kind}` }, ...extra };
}

function button(label: string, value = label): Control {
  return { kind: "button", label, value };
}

const errorWith = (code: string) => expect.objectContaining({ code, retryable: false });

describe("MSG-4 text, attachments and controls as parts", () => {
  it("renders a short answer as one part that a draft may become", () => {
    const [part, ...others] = channel.render(markdownContent("Hello **you**"), target);
    expect(others).toEqual([]);
    expect(part).toEqual({
      payload: { type: "text", text: "Hello you", entities: [{ type: "bold", offset: 6, length: 3 }] },
      preview: "Hello you",
      editable: true,
    });
  });

  it("survives the store: a part is the same after a round through JSON", () => {
    const content = markdownContent("**a** ".repeat(900), { attachments: [file("image")], controls: [[button("ok")]] });
    const parts = channel.render(content, target);
    expect(JSON.parse(JSON.stringify(parts))).toEqual(parts);
  });

  it("puts the reasoning first, collapsed, and splits it too", () => {
    const short = payloads(markdownContent("Answer", { thinking: "First **this**.\n\nThen that." }));
    expect(short).toEqual([
      {
        type: "text",
        text: "💭 First this.\n\nThen that.\n\nAnswer",
        entities: [
          { type: "expandable_blockquote", offset: 0, length: 26 },
          { type: "bold", offset: 9, length: 4 },
        ],
      },
    ]);
    const long = channel.render(markdownContent("Answer", { thinking: "Hm, well. ".repeat(900) }), target);
    expect(long.length).toBeGreaterThan(2);
    for (const { payload } of long) expect(payload).toMatchObject({ entities: [{ type: "expandable_blockquote" }] });
  });

  it("uses a short text as the caption of the only attachment", () => {
    expect(payloads(markdownContent("My _cat_", { attachments: [file("image")] }))).toEqual([
      {
        type: "media",
        items: [
          {
            kind: "photo",
            source: { url: "https://x.org/image" },
            caption: { text: "My cat", entities: [{ type: "italic", offset: 3, length: 3 }] },
          },
        ],
      },
    ]);
  });

  it("lets a text follow that is too long for a caption", () => {
    const text = "word ".repeat(300).trim();
    expect(payloads(textContent(text, { attachments: [file("document", { fileName: "a.pdf" })] }))).toEqual([
      { type: "media", items: [{ kind: "document", source: { url: "https://x.org/document" }, fileName: "a.pdf" }] },
      { type: "text", text, follows: true },
    ]);
  });

  it("shows several photos as albums of at most ten, with the text as the first one's caption", () => {
    const attachments = Array.from({ length: 4 }, () => file("image"));
    expect(payloads(textContent("Four", { attachments }))).toMatchObject([
      { type: "media", items: [{ caption: { text: "Four" } }, {}, {}, {}] },
    ]);
    const many = payloads(textContent("Many", { attachments: Array.from({ length: 23 }, () => file("image")) }));
    expect(many.map((each) => ("items" in Object(each) ? (each as { items: [] }).items.length : "text"))).toEqual([
      10,
      10,
      3,
      "text",
    ]);
  });

  it("keeps apart what Telegram does not mix in one album", () => {
    const kinds = ["image", "video", "document", "document", "voice", "voice", "audio", "sticker"] as const;
    const parts = payloads(textContent("x", { attachments: kinds.map((kind) => file(kind)) })) as {
      items?: unknown[];
    }[];
    expect(parts.map(({ items }) => items?.length)).toEqual([2, 2, 1, 1, 1, 1, undefined]);
  });

  it("keeps every attachment's own caption, also where there is no place for it", () => {
    const long = "caption ".repeat(200).trim();
    const parts = payloads(
      textContent("Text", {
        attachments: [
          file("image", { caption: "One" }),
          file("image", { caption: long }),
          file("sticker", { caption: "Two" }),
        ],
      }),
    );
    expect(parts).toMatchObject([
      { items: [{ caption: { text: "One" } }, { kind: "photo" }] },
      { items: [{ kind: "sticker" }] },
      { text: long },
      { text: "Two" },
      { text: "Text" },
    ]);
  });

  it.each([
    ["image", {}, "photo"],
    ["image", { mimeType: "image/gif" }, "animation"],
    ["image", { mimeType: "image/svg+xml" }, "document"],
    ["image", { size: 11 * 1024 * 1024 }, "document"],
    ["sticker", { size: 600 * 1024 }, "document"],
    ["voice", { mimeType: "audio/ogg" }, "voice"],
    ["voice", { mimeType: "audio/wav" }, "audio"],
    ["video", {}, "video"],
  ] as const)("sends %s %o as %s", (kind, extra, expected) => {
    expect(payloads(textContent("x", { attachments: [file(kind, extra)] }))[0]).toMatchObject({
      items: [{ kind: expected }],
    });
  });

  it("MSG_003 refuses a file that Telegram takes in no form", () => {
    const content = textContent("x", { attachments: [file("video", { size: 51 * 1024 * 1024 })] });
    expect(() => channel.render(content, target)).toThrow(errorWith("MSG_003"));
  });
});

describe("MSG-4 AGT-5 controls as inline keyboards", () => {
  it("puts the controls on the last part only", () => {
    const parts = payloads(textContent("word ".repeat(2000), { controls: [[button("Yes", "y"), button("No", "n")]] }));
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.slice(0, -1).some((part) => "keyboard" in Object(part))).toBe(false);
    expect(parts.at(-1)).toMatchObject({
      keyboard: [
        [
          { text: "Yes", callback_data: "y" },
          { text: "No", callback_data: "n" },
        ],
      ],
    });
  });

  it("shows a select as buttons, one a row, and its label in the text", () => {
    const select: Control = {
      kind: "select",
      label: "Model",
      options: [
        { label: "Small", value: "s" },
        { label: "Large", value: "l" },
      ],
    };
    const link: Control = { kind: "link", label: "Help", url: "https://x.org/" };
    expect(payloads(textContent("Choose", { controls: [[select], [link]] }))).toEqual([
      {
        type: "text",
        text: "Choose\n\nModel",
        keyboard: [
          [{ text: "Small", callback_data: "s" }],
          [{ text: "Large", callback_data: "l" }],
          [{ text: "Help", url: "https://x.org/" }],
        ],
      },
    ]);
  });

  it("colours buttons and breaks rows that are too wide", () => {
    const row: Control[] = Array.from({ length: 10 }, (_, index) => button(`${index}`));
    row[0] = { kind: "button", label: "0", value: "0", style: "danger" };
    const [part] = payloads(textContent("x", { controls: [row] })) as { keyboard: unknown[][] }[];
    expect(part?.keyboard.map((each) => each.length)).toEqual([8, 2]);
    expect(part?.keyboard[0]?.[0]).toEqual({ text: "0", callback_data: "0", style: "danger" });
  });

  it("gives an album's controls a message of their own", () => {
    const content = textContent("", { attachments: [file("image"), file("image")], controls: [[button("ok")]] });
    expect(payloads(content)).toMatchObject([{ type: "media" }, { type: "text", keyboard: [[{ text: "ok" }]] }]);
    const withText = textContent("Which?", { attachments: [file("image"), file("image")], controls: [[button("ok")]] });
    expect(payloads(withText)).toMatchObject([
      { type: "media" },
      { type: "text", text: "Which?", keyboard: [[{ text: "ok" }]] },
    ]);
  });

  it.each([
    ["more than 100 buttons", Array.from({ length: 101 }, (_, index) => [button(`${index}`)])],
    ["a value of more than 64 bytes", [[button("x", "ä".repeat(33))]]],
    ["an empty value", [[button("x", "")]]],
    ["an empty label", [[button(" ", "x")]]],
    ["an address that is none", [[{ kind: "link", label: "x", url: "javascript:alert(1)" } as const]]],
  ])("MSG_008 refuses %s before anything is queued", (_name, controls) => {
    expect(() => channel.render(textContent("x", { controls }), target)).toThrow(errorWith("MSG_008"));
  });
});

describe("Q-6 a part that may be a repeat says so", () => {
  it("puts a visible note before a text and moves its entities", () => {
    const [part] = channel.render(markdownContent("Hello **you**"), target);
    if (!part) throw new Error("no part");
    const marked = channel.markDuplicate(part);
    expect(marked.payload).toEqual({
      type: "text",
      text: `${DUPLICATE_NOTE}Hello you`,
      entities: [
        { type: "italic", offset: 0, length: DUPLICATE_NOTE.length - 1 },
        { type: "bold", offset: DUPLICATE_NOTE.length + 6, length: 3 },
      ],
    });
    expect(marked.preview).toContain("repeat");
  });

  it("never makes a text too long or its entities too many", () => {
    const content = markdownContent(`${"**a** b ".repeat(300)}${"x".repeat(9000)}`);
    for (const part of channel.render(content, target)) {
      const { text, entities } = channel.markDuplicate(part).payload as { text: string; entities: unknown[] };
      expect(text.length).toBeLessThanOrEqual(4096);
      expect(entities.length).toBeLessThanOrEqual(100);
    }
  });

  it.each(["image", "voice", "document"] as const)("notes it in the caption of %s", (kind) => {
    const [part] = channel.render(textContent("x".repeat(1000), { attachments: [file(kind)] }), target);
    if (!part) throw new Error("no part");
    const { items } = channel.markDuplicate(part).payload as { items: { caption: { text: string } }[] };
    expect(items[0]?.caption.text).toMatch(/repeat/);
    expect(items[0]?.caption.text.length).toBeLessThanOrEqual(1024);
  });

  it("notes it below a sticker, which has no text", () => {
    const [part] = channel.render(textContent("", { attachments: [file("sticker")] }), target);
    if (!part) throw new Error("no part");
    expect(channel.markDuplicate(part).payload).toMatchObject({
      keyboard: [[{ text: expect.stringMatching(/repeat/) }]],
    });
  });
});

describe("addresses as people type them", () => {
  it.each([
    ["12345", { conversation: "12345", kind: "direct" }],
    [" -100123 ", { conversation: "-100123", kind: "group" }],
    ["-100123:7", { conversation: "-100123", kind: "group", thread: "7" }],
    ["@some_channel", { conversation: "@some_channel", kind: "channel" }],
  ])("reads %j", (text, expected) => {
    expect(channel.parseTarget(text)).toEqual(expected);
  });

  it.each(["", "ann", "12:34:56", "@a", "1e5", "007", "12 34", "-", "12345678901234567890"])(
    "REQ_001 refuses %j",
    (text) => {
      expect(() => channel.parseTarget(text)).toThrow(errorWith("REQ_001"));
    },
  );
});
