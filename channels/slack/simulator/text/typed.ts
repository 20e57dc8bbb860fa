/** What people type, as Slack stores it: escaped text beside rich text. */
import { escaped } from "../../src/mrkdwn.ts";
import type { Block } from "../world/message.ts";

export interface Typed {
  readonly text: string;
  readonly blocks: readonly Block[];
}

type Element = Readonly<Record<string, unknown>>;

/** `@name` of somebody known is a mention; `ids` are by handle. With `marks`, `*bold*` and the like are formatting. */
export function typed(text: string, ids: ReadonlyMap<string, string>, marks = false): Typed {
  const elements: Element[] = [];
  const pieces: string[] = [];
  for (const piece of text.split(/(@[a-z0-9][\w.-]*)/i)) {
    if (piece === "") continue;
    const id = piece.startsWith("@") ? ids.get(piece.slice(1).toLowerCase()) : undefined;
    if (id !== undefined) {
      elements.push({ type: "user", user_id: id });
      pieces.push(`<@${id}>`);
    } else {
      elements.push(...(marks ? styled(piece) : [{ type: "text", text: piece }]));
      pieces.push(escaped(piece));
    }
  }
  const section = { type: "rich_text_section", elements };
  return {
    text: pieces.join(""),
    blocks: elements.length === 0 ? [] : [{ type: "rich_text", block_id: "typed", elements: [section] }],
  };
}

const styles = { "*": "bold", _: "italic", "~": "strike", "`": "code" } as const;

function styled(text: string): Element[] {
  return text
    .split(/(\*[^*\s][^*\n]*\*|_[^_\s][^_\n]*_|~[^~\s][^~\n]*~|`[^`\n]+`)/)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const mark = piece[0] as keyof typeof styles;
      const isMarked = piece.length > 2 && piece.at(-1) === mark && mark in styles;
      return isMarked
        ? { type: "text", text: piece.slice(1, -1), style: { [styles[mark]]: true } }
        : { type: "text", text: piece };
    });
}
