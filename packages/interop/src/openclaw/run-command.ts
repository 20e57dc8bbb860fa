/** Runs a command to its end, or starts one that stays. */
import { type ChildProcess, spawn } from "node:child_process";

export interface Ran {
  /** `null`: it was ended because it took too long. */
  readonly code: number | null;
  /** What it printed on either stream, in its order. */
  readonly output: string;
}

export interface HowToRun {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

export function runCommand(command: string, args: readonly string[], { cwd, env, timeoutMs }: HowToRun): Promise<Ran> {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const heard = listenTo(child);
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output: heard() });
    });
  });
}

/** A command that goes on until it is stopped. */
export interface Staying {
  output(): string;
  stop(): Promise<void>;
}

export function startCommand(command: string, args: readonly string[], how: Omit<HowToRun, "timeoutMs">): Staying {
  const child = spawn(command, args, { ...how, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  return {
    output: listenTo(child),
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function listenTo(child: ChildProcess): () => string {
  const parts: Buffer[] = [];
  child.stdout?.on("data", (part: Buffer) => parts.push(part));
  child.stderr?.on("data", (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString("utf8");
}
