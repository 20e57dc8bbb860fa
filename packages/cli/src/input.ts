/** What people type or name: standard input, files, numbers. */
import { readFileSync } from "node:fs";
import { SwitchboardError } from "@switchboard/domain";

/** Everything on standard input, trimmed. */
export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8").trim();
}

/** A file's bytes. @throws REQ_002 when it cannot be read. */
export function readInputFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SwitchboardError("REQ_002", `The file ${path} cannot be read: ${(error as Error).message}.`);
  }
}

/** @throws REQ_001. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new SwitchboardError("REQ_001", `"${text}" is no number of seconds.`);
}

/** An option's number, if it was given. @throws REQ_001. */
export function decimal(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new SwitchboardError("REQ_001", `"${text}" is no number for ${option}.`);
}
