/** Another process, for tests of what two of them do to each other. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface Child extends AsyncDisposable {
  /** Its lines so far. */
  readonly lines: readonly string[];
  /** Resolves with the next line that satisfies `wanted`; rejects when the process ends without one. */
  line(wanted: (line: string) => boolean): Promise<string>;
  say(text: string): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Runs a module's text. It finds the store's modules by their absolute address. */
export function runModule(text: string): Child {
  const args = ["--conditions=@switchboard/source", "--input-type=module", "-e", text];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const look = () => {
    for (const each of waiting) each();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    look();
  });
  const exited = once(child, "exit").then(look);
  const kill = async () => {
    if (isRunning(child)) child.kill("SIGKILL");
    await exited;
  };
  return {
    lines,
    line: (wanted) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = lines.find(wanted);
          if (found === undefined && isRunning(child)) return;
          waiting.delete(check);
          if (found === undefined) reject(new Error(`the process ended after: ${lines.join(" | ")}`));
          else resolve(found);
        };
        waiting.add(check);
        check();
      }),
    say: (words) => child.stdin.write(`${words}\n`),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
