/** Reads the end of the log, or what came after a place in it, however often the file was begun anew. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Params, Result } from "@switchboard/protocol";
import { olderLogPath, startOf } from "./log-file.ts";

const LINES = 500;
const BYTES = 250_000;

export type LogTail = Omit<Result<"logs.tail">, "file">;

/** A file of the log; places count over all files. */
interface Piece {
  readonly start: number;
  readonly end: number;
  /** From place `from` to the end, at most. */
  read(from: number): Buffer;
}

export function tailLog(path: string, { cursor, limit = LINES, maxBytes = BYTES }: Params<"logs.tail">): LogTail {
  const newest = pieceOf(path);
  if (!newest) return { cursor: 0, size: 0, lines: [], ...(cursor !== undefined && cursor > 0 && { reset: true }) };
  const older = pieceOf(olderLogPath(path));
  // An older file that does not lead up to the newest is of another log.
  const begin = older && older.end === newest.start ? older.start : newest.start;
  const lost = cursor !== undefined && (cursor > newest.end || cursor < begin);
  const wanted = cursor === undefined || lost ? begin : cursor;
  const from = Math.max(wanted, newest.end - maxBytes);
  const bytes = Buffer.concat([
    ...(older && begin === older.start && from < older.end ? [older.read(from)] : []),
    newest.read(Math.max(from, newest.start)),
  ]);
  // Only whole lines: what is being written comes with the next answer, what was cut into at the front is left out.
  const last = bytes.lastIndexOf(LINE_BREAK) + 1;
  const first = from > wanted ? bytes.indexOf(LINE_BREAK) + 1 : 0;
  const all = bytes.subarray(Math.min(first, last), last).toString("utf8").split("\n").slice(0, -1);
  const lines = all.slice(-limit);
  const skipped = cursor !== undefined && !lost ? from + Math.min(first, last) - cursor : 0;
  return {
    cursor: from + last,
    size: newest.end,
    lines,
    ...((from > wanted || lines.length < all.length) && { truncated: true }),
    ...(lost && { reset: true }),
    ...(skipped > 0 && { skippedBytes: skipped }),
  };
}

const LINE_BREAK = 10;

function pieceOf(path: string): Piece | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const start = startOf(file);
    const end = start + fstatSync(file).size;
    return { start, end, read: (from) => readFrom(path, from - start, end - from) };
  } finally {
    closeSync(file);
  }
}

function readFrom(path: string, position: number, length: number): Buffer {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, length));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, position));
  } finally {
    closeSync(file);
  }
}
