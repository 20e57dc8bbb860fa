/** Runs the real command as a process of its own, as people and scripts do. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const LAUNCHER = fileURLToPath(new URL("../../bin/switchboard.mjs", import.meta.url));

export interface RunOptions {
  readonly stateDirectory: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input. */
  readonly input?: string;
  /** Further arguments for Node itself. */
  readonly execArgv?: readonly string[];
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. */
  json<T>(): T;
}

/** Only what is named reaches the command: nothing of the test's own environment but what a process needs. */
export function switchboard(args: readonly string[], options: RunOptions): Promise<Ran> {
  const { HOME, PATH, TMPDIR } = process.env;
  const child = spawn(
    process.execPath,
    ["--conditions=@switchboard/source", ...(options.execArgv ?? []), LAUNCHER, ...args],
    {
      env: {
        ...(HOME !== undefined && { HOME }),
        ...(PATH !== undefined && { PATH }),
        ...(TMPDIR !== undefined && { TMPDIR }),
        SWITCHBOARD_STATE_DIR: options.stateDirectory,
        NO_COLOR: "1",
        ...options.env,
      },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T });
    });
  });
}
