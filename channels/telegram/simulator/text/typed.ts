/** What a person types into a Telegram client: **bold**, __italic__, ~~struck~~, ||hidden||, `code`, blocks, links, quotes. */
import type { MessageEntity } from "@grammyjs/types";
import type { FormattedText } from "./formatted-text.ts";

type Style = "bold" | "italic" | "strikethrough" | "spoiler";

const styles: Readonly<Record<string, Style>> = {
  "**": "bold",
  __: "italic",
  "~~": "strikethrough",
  "||": "spoiler",
};

const token =
  /```(?:([\w+#-]+)\n)?([\s\S]+?)```|`([^`\n]+)`|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)|(\*\*|__|~~|\|\|)(?=\S)([\s\S]+?\S?)\6/g;

/** Text and entities; marks without a partner stay as they are. */
export function parseTyped(source: string): FormattedText {
  const entities: MessageEntity[] = [];
  const text = read(source, 0, entities);
  return quoted({ text, entities });
}

function read(source: string, start: number, entities: MessageEntity[]): string {
  let text = "";
  let last = 0;
  for (const match of source.matchAll(token)) {
    const [whole, language, block, code, label, url, mark = "", inner = ""] = match;
    text += source.slice(last, match.index);
    last = match.index + whole.length;
    const offset = start + text.length;
    if (block !== undefined) {
      const body = block.replace(/^\n|\n$/g, "");
      entities.push({ type: "pre", offset, length: body.length, ...(language !== undefined && { language }) });
      text += body;
    } else if (code !== undefined) {
      entities.push({ type: "code", offset, length: code.length });
      text += code;
    } else if (label !== undefined && url !== undefined) {
      entities.push({ type: "text_link", offset, length: label.length, url });
      text += label;
    } else {
      const nested: MessageEntity[] = [];
      const body = read(inner, offset, nested);
      const type = styles[mark];
      if (type) entities.push({ type, offset, length: body.length });
      entities.push(...nested);
      text += body;
    }
  }
  return text + source.slice(last);
}

/** Lines that begin with "> " become a quotation. */
function quoted({ text, entities }: FormattedText): FormattedText {
  if (!/^> ?/m.test(text)) return { text, entities };
  const removed: number[] = [];
  const quotes: MessageEntity[] = [];
  let result = "";
  let at = 0;
  let open: MessageEntity | undefined;
  for (const line of text.split("\n")) {
    const mark = /^> ?/.exec(line)?.[0].length ?? 0;
    const inBlock = entities.some(({ type, offset, length }) => type === "pre" && at >= offset && at < offset + length);
    const isQuote = mark > 0 && !inBlock;
    if (at > 0) result += "\n";
    if (isQuote) for (let index = 0; index < mark; index += 1) removed.push(at + index);
    const body = isQuote ? line.slice(mark) : line;
    if (isQuote && open) open.length = result.length + body.length - open.offset;
    else if (isQuote) open = { type: "blockquote", offset: result.length, length: body.length };
    else open = undefined;
    if (open && !quotes.includes(open)) quotes.push(open);
    result += body;
    at += line.length + 1;
  }
  const shift = (offset: number) => offset - removed.filter((place) => place < offset).length;
  const moved = entities.map((entity) => {
    const offset = shift(entity.offset);
    return { ...entity, offset, length: shift(entity.offset + entity.length) - offset };
  });
  return { text: result, entities: [...moved, ...quotes] };
}
