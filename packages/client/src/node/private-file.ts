/** Small files that only their owner can read, written whole or not at all. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { SwitchboardError } from "@switchboard/protocol";

/** `undefined` when there is none. @throws STORE_003 when it cannot be read, or others can and that cannot be changed. */
export function readPrivateFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SwitchboardError("STORE_003", `${path} cannot be read: ${(error as Error).message}.`);
  }
  try {
    closeToOthers(file, path);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof SwitchboardError) throw error;
    throw new SwitchboardError("STORE_003", `${path} cannot be read: ${(error as Error).message}.`);
  } finally {
    closeSync(file);
  }
}

/** Replaces what was there. @throws STORE_003. */
export function writePrivateFile(path: string, content: string): void {
  writing(path, content, (temporary) => renameSync(temporary, path));
}

/** `false` when there is a file already, which stays as it is. @throws STORE_003. */
export function createPrivateFile(path: string, content: string): boolean {
  return writing(path, content, (temporary) => {
    try {
      linkSync(temporary, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    } finally {
      unlinkSync(temporary);
    }
  });
}

function closeToOthers(file: number, path: string): void {
  if (process.platform === "win32" || (fstatSync(file).mode & 0o077) === 0) return;
  try {
    fchmodSync(file, 0o600);
  } catch {
    throw new SwitchboardError("STORE_003", `Others can read ${path}, which holds a secret.`, {
      action: `Run as its owner: chmod 600 ${path}`,
    });
  }
}

function writing<T>(path: string, content: string, place: (temporary: string) => T): T {
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(temporary, "wx", 0o600);
    try {
      writeSync(file, content);
      fsyncSync(file);
    } catch (error) {
      unlinkSync(temporary);
      throw error;
    } finally {
      closeSync(file);
    }
    return place(temporary);
  } catch (error) {
    throw new SwitchboardError("STORE_003", `${path} cannot be written: ${(error as Error).message}.`);
  }
}
