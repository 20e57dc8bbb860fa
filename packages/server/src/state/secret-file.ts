/** Small secrets in the state directory, readable by their owner only. */
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { SwitchboardError } from "@switchboard/domain";

/** The file's content, trimmed; made with `create` when it does not exist yet. */
export function readOrCreateSecret(path: string, create: () => string): string {
  const known = readSecret(path);
  if (known !== undefined) return known;
  const secret = create();
  writeSecret(path, secret);
  return secret;
}

/** `undefined` when there is no such file. @throws STORE_003 when it is empty or others may read it. */
export function readSecret(path: string): string | undefined {
  let content: string;
  try {
    content = readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SwitchboardError("STORE_003", `${path} cannot be read: ${(error as Error).message}.`);
  }
  if (content === "") {
    throw new SwitchboardError("STORE_003", `${path} is empty.`, {
      action: "Restore it from a backup, or delete it to start anew.",
    });
  }
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    throw new SwitchboardError("STORE_003", `Others can read ${path}.`, { action: `Run: chmod 600 ${path}` });
  }
  return content;
}

/** Written whole or not at all, and on the disk when this returns; replaces what was there. */
export function writeSecret(path: string, secret: string): void {
  const temporary = `${path}.${process.pid}`;
  // What a process of this number left when it was killed.
  rmSync(temporary, { force: true });
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeSync(file, `${secret}\n`);
    fsyncSync(file);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  if (process.platform === "win32") return;
  const directory = openSync(dirname(path), "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
