/** `switchboard deliveries …`, `switchboard trace` and `switchboard send`: what goes out, and where it is. */
import { oneLine } from "@switchboard/domain";
import type { DeliveryState, Result } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { ago, table } from "../output.ts";
import { showTrace } from "../show-trace.ts";

interface ListOptions {
  readonly limit: string;
  readonly state?: string;
  readonly channel?: string;
  readonly session?: string;
  readonly cursor?: string;
}

export function registerDeliveries(program: Command): void {
  const deliveries = program.command("deliveries").description("outbound messages and their attempts");
  examples(deliveries, ["deliveries list --state unknown", "deliveries show <id>"]);

  examples(
    deliveries
      .command("list")
      .description("outbound messages, the newest first")
      .option("-n, --limit <count>", "how many", "50")
      .option("--state <states>", "only in these states, separated by commas")
      .option("--channel <id>", "only of this channel")
      .option("--session <key>", "only of this conversation")
      .option("--cursor <cursor>", "the next page, as the one before says")
      .action(
        action(async ({ output, withGateway }, { limit, state, ...rest }: ListOptions) => {
          const states = state?.split(",") as DeliveryState[] | undefined;
          const result = await withGateway("local", (gateway) =>
            gateway.request("deliveries.list", { limit: Number(limit), ...rest, ...(states && { states }) }),
          );
          output.result(result, ({ deliveries: rows, cursor }) =>
            [
              table(
                ["DELIVERY", "STATE", "KIND", "TO", "QUEUED", "TRIES", "TEXT"],
                rows.map((row) => [
                  row.id,
                  colour(row.state),
                  row.kind,
                  `${row.channel}:${row.accountId} ${row.conversation}${row.thread ? `/${row.thread}` : ""}`,
                  ago(row.createdAt),
                  String(row.attempts),
                  oneLine(row.preview).slice(0, 50),
                ]),
                "Nothing was sent yet.",
              ),
              ...(cursor ? [pc.dim(`more: --cursor ${cursor}`)] : []),
            ].join("\n"),
          );
        }),
      ),
    ["deliveries list", "deliveries list --state unknown,dead --json"],
  );

  examples(
    deliveries
      .command("show <id>")
      .description("one message with every attempt and its whole trace")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const [{ delivery }, trace] = await Promise.all([
              gateway.request("deliveries.get", { id }),
              gateway.request("trace.get", { id }),
            ]);
            return { delivery, trace };
          });
          output.result(result, ({ delivery, trace }) => `${showDelivery(delivery)}\n\n${showTrace(trace)}`);
        }),
      ),
    ["deliveries show dlv_01…", "deliveries show dlv_01… --json"],
  );

  examples(
    program
      .command("trace <id>")
      .description("where a message is and why: by the id of its update, turn or delivery")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", (gateway) => gateway.request("trace.get", { id }));
          output.result(result, showTrace);
        }),
      ),
    ["trace evt_01…", "trace trn_01… --json"],
  );
}

function showDelivery(delivery: Result<"deliveries.get">["delivery"]): string {
  return [
    `${pc.bold(delivery.id)} ${colour(delivery.state)}${delivery.markedDuplicate ? pc.yellow(" marked as a possible duplicate") : ""}`,
    `To ${delivery.channel}:${delivery.accountId} ${delivery.conversation}${delivery.thread ? ` thread ${delivery.thread}` : ""}`,
    ...(delivery.error ? [`${pc.red(delivery.error.code)} ${delivery.error.message}`] : []),
    pc.dim(delivery.preview),
  ].join("\n");
}

function colour(state: string): string {
  if (["sent", "delivered", "read"].includes(state)) return pc.green(state);
  if (["dead", "expired"].includes(state)) return pc.red(state);
  return state === "unknown" ? pc.yellow(state) : state;
}
