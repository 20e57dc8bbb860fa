/** How commands speak: for people by default, one JSON document with `--json`. */
import { oneLine, type SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import pc from "picocolors";

export interface Output {
  readonly json: boolean;
  /** The result: `value` as JSON, or what `show` makes of it. */
  result<T>(value: T, show: (value: T) => string): void;
  /** Progress and remarks, on standard error, so that they never mix with a result. */
  note(line: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result(value, show) {
      const text = json ? JSON.stringify(value, null, 2) : show(value);
      process.stdout.write(text === "" ? "" : `${text}\n`);
    },
    note(line) {
      process.stderr.write(`${line}\n`);
    },
  };
}

/** Says what went wrong and what to do. Returns the exit code: 2 for wrong use, 3 when nobody answers, else 1. */
export function reportError(thrown: unknown, json: boolean): number {
  const error = toSwitchboardError(thrown);
  const { code, message, action, retryable } = error;
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, action, retryable } }, null, 2)}\n`);
  else {
    process.stderr.write(`${pc.red("✗")} ${message} ${pc.dim(`(${code})`)}\n  ${action}\n`);
    if (code === "SYS_005" && process.env.SWITCHBOARD_DEBUG) process.stderr.write(`${error.stack}\n`);
  }
  return exitCodeOf(error);
}

function exitCodeOf({ code }: SwitchboardError): number {
  if (code.startsWith("REQ_") || code.startsWith("CFG_")) return 2;
  return code === "SYS_004" ? 3 : 1;
}

/**
 * Columns aligned with two spaces between them, each row one line, whatever people wrote into its cells. An empty table
 * says so.
 */
export function table(head: readonly string[], raw: readonly (readonly string[])[], empty: string): string {
  if (raw.length === 0) return pc.dim(empty);
  const rows = raw.map((cells) => cells.map(cell));
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => visible(row[column] ?? ""))));
  const line = (cells: readonly string[]) =>
    cells
      .map((text, column) => text + " ".repeat(Math.max(0, (widths[column] ?? 0) - visible(text))))
      .join("  ")
      .trimEnd();
  return [pc.dim(line(head)), ...rows.map(line)].join("\n");
}

/** The colours that cells are given here: dim, red, green, yellow, and the ends of these. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const COLOUR = /(\u001b\[(?:2|22|3[1-3]|39)m)/;

function cell(text: string): string {
  return text
    .split(COLOUR)
    .map((part) => (COLOUR.test(part) ? part : oneLine(part)))
    .join("");
}

/** Length on screen, colours not counted. */
function visible(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return [...text.replaceAll(/\u001b\[\d+m/g, "")].length;
}

export function ago(at: number | undefined | null, now: number = Date.now()): string {
  if (at === undefined || at === null) return "–";
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}

export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function time(at: number): string {
  return new Date(at).toISOString().replace("T", " ").slice(0, 23);
}
