/** Writes lines with prefixes for quotes and lists, and stops when it has more than anybody asked for. */

export class PlainWriter {
  /** Goes before every line. */
  prefix = "";
  readonly #limit: number;
  #text = "";
  /** What separates what was written from what comes. */
  #gap = "";
  /** Whether the next character begins a line. */
  #fresh = true;

  /** Beyond `limit` UTF-16 units the text may be cut: enough to know that it is too long. */
  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#text.length > this.#limit;
  }

  get value(): string {
    return this.#text;
  }

  text(value: string): void {
    for (const [index, line] of value.split("\n").entries()) {
      if (this.full) return;
      if (index > 0) this.#break();
      if (line !== "") this.#put(line);
    }
  }

  /** Nothing at the beginning; `\n` and `\n\n` do not add up. */
  separate(gap: "\n" | "\n\n"): void {
    if (this.#text !== "" && gap.length > this.#gap.length) this.#gap = gap;
  }

  #break(): void {
    this.#flush();
    this.#text += `${this.#fresh ? this.prefix.trimEnd() : ""}\n`;
    this.#fresh = true;
  }

  #put(piece: string): void {
    this.#flush();
    this.#text += this.#fresh ? this.prefix + piece : piece;
    this.#fresh = false;
  }

  #flush(): void {
    if (this.#gap === "") return;
    const quote = this.prefix.trimEnd();
    this.#text += this.#gap === "\n\n" && quote !== "" ? `\n${quote}\n` : this.#gap;
    this.#gap = "";
    this.#fresh = true;
  }
}
