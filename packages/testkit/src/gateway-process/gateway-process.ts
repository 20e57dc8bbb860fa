/** The real gateway as a child process: started, watched, killed and started again from outside. */
import { type ChildProcess, fork } from "node:child_process";
import { SwitchboardError } from "@switchboard/domain";
import { type GatewayForm, gatewayProgram } from "./place.ts";

/** Lines of the log that are kept at least for whoever asks what happened. */
const KEPT_LINES = 400;

export interface GatewayProcessOptions {
  readonly stateDirectory: string;
  /** Default: the state directory's own `config.json`. */
  readonly configFile?: string;
  readonly port: number;
  readonly token: string;
  /** Default `built`. */
  readonly form?: GatewayForm;
  /** On top of a small environment of its own; nothing else is inherited but PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments for Node, e.g. `--cpu-prof`. */
  readonly execArgv?: readonly string[];
  /** Default `warn`. */
  readonly logLevel?: string;
  /** How many of its newest lines are kept; default 400. */
  readonly keptLines?: number;
}

export interface GatewayProcess {
  readonly pid: number;
  /** Resolves with the address when the port is open and messages are taken; rejects when the process ended before. */
  readonly ready: Promise<string>;
  /** Resolves with how it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly running: boolean;
  /** The newest lines it wrote. */
  readonly log: readonly string[];
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, without waiting. */
  terminate(): void;
  /** SIGTERM; SIGKILL if it is still there after `timeoutMs` (default 20 s). Resolves with whether it ended by itself. */
  stop(timeoutMs?: number): Promise<boolean>;
}

export function startGatewayProcess(options: GatewayProcessOptions): GatewayProcess {
  const program = gatewayProgram(options.form ?? "built");
  const child = fork(program.file, ["start"], {
    execArgv: [...program.execArgv, ...(options.execArgv ?? [])],
    env: environment(options),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const log: string[] = [];
  keepLines(child, log, options.keptLines ?? KEPT_LINES);
  let running = true;
  const gone = Promise.withResolvers<Awaited<GatewayProcess["ended"]>>();
  const ended = gone.promise;
  child.once("exit", (code, signal) => {
    running = false;
    gone.resolve({ code, signal });
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.on("message", (message: { readonly type?: string; readonly url?: string }) => {
      if (message.type === "ready" && message.url !== undefined) resolve(message.url);
    });
    child.once("error", (error) => {
      if (child.pid !== undefined) return;
      running = false;
      gone.resolve({ code: null, signal: null });
      reject(new SwitchboardError("SYS_004", `The gateway could not be started: ${error.message}`, { cause: error }));
    });
    // Not "exit": its last words may still be on their way then.
    child.once("close", (code, signal) => {
      const last = log.slice(-20).join("\n");
      reject(new SwitchboardError("SYS_004", `The gateway ended before it was ready (${signal ?? code}).\n${last}`));
    });
  });
  ready.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    log,
    get running() {
      return running;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    terminate() {
      child.kill("SIGTERM");
    },
    async stop(timeoutMs = 20_000) {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
      const { signal } = await ended;
      clearTimeout(timer);
      return signal !== "SIGKILL";
    },
  };
}

function environment(options: GatewayProcessOptions): NodeJS.ProcessEnv {
  const { HOME, PATH, TMPDIR } = process.env;
  return {
    ...(HOME !== undefined && { HOME }),
    ...(PATH !== undefined && { PATH }),
    ...(TMPDIR !== undefined && { TMPDIR }),
    SWITCHBOARD_STATE_DIR: options.stateDirectory,
    ...(options.configFile !== undefined && { SWITCHBOARD_CONFIG: options.configFile }),
    GATEWAY_PORT: String(options.port),
    GATEWAY_TOKEN: options.token,
    LOG_LEVEL: options.logLevel ?? "warn",
    ...options.env,
  };
}

function keepLines(child: ChildProcess, log: string[], most: number): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      log.push(...lines.filter((line) => line !== ""));
      if (log.length > 2 * most) log.splice(0, log.length - most);
    });
  }
}
