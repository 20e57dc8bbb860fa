/** The configuration file: `config.json` in the state directory, or the file `SWITCHBOARD_CONFIG` names. */
import { closeSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { completed, SwitchboardError } from "@switchboard/domain";
import { Config } from "@switchboard/protocol";
import { toStoreError } from "@switchboard/store/failure";
import { checkTrustedProxies } from "../callers/trusted-proxies.ts";
import { checkPublicUrl } from "../http/public-url.ts";

export function configPath(stateDirectory: string, env: NodeJS.ProcessEnv): string {
  return env.SWITCHBOARD_CONFIG ? resolve(env.SWITCHBOARD_CONFIG) : join(stateDirectory, "config.json");
}

/** What the file says, defaults not filled in; `{}` when there is none. @throws CFG_001 with file, line and column. */
export function readConfigFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new SwitchboardError("CFG_001", `${path} cannot be read: ${(error as Error).message}.`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new SwitchboardError("CFG_001", `${path} is not valid JSON: ${(error as Error).message}.`);
  }
  throw new SwitchboardError("CFG_001", `${path} must hold a JSON object.`);
}

/**
 * Writes the file whole or not at all, readable by its owner only; a link stays one. @throws STORE_002 when the disk is full, STORE_003 when it may not be
 * written.
 */
export function writeConfigFile(path: string, value: Record<string, unknown>): void {
  const target = targetOf(path);
  const temporary = `${target}.${process.pid}`;
  try {
    writeFileSync(temporary, configText(value), { mode: 0o600, flush: true });
    renameSync(temporary, target);
    flushDirectory(dirname(target));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw toStoreError(error, path);
  }
}

/** A configuration as it is written into the file. */
export function configText(value: Record<string, unknown>): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** So that the new name survives a power cut; not every system can do that. */
function flushDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** With every default filled in. @throws CFG_001 with every problem. */
export function completeConfig(value: unknown, where: string): Config {
  const config = completed(Config, value, `configuration in ${where}`);
  checkTrustedProxies(config.gateway.trustedProxies);
  checkPublicUrl(config.gateway.publicUrl);
  return config;
}
