/** A log that keeps its lines, so that a test can look for what must or must not be in it. */
import type { Log } from "@switchboard/core";

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface MemoryLog extends Log {
  readonly lines: readonly LogLine[];
  /** Everything as one text. */
  text(): string;
}

export function memoryLog(lines: LogLine[] = [], bound: Readonly<Record<string, unknown>> = {}): MemoryLog {
  const write = (level: LogLine["level"]) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, message, fields: { ...bound, ...fields } });
  };
  return {
    lines,
    text: () => lines.map((line) => JSON.stringify(line)).join("\n"),
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (fields) => memoryLog(lines, { ...bound, ...fields }),
  };
}
