/** `switchboard logs`: the newest lines of the gateway's log, also of one that does not run any more. */
import { setTimeout as sleep } from "node:timers/promises";
import { parseJsonObject, SwitchboardError } from "@switchboard/domain";
import type { Params } from "@switchboard/protocol";
import { logFilePath, stateDirectoryPath, tailLog } from "@switchboard/server/settings";
import type { Command } from "commander";
import pc from "picocolors";
import { action, type CommandContext, examples } from "../context.ts";
import { time } from "../output.ts";

const POLL_MS = 500;

interface Options {
  readonly follow?: boolean;
  readonly limit: string;
}

export function registerLogs(program: Command): void {
  const command = program
    .command("logs")
    .description("the newest lines of the gateway's log")
    .option("-n, --limit <count>", "how many lines", "100")
    .option("-f, --follow", "go on with what comes; with --json one document a line")
    .action(
      action(async (context, { follow = false, limit: most }: Options) => {
        const limit = count(most);
        const elsewhere = command.optsWithGlobals<{ url?: string }>().url !== undefined || !!process.env.GATEWAY_URL;
        const read = (params: Params<"logs.tail">) => tail(context, params, elsewhere);
        const { output } = context;
        const first = await read({ limit });
        if (first.lines.length === 0) output.note(`Nothing is in ${first.file} yet.`);
        if (!follow) return output.result(first, ({ lines }) => lines.map(readable).join("\n"));
        const show = (lines: readonly string[]) => {
          const shown = lines.map((line) => (output.json ? line : readable(line)));
          if (shown.length > 0) process.stdout.write(`${shown.join("\n")}\n`);
        };
        show(first.lines);
        let { cursor } = first;
        for (;;) {
          await sleep(POLL_MS);
          const next = await read({ cursor, limit: 5_000 });
          if (next.reset || next.truncated) output.note("Some lines were left out.");
          show(next.lines);
          cursor = next.cursor;
        }
      }),
    );
  examples(command, ["logs", "logs --follow", "logs --limit 1000 --json"]);
}

/** From the gateway; from the file when none runs here. */
async function tail({ withGateway }: CommandContext, params: Params<"logs.tail">, elsewhere: boolean) {
  try {
    return await withGateway("fail", (gateway) => gateway.request("logs.tail", params));
  } catch (error) {
    const stopped = error instanceof SwitchboardError && error.code === "SYS_004";
    if (!stopped || elsewhere) throw error;
    const file = logFilePath(stateDirectoryPath(process.env));
    return { file, ...tailLog(file, params) };
  }
}

const LEVELS: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};

function readable(line: string): string {
  const { level, time: at, msg, ...fields } = parseJsonObject(line) ?? { msg: line };
  const name = LEVELS[Number(level)] ?? "";
  const colour = name === "error" || name === "fatal" ? pc.red : name === "warn" ? pc.yellow : pc.dim;
  const more = Object.keys(fields).length > 0 ? ` ${pc.dim(JSON.stringify(fields))}` : "";
  return `${typeof at === "number" ? `${time(at)} ` : ""}${colour(name.padEnd(5))} ${String(msg ?? "")}${more}`;
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 5_000) return value;
  throw new SwitchboardError("REQ_001", "--limit takes a number from 1 to 5000.");
}
