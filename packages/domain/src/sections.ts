/** Cuts a long Markdown text where a cut changes nothing: at blank lines outside code fences. */

export interface Section {
  readonly source: string;
  /** Too long without a break to be worth reading for formatting. */
  readonly literal: boolean;
}

/** A section grows to about this many UTF-16 units before it is closed. */
const SECTION = 8_192;
/** One run of lines without a blank one between may have this many. */
const LONGEST_RUN = 16_384;

export function sections(text: string): Section[] {
  const found: Section[] = [];
  let section: string[] = [];
  let length = 0;
  const close = () => {
    if (section.length > 0) found.push({ source: section.join("\n\n"), literal: false });
    section = [];
    length = 0;
  };
  for (const { source, fenced } of runs(text)) {
    if (source.length > LONGEST_RUN && !fenced) {
      close();
      found.push({ source, literal: true });
      continue;
    }
    // Indented lines may continue a list item: they stay with what stands before them.
    const continues = /^[ \t]/.test(source);
    if (length + source.length > SECTION && !continues) close();
    section.push(source);
    length += source.length;
  }
  close();
  return found;
}

/** Lines up to the next blank one; a code fence with everything in it is one run. */
function runs(text: string): { source: string; fenced: boolean }[] {
  const all: { source: string; fenced: boolean }[] = [];
  let lines: string[] = [];
  let fence: string | undefined;
  let fenced = false;
  const close = () => {
    if (lines.length > 0) all.push({ source: lines.join("\n"), fenced });
    lines = [];
    fenced = false;
  };
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && line.trim() === "") {
      close();
      continue;
    }
    lines.push(line);
    if (mark === undefined) continue;
    if (fence === undefined) {
      fence = mark;
      fenced = true;
    } else if (mark.startsWith(fence) && line.trim() === mark) fence = undefined;
  }
  close();
  return all;
}
