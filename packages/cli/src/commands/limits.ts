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

const TENANT = "whose, by its id: switchboard tenants list (default: your own)";

export function registerLimits(program: Command): void {
  const limits = program.command("limits").description("how much may be used; days and months are those of UTC");
  examples(limits, ["limits show", "limits set messagesPerDay --soft 800 --hard 1000", "limits clear messagesPerDay"]);
  const whose = (options: { tenant?: string }) => (options.tenant === undefined ? {} : { tenant: options.tenant });

  const shown = limits
    .command("show")
    .description("the limits, and what is used of them")
    .option("--tenant <id>", TENANT)
    .action(
      action(async ({ output, withGateway }, options: { tenant?: string }) => {
        const result = await withGateway("local", (gateway) => gateway.request("limits.get", whose(options)));
        output.result(result, show);
      }),
    );

  const set = limits
    .command("set <limit>")
    .description(`one of ${NAMES.join(", ")}`)
    .option("--soft <number>", "beyond it operators are warned, once a day or month")
    .option("--hard <number>", "beyond it messages are set aside, and accounts refused")
    .option("--tenant <id>", TENANT)
    .action(
      action(async ({ output, withGateway }, name: string, options: SetOptions) => {
        const { hard, soft } = options;
        const limit = {
          ...(soft !== undefined && { soft: amountOf("--soft", soft) }),
          ...(hard !== undefined && { hard: amountOf("--hard", hard) }),
        };
        if (Object.keys(limit).length === 0) throw new SwitchboardError("REQ_001", "Give --soft, --hard or both.");
        const known = limitName(name);
        const params: Params<"limits.set"> = { limits: { [known]: limit }, ...whose(options) };
        const result = await withGateway("local", (gateway) => gateway.request("limits.set", params));
        output.result(result, ({ limits: held }) => {
          const { hard: most = "none", soft: warned = "none" } = held[known] ?? {};
          return `${pc.green("✓")} ${known}: soft ${warned}, hard ${most}.`;
        });
      }),
    );

  const clear = limits
    .command("clear <limit>")
    .description("what the configuration says holds again")
    .option("--tenant <id>", TENANT)
    .action(
      action(async ({ output, withGateway }, name: string, options: { tenant?: string }) => {
        const params: Params<"limits.set"> = { limits: { [limitName(name)]: null }, ...whose(options) };
        const result = await withGateway("local", (gateway) => gateway.request("limits.set", params));
        output.result(result, () => `${pc.green("✓")} ${name} is as the configuration says.`);
      }),
    );

  examples(shown, ["limits show", "limits show --tenant acme --json"]);
  examples(set, [
    "limits set messagesPerDay --soft 800 --hard 1000",
    "limits set tokensPerMonth --hard 5000000 --tenant acme",
  ]);
  examples(clear, ["limits clear messagesPerDay"]);
}

interface SetOptions {
  readonly soft?: string;
  readonly hard?: string;
  readonly tenant?: string;
}

/** @throws REQ_001. */
function amountOf(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new SwitchboardError("REQ_001", `${option} takes a whole number, e.g. ${option} 1000; this is "${text}".`);
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
