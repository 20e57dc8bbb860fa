/** The process's log: pino, JSON lines, or readable when standard output is a terminal. Secrets are censored by name. */
import type { Log } from "@switchboard/core";
import type { Config } from "@switchboard/protocol";
import { type Logger, pino } from "pino";

/** Property names that never show their value, wherever they stand (CRED-3). */
const SECRET_NAMES = ["token", "password", "secret", "apiKey", "authorization", "sealed"];

export async function createLog(config: Config["log"]): Promise<Log> {
  const pretty = config.pretty ?? process.stdout.isTTY === true;
  const options = {
    level: config.level,
    base: null,
    redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[hidden]" },
  };
  if (!pretty) return wrap(pino(options));
  const { default: readable } = await import("pino-pretty");
  return wrap(pino(options, readable({ singleLine: true, ignore: "pid,hostname", sync: true })));
}

function wrap(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => wrap(logger.child(fields)),
  };
}
