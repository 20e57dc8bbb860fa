/** A note in the state directory that says where the gateway listens, for commands on the same machine. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseJsonObject } from "@switchboard/domain";

export interface RunningGatewayNote {
  readonly url: string;
  readonly pid: number;
  /** Of the certificate it answers with, 64 lower-case hex digits; when it encrypts by itself. */
  readonly tlsFingerprint?: string;
}

const FILE = "running.json";

/** Written when the port is open. After a crash it stays behind; whoever reads it must try the address. */
export function noteRunningGateway(stateDirectory: string, note: RunningGatewayNote): void {
  const temporary = join(stateDirectory, `${FILE}.${process.pid}`);
  writeFileSync(temporary, JSON.stringify(note), { mode: 0o600 });
  renameSync(temporary, join(stateDirectory, FILE));
}

export function forgetRunningGateway(stateDirectory: string): void {
  rmSync(join(stateDirectory, FILE), { force: true });
}

export function readRunningGateway(stateDirectory: string): RunningGatewayNote | undefined {
  try {
    const note = parseJsonObject(readFileSync(join(stateDirectory, FILE), "utf8"));
    if (typeof note?.url !== "string" || typeof note.pid !== "number") return undefined;
    const { pid, tlsFingerprint, url } = note;
    return { url, pid, ...(typeof tlsFingerprint === "string" && { tlsFingerprint }) };
  } catch {
    return undefined;
  }
}
