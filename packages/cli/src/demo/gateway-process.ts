/** The demo's gateway: a process of its own that is started again whenever it ends, as a service manager would. */
import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayHandle } from "@switchboard/sandbox";

const RESTART_MS = 700;
const STOP_MS = 15_000;

export interface GatewayProcess extends GatewayHandle {
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export function superviseGateway(options: {
  /** This program's own entry, run again with `start`. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly token: string;
  readonly onLine: (line: string) => void;
}): GatewayProcess {
  const listeners = new Set<() => void>();
  let child: ChildProcess | undefined;
  let url: string | undefined;
  let state: ReturnType<GatewayHandle["state"]> = "down";
  let stopping = false;
  const become = (next: typeof state) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const exited = () => new Promise<void>((resolve) => (child ? child.once("exit", () => resolve()) : resolve()));

  const start = () => {
    if (stopping || child) return;
    become("starting");
    const started = fork(options.entry, ["start"], { env: options.env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        for (const line of text.split("\n")) if (line !== "") options.onLine(line);
      });
    }
    started.on("message", (message: { type?: string; url?: string }) => {
      if (message.type !== "ready") return;
      url = message.url;
      become("running");
    });
    started.once("exit", (code, signal) => {
      child = undefined;
      become("down");
      if (stopping) return;
      options.onLine(`The gateway ended (${signal ?? `code ${code}`}); starting it again.`);
      setTimeout(start, RESTART_MS);
    });
  };

  start();
  return {
    token: options.token,
    get pid() {
      return child?.pid;
    },
    url: () => url,
    state: () => state,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async kill() {
      const ended = exited();
      child?.kill("SIGKILL");
      await ended;
    },
    async restart() {
      const ended = exited();
      child?.kill("SIGTERM");
      await Promise.race([ended, sleep(STOP_MS)]);
    },
    async stop() {
      stopping = true;
      const ended = exited();
      child?.kill("SIGTERM");
      await Promise.race([ended, sleep(STOP_MS)]);
      child?.kill("SIGKILL");
    },
  };
}
