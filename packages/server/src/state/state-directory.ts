/** Where a gateway keeps everything: `SWITCHBOARD_STATE_DIR`, else `.switchboard` in the home directory. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { SwitchboardError } from "@switchboard/domain";

/** Its path, whether or not it exists. */
export function stateDirectoryPath(env: NodeJS.ProcessEnv): string {
  return resolve(env.SWITCHBOARD_STATE_DIR ?? join(homedir(), ".switchboard"));
}

/** Makes sure that it exists, is private and can be written. @throws STORE_003. */
export function ensureStateDirectory(path: string): void {
  try {
    makeDirectory(path);
    if (!statSync(path).isDirectory()) throw new Error("it is no directory");
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SwitchboardError("STORE_003", `The state directory ${path} cannot be used: ${why}.`);
  }
}

/**
 * With what leads to it. Node's own way never returns where nothing can be made although everything above is there,
 * e.g. in `/proc`.
 */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
