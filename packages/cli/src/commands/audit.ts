/** `switchboard audit …`: who did what, and whether the log still says so. */
import { csvLine } from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import { type Command, Option } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import type { GatewayAccess } from "../gateway-access.ts";
import { table, time } from "../output.ts";

type Page = Result<"auditLog.export">;
type Verdict = Pick<Result<"auditLog.verify">, "tenant" | "rows" | "begin" | "head" | "notedGone" | "broken"> &
  Partial<Pick<Result<"auditLog.verify">, "seals" | "unproven">>;
type Problem = NonNullable<Verdict["broken"]>["problem"];

/** A long log takes its time. */
const VERIFY_TIMEOUT_MS = 600_000;

const COLUMNS = [
  "seq",
  "tenant",
  "position",
  "at",
  "actor",
  "action",
  "subject",
  "outcome",
  "detail",
  "previous",
  "hash",
] as const satisfies readonly (keyof Page["rows"][number])[];

const PROBLEMS: Readonly<Record<Problem, string>> = {
  missing: "it is missing",
  moved: "another row stands in its place",
  changed: "it was changed",
  unlinked: "it does not follow the row before it",
  cut: "the log ends before it",
  seal: "it is not what was sealed or noted, or its seal is not genuine",
};

interface ListOptions {
  readonly limit: string;
  readonly action?: string;
  readonly cursor?: string;
}

interface ExportOptions {
  readonly format: "jsonl" | "csv";
  readonly tenant?: string;
}

interface VerifyOptions {
  readonly file?: string;
  readonly noted?: string;
  readonly tenant?: string;
}

export function registerAudit(program: Command): void {
  const audit = program.command("audit").description("who did what; every row is chained to the one before it");
  examples(audit, ["audit list", "audit export > audit.jsonl", "audit verify", "audit verify --file audit.jsonl"]);

  examples(
    audit
      .command("list")
      .description("what was done, the newest first")
      .option("-n, --limit <count>", "how many", "50")
      .option("--action <name>", "only this, e.g. access.denied")
      .option("--cursor <cursor>", "the next page, as the one before says")
      .action(
        action(async ({ output, withGateway }, { limit, ...rest }: ListOptions) => {
          const result = await withGateway("local", (gateway) =>
            gateway.request("auditLog.list", { limit: Number(limit), ...rest }),
          );
          output.result(result, ({ cursor, entries }) =>
            [
              table(
                ["ROW", "TIME", "WHO", "WHAT", "ABOUT", "OUTCOME"],
                entries.map(({ action: what, actor, at, outcome, position, subject }) => [
                  String(position),
                  time(at),
                  actor,
                  what,
                  subject.slice(0, 60),
                  outcome === "ok" ? outcome : pc.yellow(outcome),
                ]),
                "Nothing was done yet.",
              ),
              ...(cursor ? [pc.dim(`more: --cursor ${cursor}`)] : []),
            ].join("\n"),
          );
        }),
      ),
    ["audit list", "audit list --action access.denied -n 20 --json"],
  );

  examples(
    audit
      .command("export")
      .description("every row as it is chained, the oldest first, to standard output")
      .addOption(
        new Option("--format <form>", "jsonl says how far the log goes, csv is for spreadsheets")
          .choices(["jsonl", "csv"])
          .default("jsonl"),
      )
      .option("--tenant <id>", "whose, by its id: switchboard tenants list (default: your own)")
      .action(
        action(async ({ withGateway }, { format, tenant }: ExportOptions) => {
          await withGateway("local", (gateway) => exportLog(gateway, format, tenant === undefined ? {} : { tenant }));
        }),
      ),
    ["audit export > audit.jsonl", "audit export --format csv > audit.csv", "audit export --tenant acme > acme.jsonl"],
  );

  examples(
    audit
      .command("verify")
      .description(
        "whether every row is what was written; exit code 1, and the first row that is not, if there is one, or if the noted head is too old to be checked",
      )
      .option("--file <path>", "an exported log instead of the gateway's; needs no gateway")
      .option("--noted <head>", "a head that you noted earlier, <position>:<hash>: it must still be part of the log")
      .option("--tenant <id>", "whose, by its id: switchboard tenants list (default: your own)")
      .action(
        action(async ({ output, withGateway }, { file, noted, tenant }: VerifyOptions) => {
          const verdict: Verdict =
            file === undefined
              ? await withGateway("local", (gateway) => {
                  const asked = { ...(noted !== undefined && { noted }), ...(tenant !== undefined && { tenant }) };
                  return gateway.request("auditLog.verify", asked, VERIFY_TIMEOUT_MS);
                })
              : await verifiedFile(file, noted);
          output.result(verdict, show);
          if (verdict.broken || verdict.notedGone) process.exitCode = 1;
        }),
      ),
    ["audit verify", "audit verify --noted 120:9f86d0…", "audit verify --file audit.jsonl --json"],
  );
}

/** A page is written before the next is asked for, so that a long log fits into little memory. */
async function exportLog(gateway: GatewayAccess, format: "jsonl" | "csv", whose: { tenant?: string }): Promise<void> {
  if (format === "csv") process.stdout.write(csvLine(COLUMNS));
  for (let after: number | undefined; ; ) {
    const page = await gateway.request("auditLog.export", {
      ...whose,
      limit: 500,
      ...(after !== undefined && { after }),
    });
    const { begin, head, tenant } = page;
    const lines = page.rows.map((row) =>
      format === "csv" ? csvLine(COLUMNS.map((column) => row[column] ?? undefined)) : `${JSON.stringify(row)}\n`,
    );
    if (format === "jsonl" && after === undefined) {
      lines.unshift(`${JSON.stringify({ format: "switchboard.audit.v1", tenant, begin, head })}\n`);
    }
    const written = process.stdout.write(lines.join(""));
    if (!written) await new Promise((resolve) => process.stdout.once("drain", resolve));
    after = page.next;
    if (after === undefined) return;
  }
}

async function verifiedFile(path: string, noted: string | undefined): Promise<Verdict> {
  // Only for this the engine's code is needed.
  const { verifyFile } = await import("../audit-file.ts");
  const [position = "", hash = ""] = noted?.split(":") ?? [];
  return verifyFile(path, noted === undefined ? undefined : { position: Number(position), hash });
}

function show({ begin, broken, head, notedGone, rows, seals, tenant, unproven = 0 }: Verdict): string {
  if (broken && broken.position === begin.position && broken.problem === "missing") {
    return [
      `${pc.red("✗")} The rows of ${tenant} up to ${begin.position} were deleted before their time: retention.auditDays was not over.`,
      "  It shows so, too, when that time was made longer after they were deleted. Compare with an earlier export or a backup.",
    ].join("\n");
  }
  if (broken) {
    return [
      `${pc.red("✗")} Row ${broken.position} of ${tenant}: ${PROBLEMS[broken.problem]}.`,
      `  The rows before it are as they were written. Compare with an earlier export or a backup.`,
    ].join("\n");
  }
  return [
    `${pc.green("✓")} ${rows === 1 ? `The one row of ${tenant} is as it was` : `All ${rows} rows of ${tenant} are as they were`} written.`,
    ...(notedGone
      ? [
          `${pc.yellow("!")} The noted head cannot be checked any more: it is older than row ${begin.position}, behind which what is left begins.`,
        ]
      : []),
    ...(begin.position > 0 ? [`  Those up to row ${begin.position} were deleted when their time was over.`] : []),
    ...(seals === undefined
      ? []
      : [
          `  Seals: ${seals}${unproven > 0 ? `, of which ${unproven} could not be proven: the vault's key is missing` : ""}.`,
        ]),
    `  Head: ${head.position}:${head.hash}`,
    pc.dim("  Keep the head elsewhere: audit verify --noted <head> shows later whether the log was rewritten or cut."),
  ].join("\n");
}
