/** `logs.tail`. */
import { basename } from "node:path";
import { tailLog } from "../log-tail.ts";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";

export function logMethods({ logFile }: MethodDeps): Handlers {
  if (logFile === undefined) return {};
  return {
    "logs.tail": (params, { holds }) => ({
      file: holds("operator.admin") ? logFile : basename(logFile),
      ...tailLog(logFile, params),
    }),
  };
}
