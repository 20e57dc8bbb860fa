/**
 * The process's log: pino, JSON lines, or readable when standard output is a terminal; always JSON lines in the state
 * directory's file. Secrets are censored by name.
 */
import type { Log } from "@switchboard/core";
import type { Config } from "@switchboard/protocol";
import { type DestinationStream, type Logger, multistream, pino } from "pino";
import { openLogFile } from "./log-file.ts";

type Level = Config["log"]["level"];

export interface ProcessLog extends Log {
  /** From now on, also for logs that were derived before. */
  setLevel(level: Level): void;
}

/** Property names that never show their value, wherever they stand (CRED-3). */
const SECRET_NAMES = ["token", "password", "secret", "apiKey", "authorization", "sealed"];

/**
 * `file`: written as well. A file that cannot be written is told of, and done without. `out`: where else; a command
 * whose answer stands on standard output tells the rest on standard error.
 */
export async function createLog(
  config: Config["log"],
  file?: string,
  out: "stdout" | "stderr" = "stdout",
): Promise<ProcessLog> {
  const pretty = config.pretty ?? process[out].isTTY === true;
  const { fd } = process[out];
  const options = {
    // What is shown is decided before, so that it can be changed.
    level: "trace",
    base: null,
    redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[hidden]" },
  };
  const shown: DestinationStream = pretty ? await readable(fd) : pino.destination({ dest: fd, sync: true });
  const threshold = { level: config.level };
  let problem: unknown;
  let written: DestinationStream | undefined;
  try {
    written = file === undefined ? undefined : openLogFile(file);
  } catch (error) {
    problem = error;
  }
  const streams = [shown, ...(written ? [written] : [])].map((stream) => ({ stream, level: "trace" as const }));
  const logger = pino(options, written ? multistream(streams) : shown);
  const log = wrap(() => logger, threshold);
  if (problem !== undefined) log.warn({ file, error: String(problem) }, "the log is kept in no file");
  return {
    ...log,
    setLevel(level) {
      threshold.level = level;
    },
  };
}

async function readable(destination: number): Promise<DestinationStream> {
  const { default: pretty } = await import("pino-pretty");
  return pretty({ destination, singleLine: true, ignore: "pid,hostname", sync: true });
}

const LEVELS: readonly Level[] = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** A derived log is made when its first line is shown: each request has one, and most never say a word. */
function wrap(logger: () => Logger, threshold: { readonly level: Level }): Log {
  const shows = (level: Level) => LEVELS.indexOf(level) >= LEVELS.indexOf(threshold.level);
  return {
    debug: (fields, message) => shows("debug") && logger().debug(fields, message),
    info: (fields, message) => shows("info") && logger().info(fields, message),
    warn: (fields, message) => shows("warn") && logger().warn(fields, message),
    error: (fields, message) => shows("error") && logger().error(fields, message),
    child(fields) {
      let derived: Logger | undefined;
      return wrap(() => {
        derived ??= logger().child(fields);
        return derived;
      }, threshold);
    },
  };
}
