/** A formatted text as one would type it, so that editing keeps the formatting. The other way round is `parseTyped`. */
import type { ShownEntity } from "./nest.ts";

const marks: Readonly<Record<string, string>> = {
  bold: "**",
  italic: "__",
  strikethrough: "~~",
  spoiler: "||",
  code: "`",
};

interface Insert {
  readonly at: number;
  /** Of several at one place the lower comes first: ends before beginnings, inner ends before outer ones. */
  readonly order: number;
  readonly mark: string;
}

export function typedForm(text: string, entities: readonly ShownEntity[]): string {
  const inserts = entities
    .flatMap((entity) => insertsOf(text, entity))
    .sort((a, b) => a.at - b.at || a.order - b.order);
  let typed = "";
  let at = 0;
  for (const insert of inserts) {
    typed += text.slice(at, insert.at) + insert.mark;
    at = insert.at;
  }
  return typed + text.slice(at);
}

function insertsOf(text: string, { type, offset, length, url, language }: ShownEntity): Insert[] {
  const around = (before: string, after: string): Insert[] => [
    { at: offset, order: 1 / length, mark: before },
    { at: offset + length, order: length - 1e6, mark: after },
  ];
  const mark = marks[type];
  if (mark !== undefined) return around(mark, mark);
  switch (type) {
    case "pre":
      return around(`\`\`\`${language === undefined ? "" : `${language}\n`}`, "```");
    case "text_link":
      return around("[", `](${url})`);
    case "blockquote":
    case "expandable_blockquote":
      return lineStarts(text, offset, offset + length).map((at) => ({ at, order: 0, mark: "> " }));
    default:
      return [];
  }
}

function lineStarts(text: string, from: number, to: number): number[] {
  const starts = [from];
  for (let at = text.indexOf("\n", from); at >= 0 && at + 1 < to; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
