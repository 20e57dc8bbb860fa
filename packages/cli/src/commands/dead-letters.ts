/** `switchboard dead-letters …`: what waits for a person's decision. */
import { oneLine } from "@switchboard/domain";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { follow } from "../follow.ts";
import { seconds } from "../input.ts";
import { deadLetterKind } from "../kinds.ts";
import { ago, table } from "../output.ts";
import { showTrace } from "../show-trace.ts";

export function registerDeadLetters(program: Command): void {
  const deadLetters = program.command("dead-letters").description("messages that could not be processed or sent");
  examples(deadLetters, ["dead-letters list", "dead-letters replay <id>"]);

  examples(
    deadLetters
      .command("list")
      .description("dead letters nobody has decided about, the newest first")
      .option("-n, --limit <count>", "how many", "50")
      .option("--kind <kind>", "only inbox, turn or delivery")
      .option("--resolved", "also those that were replayed or discarded")
      .action(
        action(async ({ output, withGateway }, options: { limit: string; kind?: string; resolved?: boolean }) => {
          const kind = options.kind === undefined ? undefined : deadLetterKind(options.kind);
          const result = await withGateway("local", (gateway) =>
            gateway.request("deadLetters.list", {
              limit: Number(options.limit),
              ...(kind && { kind }),
              ...(options.resolved && { resolved: true }),
            }),
          );
          output.result(result, ({ deadLetters: rows }) =>
            table(
              ["DEAD LETTER", "KIND", "ACCOUNT", "AGE", "ERROR", "TEXT"],
              rows.map((row) => [
                row.id,
                row.resolution ? pc.dim(`${row.kind} (${row.resolution})`) : row.kind,
                `${row.channel}:${row.accountId}`,
                ago(row.createdAt),
                `${row.error.code} ${row.error.message.slice(0, 50)}`,
                oneLine(row.preview ?? "").slice(0, 40),
              ]),
              "No dead letters.",
            ),
          );
        }),
      ),
    ["dead-letters list", "dead-letters list --kind delivery --json"],
  );

  examples(
    deadLetters
      .command("show <id>")
      .description("one dead letter with its payload and history")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { deadLetter } = await gateway.request("deadLetters.get", { id });
            const trace = await gateway.request("trace.get", { id: deadLetter.subject });
            return { deadLetter, trace };
          });
          output.result(result, ({ deadLetter, trace }) =>
            [
              `${pc.bold(deadLetter.id)} ${deadLetter.kind} of ${deadLetter.channel}:${deadLetter.accountId}`,
              `${pc.red(deadLetter.error.code)} ${deadLetter.error.message}`,
              JSON.stringify(deadLetter.payload, null, 2),
              "",
              showTrace(trace),
            ].join("\n"),
          );
        }),
      ),
    ["dead-letters show dead_01…"],
  );

  examples(
    deadLetters
      .command("replay <id...>")
      .description("put messages back to work, with their attempts at zero")
      .option("--wait <seconds>", "then follow each until it is settled, at most this long")
      .action(
        action(async ({ output, withGateway }, ids: readonly string[], { wait }: { wait?: string }) => {
          const waitMs = wait === undefined ? undefined : seconds(wait) * 1000;
          const results = await withGateway("local", async (gateway) => {
            const done = [];
            for (const id of ids) {
              const { deadLetter } = await gateway.request("deadLetters.get", { id });
              const { replayed } = await gateway.request("deadLetters.replay", { id });
              const trace =
                waitMs !== undefined && replayed ? await follow(gateway, deadLetter.subject, waitMs) : undefined;
              done.push({ id, replayed, ...(trace && { trace }) });
            }
            return done;
          });
          output.result(results, (all) =>
            all
              .map(({ id, replayed, trace }) =>
                replayed
                  ? `${pc.green("✓")} ${id} is back to work${trace ? `\n${showTrace(trace)}` : ""}`
                  : `${pc.yellow("!")} ${id} was resolved before`,
              )
              .join("\n"),
          );
        }),
      ),
    ["dead-letters replay dead_01…", "dead-letters replay dead_01… dead_02… --wait 30"],
  );

  examples(
    deadLetters
      .command("discard <id...>")
      .description("decide that messages are not wanted any more")
      .action(
        action(async ({ output, withGateway }, ids: readonly string[]) => {
          const results = await withGateway("local", async (gateway) => {
            const done = [];
            for (const id of ids) done.push(await gateway.request("deadLetters.discard", { id }));
            return done;
          });
          output.result(results, (all) =>
            all
              .map(({ id, discarded }) =>
                discarded ? `${pc.green("✓")} ${id} discarded` : `${pc.yellow("!")} ${id} was resolved before`,
              )
              .join("\n"),
          );
        }),
      ),
    ["dead-letters discard dead_01…"],
  );
}
