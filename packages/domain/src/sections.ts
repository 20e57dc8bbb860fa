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
/** So much may open or close something within one paragraph or list item. */
const MOST_MARKS = 500;

/** What always ends the paragraph before it. */
const startsItem = /^ {0,3}(?:[*+-][ \t]+\S|#{1,6}[ \t])/;

function countMarks(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // * _ ~ [ `
    if (code === 42 || code === 95 || code === 126 || code === 91 || code === 96) count += 1;
  }
  return count;
}

export function sections(text: string): Section[] {
  const found: Section[] = [];
  let section: string[] = [];
  let length = 0;
  const close = () => {
    if (section.length > 0) found.push({ source: section.join("\n\n"), literal: false });
    section = [];
    length = 0;
  };
  for (const { source, fenced, marks } of runs(text)) {
    if ((source.length > LONGEST_RUN && !fenced) || marks > MOST_MARKS) {
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

/** Whether some paragraph has more marks than anybody writes: reading it takes time that grows with their square. */
export function isKnotted(text: string): boolean {
  return countMarks(text) > MOST_MARKS && runs(text).some(({ marks }) => marks > MOST_MARKS);
}

interface Run {
  readonly source: string;
  readonly fenced: boolean;
  /** Most marks in any paragraph or list item of it. */
  readonly marks: number;
}

/** Lines up to the next blank one; a code fence with everything in it is one run. */
function runs(text: string): Run[] {
  const all: Run[] = [];
  let lines: string[] = [];
  let fence: string | undefined;
  let fenced = false;
  let marks = 0;
  let most = 0;
  const close = () => {
    if (lines.length > 0) all.push({ source: lines.join("\n"), fenced, marks: most });
    lines = [];
    fenced = false;
    marks = 0;
    most = 0;
  };
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && line.trim() === "") {
      close();
      continue;
    }
    lines.push(line);
    if (fence === undefined) {
      marks = startsItem.test(line) ? countMarks(line) : marks + countMarks(line);
      most = Math.max(most, marks);
    }
    if (mark === undefined) continue;
    if (fence === undefined) {
      fence = mark;
      fenced = true;
    } else if (mark.startsWith(fence) && line.trim() === mark) fence = undefined;
  }
  close();
  return all;
}
