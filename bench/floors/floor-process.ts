/** A floor as a process of its own, in the place where the gateway otherwise is. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";

export interface Floor {
  readonly pid: number;
  readonly port: number;
  /** What it measured itself since the last call. */
  figures(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

export async function startFloor(
  program: "echo" | "ingest" | "web-socket",
  ...args: readonly string[]
): Promise<Floor> {
  const child = fork(join(import.meta.dirname, `${program}.ts`), [...args], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { port } = await told<{ readonly port: number }>(child);
  return {
    pid: child.pid ?? 0,
    port,
    async figures() {
      const answer = told<{ readonly figures: readonly number[] }>(child);
      child.send("figures");
      return (await answer).figures;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function told<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`A floor ended with ${code}.`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message as T);
    });
  });
}
