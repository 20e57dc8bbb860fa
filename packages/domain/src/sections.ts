/** Cuts a long Markdown text where a cut changes nothing: at blank lines outside code fences. */
import { Fences } from "./fences.ts";

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
const MOST_MARKS = 1_000;

/** What always ends the paragraph before it. */
const startsItem = /^ {0,3}(?:[*+-][ \t]+\S|#{1,6}[ \t])/;
/**
 * Quotes and lists opened on one line, or behind an indentation, deeper than anybody reads: reading them takes seconds,
 * then the whole stack.
 */
const tooDeep =
  /^[ \t]*(?:>[ \t]*|(?:[*+-]|\d{1,9}[.)])[ \t]+){64}|^[ \t>]{80}[ \t>]*(?:>|[*+-](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$))/;
/** Makes a title of the line above. */
const underlines = /^[ \t>]*(?:=+|-+)[ \t]*$/;

/** The line below a table's head. */
const divides = /^[ \t>]*[|:-][ \t|:-]*$/;

/** How much of it may open or close something. */
function countMarks(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // * _ ~ [ `
    if (code === 42 || code === 95 || code === 126 || code === 91 || code === 96) count += 1;
    // ] alone costs less, and every link has one
    else if (code === 93) count += 0.25;
  }
  return count;
}

function weightOf(line: string): number {
  if (tooDeep.test(line)) return Number.POSITIVE_INFINITY;
  return countMarks(line) + (underlines.test(line) ? 2 : 0);
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
  for (const run of runs(text)) {
    const { source } = run;
    if (isHard(run)) {
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

/**
 * Whether some paragraph has more marks, or is nested deeper, than anybody writes: reading it takes time that grows with
 * their square.
 */
export function isKnotted(text: string): boolean {
  return runs(text).some(isHard);
}

function isHard({ marks, loose }: Run): boolean {
  return marks > MOST_MARKS || loose > LONGEST_RUN;
}

interface Run {
  readonly source: string;
  /** Most marks in any paragraph or list item of it. */
  readonly marks: number;
  /** UTF-16 units outside of code fences. */
  readonly loose: number;
}

/** Lines up to the next blank one; a code fence with everything in it is one run. */
function runs(text: string): Run[] {
  const all: Run[] = [];
  const fences = new Fences();
  let lines: string[] = [];
  let marks = 0;
  let most = 0;
  let loose = 0;
  let columns = 0;
  const close = () => {
    if (lines.length > 0) all.push({ source: lines.join("\n"), marks: most, loose });
    lines = [];
    marks = 0;
    most = 0;
    loose = 0;
    columns = 0;
  };
  for (const line of text.split(/\r\n?|\n/)) {
    if (!fences.isOpen && line.trim() === "") {
      close();
      continue;
    }
    lines.push(line);
    if (fences.read(line)) continue;
    const pipes = line.split("|").length - 1;
    if (pipes > columns && divides.test(line)) columns = pipes;
    // Cells that a row leaves out are shown all the same: a few bytes would make millions of them.
    const missing = Math.max(0, columns - 1 - pipes);
    const weight = weightOf(line) + missing / 4;
    marks = startsItem.test(line) && missing === 0 ? weight : marks + weight;
    most = Math.max(most, marks);
    loose += line.length + 1;
  }
  close();
  return all;
}
