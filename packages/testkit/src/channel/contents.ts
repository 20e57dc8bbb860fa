/** Anything an agent may say, generated. Every word is unique and numbered, so that a lost or moved one is seen. */
import type { AttachmentKind, Capabilities, Control, OutboundAttachment, OutboundContent } from "@switchboard/domain";
import fc from "fast-check";
import type { BlockContent, ListItem, PhrasingContent, Root, TableRow } from "mdast";

/** Stands for a word until the whole document is there and words are numbered in reading order. */
const WORD = "\u0001";
/** The same in a table, whose cells may be shown in another order and with their head repeated. */
const CELL = "\u0002";

const separators = fc.constantFrom(
  " ",
  ", ",
  ". ",
  " – ",
  " *not bold* ",
  " _x_ ",
  " <b> ",
  " & ",
  " ` ",
  " 👩‍👩‍👧‍👦 ",
  "\n",
  " \\ ",
  " 漢字 ",
  " العربية ",
);
const words = fc
  .array(separators, { minLength: 0, maxLength: 12 })
  .map((gaps) => WORD + gaps.map((gap) => gap + WORD).join(""));
const literal = (value: string): PhrasingContent => ({ type: "text", value });

const { phrasing } = fc.letrec<{ phrasing: PhrasingContent }>((tie) => {
  const children = fc.array(tie("phrasing"), { minLength: 1, maxLength: 4 });
  return {
    phrasing: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      words.map(literal),
      words.map((value): PhrasingContent => ({ type: "inlineCode", value: value.replaceAll("\n", " ") })),
      fc.constant<PhrasingContent>({ type: "break" }),
      children.map((each): PhrasingContent => ({ type: "strong", children: each })),
      children.map((each): PhrasingContent => ({ type: "emphasis", children: each })),
      children.map((each): PhrasingContent => ({ type: "delete", children: each })),
      words.map(
        (value): PhrasingContent => ({
          type: "link",
          url: "https://example.org/a?b=1&c=(2)",
          children: [literal(value)],
        }),
      ),
    ),
  };
});

const line = fc.array(phrasing, { minLength: 1, maxLength: 5 });
const code = fc.record({
  lang: fc.constantFrom(null, "js", "a b`c"),
  value: fc.array(words, { minLength: 1, maxLength: 30 }),
});

const { block } = fc.letrec<{ block: BlockContent }>((tie) => {
  const inner = fc.array(tie("block"), { minLength: 1, maxLength: 3 });
  const items = fc.array(
    inner.map((children): ListItem => ({ type: "listItem", spread: false, children })),
    { minLength: 1, maxLength: 6 },
  );
  const row = fc.array(words, { minLength: 2, maxLength: 2 }).map(
    (cells): TableRow => ({
      type: "tableRow",
      children: cells.map((cell) => ({
        type: "tableCell",
        children: [literal(cell.replaceAll("\n", " ").replaceAll(WORD, CELL))],
      })),
    }),
  );
  return {
    block: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 4, arbitrary: line.map((children): BlockContent => ({ type: "paragraph", children })) },
      line.map((children): BlockContent => ({ type: "heading", depth: 2, children })),
      code.map(({ lang, value }): BlockContent => ({ type: "code", lang, value: value.join("\n") })),
      fc.constant<BlockContent>({ type: "thematicBreak" }),
      words.map((value): BlockContent => ({ type: "html", value: `<i>${value}</i>` })),
      inner.map((children): BlockContent => ({ type: "blockquote", children })),
      fc.tuple(fc.boolean(), items).map(([ordered, children]): BlockContent => ({ type: "list", ordered, children })),
      fc.array(row, { minLength: 1, maxLength: 8 }).map((children): BlockContent => ({ type: "table", children })),
    ),
  };
});

/** Documents with at least one word, from a few characters to many messages. */
const root = fc
  .array(block, { minLength: 1, maxLength: 12 })
  .chain((blocks) =>
    fc.constantFrom(1, 1, 1, 8).map((times) => Array.from({ length: times }, () => structuredClone(blocks)).flat()),
  )
  .map(
    (children): Root => ({ type: "root", children: [...children, { type: "paragraph", children: [literal(WORD)] }] }),
  );

/** Content of text alone, with its words in reading order. */
export const texts = root.map(numbered);

export interface Numbered {
  readonly content: OutboundContent;
  /** In reading order. */
  readonly words: readonly string[];
  /** Those of tables. */
  readonly cells: readonly string[];
}

function numbered(body: Root): Numbered {
  const words: string[] = [];
  const cells: string[] = [];
  const next = (list: string[], letter: string): string => {
    const word = `${letter}${list.length}z`;
    list.push(word);
    return word;
  };
  const visit = (node: unknown): void => {
    const each = node as { value?: string; children?: unknown[] };
    if (typeof each.value === "string") {
      each.value = each.value.replaceAll(WORD, () => next(words, "w")).replaceAll(CELL, () => next(cells, "t"));
    }
    for (const child of each.children ?? []) visit(child);
  };
  const copy = structuredClone(body);
  visit(copy);
  return { content: { body: copy }, words, cells };
}

/** The numbered words in texts, in their order. */
export function wordsIn(shown: readonly string[]): string[] {
  return shown.flatMap((text) => text.match(/w\d+z/g) ?? []);
}

/** Those of tables, each once. */
export function cellsIn(shown: readonly string[]): Set<string> {
  return new Set(shown.flatMap((text) => text.match(/t\d+z/g) ?? []));
}

/** Buttons and links, at most as many as the platform takes. */
export function controlsFor({ controls }: Capabilities): Control[][] {
  if (controls.buttons === 0) return [];
  const value = "v".repeat(controls.valueBytes);
  const rows: Control[][] = [
    [
      { kind: "button", label: "Yes, please", value: "yes", style: "primary" },
      { kind: "button", label: "Nö 👍", value, style: "danger" },
    ],
    [{ kind: "link", label: "Read more", url: "https://example.org/more" }],
  ];
  let left = controls.buttons;
  return rows
    .map((row) => {
      const fitting = row.slice(0, Math.max(0, left));
      left -= fitting.length;
      return fitting;
    })
    .filter((row) => row.length > 0);
}

/** Bytes that pass for a file of that kind. */
export function bytesOf(kind: AttachmentKind): Uint8Array {
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const samples: Readonly<Record<AttachmentKind, Uint8Array>> = {
    image: Buffer.from(png, "base64"),
    sticker: Buffer.from("RIFF\u0024\u0000\u0000\u0000WEBPVP8 ", "latin1"),
    video: Buffer.from("\u0000\u0000\u0000\u0018ftypmp42\u0000\u0000\u0000\u0000mp42isom", "latin1"),
    audio: Buffer.from("ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000", "latin1"),
    voice: Buffer.from("OggS\u0000\u0002 and so on", "latin1"),
    document: Buffer.from("%PDF-1.4 a document", "latin1"),
  };
  return new Uint8Array(samples[kind]);
}

export const MIME: Readonly<Record<AttachmentKind, string>> = {
  image: "image/png",
  sticker: "image/webp",
  video: "video/mp4",
  audio: "audio/mpeg",
  voice: "audio/ogg",
  document: "application/pdf",
};

export function attachmentOf(kind: AttachmentKind, blob: string, fileName?: string): OutboundAttachment {
  return { kind, source: { blob }, mimeType: MIME[kind], ...(fileName !== undefined && { fileName }) };
}
