/** Builds a text with Telegram's entities. Offsets and lengths count UTF-16 units, as the Bot API does. */
import type { MessageEntity } from "grammy/types";

export interface RichText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

/** A span being written. */
export type Style =
  | { readonly type: "bold" | "italic" | "underline" | "strikethrough" | "spoiler" | "code" }
  | { readonly type: "pre"; readonly language?: string }
  | { readonly type: "text_link"; readonly url: string }
  | { readonly type: "blockquote"; readonly expandable: boolean };

interface Span {
  readonly style: Style;
  /** Where its first character is; -1 while there is none. */
  start: number;
}

/** A quote longer than this is shown collapsed. */
const LONG_QUOTE = 400;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export class RichTextWriter {
  readonly entities: MessageEntity[] = [];
  /** UTF-16 units so far. */
  length = 0;
  /** Written before every line but the first of a text: the indent of a list, the marks of an inner quote. */
  prefix = "";
  readonly #limit: number;
  #pieces: string[] = [];
  #open: Span[] = [];
  #gap = "";

  /** Writing beyond `limit` units may stop at any time: such a text is only measured, not used. */
  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.length > this.#limit;
  }

  get quoting(): boolean {
    return this.#open.some(({ style }) => style.type === "blockquote");
  }

  /** How many entities there are, those still open included. */
  get entityCount(): number {
    return this.entities.length + this.#open.length;
  }

  /** Starts a new block: `gap` is written before the next text, if something stands before it. */
  separate(gap: string): void {
    if (this.length > 0) this.#gap = gap;
  }

  text(raw: string): void {
    if (raw === "" || this.full) return;
    const value = this.prefix !== "" && raw.includes("\n") ? raw.replaceAll("\n", `\n${this.prefix}`) : raw;
    if (this.#gap !== "") this.#append(this.#gap + this.prefix);
    this.#gap = "";
    for (const span of this.#open) if (span.start < 0) span.start = this.length;
    this.#append(value);
  }

  styled(style: Style, write: () => void): void {
    if (this.#open.some(({ style: outer }) => outer.type === style.type)) {
      write();
      return;
    }
    const span: Span = { style, start: -1 };
    this.#open.push(span);
    write();
    this.#open.pop();
    this.#finish(span);
  }

  /** Code tolerates no other style around it, so open ones end before it and go on behind. In a link it is plain text. */
  code(style: Style & { type: "code" | "pre" }, value: string): void {
    if (this.#open.some(({ style: { type } }) => type === "text_link")) {
      this.text(value);
      return;
    }
    const kept = this.#open.filter(({ style: { type } }) => type === "blockquote");
    const cut = this.#open.filter(({ style: { type } }) => type !== "blockquote");
    for (const span of cut) {
      this.#finish(span);
      span.start = -1;
    }
    const open = this.#open;
    this.#open = [...kept];
    this.styled(style, () => this.text(value));
    this.#open = open;
  }

  /** The whole, without white space at its end. */
  finish(): RichText {
    const text = this.#pieces.join("").trimEnd();
    const entities = this.entities
      .map((entity) => ({ ...entity, length: Math.min(entity.length, text.length - entity.offset) }))
      .filter(({ length }) => length > 0)
      .sort((a, b) => a.offset - b.offset || b.length - a.length);
    return { text, entities };
  }

  #append(value: string): void {
    // A text that is only measured is spared the cleaning: that never makes it longer.
    const clean = this.#limit === Number.POSITIVE_INFINITY ? value.replace(controls, "").toWellFormed() : value;
    this.#pieces.push(clean);
    this.length += clean.length;
  }

  #finish({ style, start }: Span): void {
    const length = this.length - start;
    if (start < 0 || length === 0) return;
    const place = { offset: start, length };
    switch (style.type) {
      case "blockquote": {
        const expandable = style.expandable || length > LONG_QUOTE;
        this.entities.push({ type: expandable ? "expandable_blockquote" : "blockquote", ...place });
        break;
      }
      case "pre":
        this.entities.push({
          type: "pre",
          ...(style.language && { language: style.language }),
          ...place,
        } as MessageEntity);
        break;
      case "text_link":
        this.entities.push({ type: "text_link", url: style.url, ...place });
        break;
      default:
        this.entities.push({ type: style.type, ...place });
    }
  }
}
