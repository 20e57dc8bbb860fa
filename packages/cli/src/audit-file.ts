/** Exported audit logs: how they are written, and whether one still says what was written. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type AuditAnchor, type AuditBreak, CHAIN_START, ChainCheck, type ChainedRow, isGone } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";
import { readCsv } from "./read-csv.ts";

export interface FileVerdict {
  readonly tenant: string;
  readonly rows: number;
  readonly begin: AuditAnchor;
  readonly head: AuditAnchor;
  /** The noted head lies before the file's first row: whether it was part of the chain cannot be checked with it. */
  readonly notedGone?: true;
  readonly broken?: AuditBreak;
}

interface FirstLine {
  readonly format: "switchboard.audit.v1";
  readonly tenant: string;
  readonly begin: AuditAnchor;
  readonly head: AuditAnchor;
}

/**
 * A file of `audit export`, in either form. A CSV file does not say how far the log went: what was cut off its end shows
 * only with `noted`. Where the log began is believed: the file holds no seals. @throws REQ_001 for what is no such file.
 */
export async function verifyFile(path: string, noted: AuditAnchor | undefined): Promise<FileVerdict> {
  const lines = createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
  const whole: string[] = [];
  try {
    for await (const line of lines) whole.push(line);
  } catch (error) {
    throw new SwitchboardError("REQ_001", `The file cannot be read: ${(error as Error).message}.`);
  }
  const [first = ""] = whole;
  const { rows, start } = first.startsWith("{") ? fromJsonLines(whole) : fromCsv(whole.join("\n"));
  const notedGone = noted !== undefined && isGone(noted, start.begin);
  const check = new ChainCheck(start.tenant, start.begin, start.head, noted && !notedGone ? [noted] : []);
  for (const row of rows) check.add(row);
  const broken = check.end();
  const { begin, head, tenant } = start;
  return { tenant, rows: check.rows, begin, head, ...(notedGone && { notedGone }), ...(broken && { broken }) };
}

function fromJsonLines([first = "", ...lines]: readonly string[]) {
  try {
    const start = JSON.parse(first) as FirstLine;
    const rows = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as ChainedRow);
    if (start.format === "switchboard.audit.v1") return { start, rows };
  } catch {
    // Told below.
  }
  throw noExport();
}

function fromCsv(text: string) {
  const [columns = [], ...lines] = readCsv(text);
  if (!["tenant", "position", "previous", "hash"].every((name) => columns.includes(name))) throw noExport();
  const rows = lines.map((cells) => {
    const row = Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ""]));
    const [seq, position, at] = [Number(row.seq), Number(row.position), Number(row.at)];
    return { ...row, seq, position, at, detail: row.detail || null } as unknown as ChainedRow;
  });
  const [first, last] = [rows[0], rows.at(-1)];
  const begin = first ? { position: first.position - 1, hash: first.previous } : CHAIN_START;
  const head = last ? { position: last.position, hash: last.hash } : CHAIN_START;
  return { start: { tenant: first?.tenant ?? "", begin, head }, rows };
}

function noExport(): SwitchboardError {
  return new SwitchboardError("REQ_001", "This is no exported audit log.", {
    action: "Make one: switchboard audit export > audit.jsonl",
  });
}
