/**
 * The log in the state directory: JSON lines, for `logs.tail` and for the day after. When the file is full it is put
 * aside and a new one begun; one old file is kept. A disk that takes no more costs lines of the log, never a message.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** Two files of this size at most. */
const MOST_BYTES = 5 * 1024 * 1024;

export function logFilePath(stateDirectory: string): string {
  return join(stateDirectory, "logs", "gateway.log");
}

/** Where the file is put when it is full. */
export function olderLogPath(path: string): string {
  return `${path}.1`;
}

export interface LogFile {
  /** `line` ends with a line break. */
  write(line: string): void;
}

/** @throws what the file system says when the file cannot be opened. */
export function openLogFile(path: string, mostBytes: number = MOST_BYTES): LogFile {
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { mode: 0o700 });
  let file = openSync(path, "a+", 0o600);
  let size = fstatSync(file).size;
  let start = size === 0 ? begin(0) : startOf(file);

  /** A file's first line says how many bytes of the log came before it: places in the log stay what they are. */
  function begin(offset: number): number {
    size = writeSync(file, `${JSON.stringify({ level: 30, time: Date.now(), offset, msg: "log file begun" })}\n`);
    return offset;
  }

  function turnOver(): void {
    const next = start + size;
    closeSync(file);
    rmSync(olderLogPath(path), { force: true });
    renameSync(path, olderLogPath(path));
    file = openSync(path, "a+", 0o600);
    start = begin(next);
  }

  return {
    write(line) {
      try {
        if (size > mostBytes) turnOver();
        size += writeSync(file, line);
      } catch {
        // Standard output has it as well.
      }
    },
  };
}

/** How many bytes of the log came before this file; 0 for a file that does not say. */
export function startOf(file: number): number {
  const head = Buffer.alloc(256);
  const [first = ""] = head
    .subarray(0, readSync(file, head, 0, head.length, 0))
    .toString("utf8")
    .split("\n");
  try {
    const { offset } = JSON.parse(first) as { offset?: unknown };
    return typeof offset === "number" && Number.isSafeInteger(offset) && offset >= 0 ? offset : 0;
  } catch {
    return 0;
  }
}
