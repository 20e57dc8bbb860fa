/** `switchboard limits …`: how much a tenant may use. */
import { SwitchboardError } from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { table } from "../output.ts";

type Name = keyof Result<"limits.get">["used"];

const NAMES = [
  "accounts",
  "messagesPerDay",
  "mediaBytesPerDay",
  "runsPerDay",
  "tokensPerDay",
  "tokensPerMonth",
] as const satisfies readonly Name[];

export function registerLimits(program: Command): void {
  const limits = program.command("limits").description("how much may be used; days and months are those of UTC");
  examples(limits, ["limits show", "limits set messagesPerDay --soft 800 --hard 1000", "limits clear messagesPerDay"]);

  const shown = limits
    .command("show")
    .description("the limits, and what is used of them")
    .action(
      action(async ({ output, withGateway }) => {
        const result = await withGateway("local", (gateway) => gateway.request("limits.get", {}));
        output.result(result, show);
      }),
    );

  const set = limits
    .command("set <limit>")
    .description(`one of ${NAMES.join(", ")}`)
    .option("--soft <number>", "beyond it operators are warned, once a day or month")
    .option("--hard <number>", "beyond it messages are set aside, and accounts refused")
    .action(
      action(async ({ output, withGateway }, name: string, { hard, soft }: { hard?: string; soft?: string }) => {
        const limit = {
          ...(soft !== undefined && { soft: Number(soft) }),
          ...(hard !== undefined && { hard: Number(hard) }),
        };
        if (Object.keys(limit).length === 0) throw new SwitchboardError("REQ_001", "Give --soft, --hard or both.");
        const params: Params<"limits.set"> = { limits: { [limitName(name)]: limit } };
        const result = await withGateway("local", (gateway) => gateway.request("limits.set", params));
        output.result(result, () => `${pc.green("✓")} ${name} is set.`);
      }),
    );

  const clear = limits
    .command("clear <limit>")
    .description("what the configuration says holds again")
    .action(
      action(async ({ output, withGateway }, name: string) => {
        const params: Params<"limits.set"> = { limits: { [limitName(name)]: null } };
        const result = await withGateway("local", (gateway) => gateway.request("limits.set", params));
        output.result(result, () => `${pc.green("✓")} ${name} is as the configuration says.`);
      }),
    );

  examples(shown, ["limits show", "limits show --json"]);
  examples(set, ["limits set messagesPerDay --soft 800 --hard 1000"]);
  examples(clear, ["limits clear messagesPerDay"]);
}

/** @throws REQ_001. */
function limitName(text: string): Name {
  const name = NAMES.find((each) => each === text);
  if (!name) throw new SwitchboardError("REQ_001", `"${text}" is none of ${NAMES.join(", ")}.`);
  return name;
}

function show({ limits, own, used }: Result<"limits.get">): string {
  const rows = NAMES.map((name) => {
    const { hard, soft } = limits[name] ?? {};
    const cell = (limit: number | undefined) => (limit === undefined ? "–" : String(limit));
    return [name, String(used[name]), cell(soft), cell(hard), own[name] ? "its own" : "configuration"];
  });
  return table(["LIMIT", "USED", "SOFT", "HARD", "FROM"], rows, "");
}
