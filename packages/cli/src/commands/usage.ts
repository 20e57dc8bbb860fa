/** `switchboard usage`: what was used, added up or record by record. */
import { csvLine } from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import { type Command, Option } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import type { GatewayAccess } from "../gateway-access.ts";
import { bytes, table } from "../output.ts";

const GROUPS = ["day", "account", "agent", "session", "model"] as const;

interface UsageOptions {
  readonly from?: string;
  readonly to?: string;
  readonly by: (typeof GROUPS)[number];
  readonly records?: boolean;
  readonly csv?: boolean;
  readonly tenant?: string;
}

type Report = Result<"usage.report"> & Result<"usage.days">;
type UsageRecord = Result<"usage.records">["records"][number];

export function registerUsage(program: Command): void {
  examples(
    program
      .command("usage")
      .description("what was used: messages, runs, tokens and costs, by days in UTC")
      .option("--from <date>", "the first day, e.g. 2026-01-01 (default: 30 days)")
      .option("--to <date>", "the last day (default: today)")
      .addOption(new Option("--by <what>", "what to add up by").choices(GROUPS).default("day"))
      .option("--records", "every single run, the oldest first; with --json one document a line")
      .option("--csv", "as CSV, for spreadsheets")
      .option("--tenant <id>", "whose, by its id: switchboard tenants list (default: your own)")
      .action(
        action(async ({ output, withGateway }, { by, csv, from, records, tenant, to }: UsageOptions) => {
          const span = {
            ...(from !== undefined && { from }),
            ...(to !== undefined && { to }),
            ...(tenant !== undefined && { tenant }),
          };
          await withGateway("local", async (gateway) => {
            if (records) return await streamRecords(gateway, span, csv || !output.json);
            const [report, { days }] = await Promise.all([
              gateway.request("usage.report", { ...span, by }),
              gateway.request("usage.days", span),
            ]);
            if (csv) process.stdout.write(reportCsv(report));
            else output.result({ ...report, days }, showReport);
          });
        }),
      ),
    ["usage", "usage --by model --from 2026-01-01 --csv", "usage --records --csv > usage.csv", "usage --tenant acme"],
  );
}

/** A page is written before the next is asked for, so that a long time fits into little memory. */
async function streamRecords(gateway: GatewayAccess, span: object, csv: boolean): Promise<void> {
  if (csv) process.stdout.write(csvLine([...RECORD_COLUMNS, "currency"]));
  for (let cursor: string | undefined; ; ) {
    const page = await gateway.request("usage.records", { ...span, limit: 500, ...(cursor && { cursor }) });
    const { currency } = page;
    const lines = page.records.map((record) =>
      csv
        ? csvLine([...RECORD_COLUMNS.map((column) => cellOf(record, column)), currency])
        : `${JSON.stringify({ ...record, currency })}\n`,
    );
    const written = process.stdout.write(lines.join(""));
    if (!written) await new Promise((resolve) => process.stdout.once("drain", resolve));
    ({ cursor } = page);
    if (cursor === undefined) return;
  }
}

const RECORD_COLUMNS = [
  "at",
  "turn",
  "channel",
  "accountId",
  "session",
  "agentId",
  "outcome",
  "tries",
  "durationMs",
  "provider",
  "model",
  "inputTokens",
  "outputTokens",
  "cachedTokens",
  "reasoningTokens",
  "cost",
] as const satisfies readonly (keyof UsageRecord)[];

function cellOf(record: UsageRecord, column: (typeof RECORD_COLUMNS)[number]): string | number | undefined {
  if (column === "at") return new Date(record.at).toISOString();
  return column === "cost" && record.cost !== undefined ? amount(record.cost) : record[column];
}

const REPORT_COLUMNS = [
  "key",
  "runs",
  "failed",
  "retried",
  "durationMs",
  "inputTokens",
  "outputTokens",
  "cachedTokens",
  "reasoningTokens",
  "cost",
  "unpriced",
] as const;

function reportCsv({ currency, rows }: Result<"usage.report">): string {
  const lines = rows.map((row) =>
    csvLine([...REPORT_COLUMNS.map((column) => (column === "cost" ? amount(row.cost) : row[column])), currency]),
  );
  return [csvLine([...REPORT_COLUMNS, "currency"]), ...lines].join("");
}

function showReport({ currency, days, from, rows, to }: Report): string {
  const count = (name: "messagesIn" | "messagesOut" | "mediaIn" | "mediaOut") =>
    days.reduce((sum, day) => sum + day[name], 0);
  const unpriced = rows.reduce((sum, row) => sum + row.unpriced, 0);
  const cells = rows.map((row) => [
    row.key || "–",
    String(row.runs),
    String(row.failed),
    String(row.inputTokens),
    String(row.outputTokens),
    amount(row.cost),
  ]);
  return [
    pc.dim(`${from} to ${to}, UTC`),
    table(["", "RUNS", "FAILED", "TOKENS IN", "TOKENS OUT", currency], cells, "No agent ran."),
    `${count("messagesIn")} messages in, ${count("messagesOut")} out; files ${bytes(count("mediaIn"))} in, ${bytes(count("mediaOut"))} out`,
    ...(unpriced > 0
      ? [pc.yellow(`${unpriced} runs have no cost: their models have no price under usage.prices.`)]
      : []),
  ].join("\n");
}

/** Never in the form 1e-7, which spreadsheets read in their own ways. */
function amount(cost: number): string {
  return cost.toFixed(9).replace(/\.?0+$/, "");
}
