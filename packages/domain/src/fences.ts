/** Follows code fences line by line, as far as one can without reading the Markdown around them. */

const opens = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})/;
const closes = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
/** Some fence, perhaps within a quote or a list. */
const hasFence = /^[ \t>*+\-\d.)]*(?:`{3}|~{3})/;
/** HTML that blank lines do not end: a fence within is none. */
const opensHtml = /^[ \t>*+\-\d.)]*<(?:script|pre|style|textarea|[!?])/i;

export class Fences {
  #open: { readonly mark: string; readonly indent: number } | undefined;
  /**
   * Whether what it takes for code is code. Once a text has a fence or HTML whose end depends on what stands around it,
   * nothing more is taken for harmless: else a fence that the reader does not see would hide what is slow to read.
   */
  #isSure = true;

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Reads the next line; whether it is certainly one of a code block. */
  read(line: string): boolean {
    const open = this.#open;
    if (open) {
      const mark = closes.exec(line)?.[1];
      if (mark?.startsWith(open.mark)) this.#open = undefined;
      else if (line.trim() !== "" && !line.startsWith(" ".repeat(open.indent))) this.#isSure = false;
      return this.#isSure;
    }
    const [, indent, mark] = opens.exec(line) ?? [];
    if (indent !== undefined && mark !== undefined) this.#open = { mark, indent: indent.length };
    else if (hasFence.test(line) || opensHtml.test(line)) this.#isSure = false;
    return this.#open !== undefined && this.#isSure;
  }
}
