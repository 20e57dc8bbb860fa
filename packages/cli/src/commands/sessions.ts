/** `switchboard sessions …`: conversations and what was said in them. */
import { oneLine } from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { ago, table, time } from "../output.ts";

export function registerSessions(program: Command): void {
  const sessions = program.command("sessions").description("conversations and their transcripts");
  examples(sessions, ["sessions list", "sessions show <key>"]);

  examples(
    sessions
      .command("list")
      .description("conversations, the most recently active first")
      .option("-n, --limit <count>", "how many", "50")
      .option("--channel <id>", "only of this channel")
      .option("--search <text>", "only with this in key or title")
      .action(
        action(async ({ output, withGateway }, options: { limit: string; channel?: string; search?: string }) => {
          const { limit, ...rest } = options;
          const result = await withGateway("local", (gateway) =>
            gateway.request("sessions.list", { limit: Number(limit), ...rest }),
          );
          output.result(result, ({ sessions: rows, hasMore, totalCount }) =>
            [
              table(
                ["SESSION", "TITLE", "ENTRIES", "ACTIVE", "LAST"],
                rows.map(({ key, displayName, entries, updatedAt, lastMessagePreview }) => [
                  key,
                  displayName ?? "–",
                  String(entries ?? 0),
                  ago(updatedAt),
                  oneLine(lastMessagePreview ?? "").slice(0, 60),
                ]),
                "No conversations yet.",
              ),
              ...(hasMore ? [pc.dim(`${totalCount} in all; --limit shows more`)] : []),
            ].join("\n"),
          );
        }),
      ),
    ["sessions list", "sessions list --channel telegram --json"],
  );

  examples(
    sessions
      .command("show <key>")
      .description("one conversation's transcript")
      .option("-n, --limit <count>", "how many entries", "50")
      .action(
        action(async ({ output, withGateway }, key: string, { limit }: { limit: string }) => {
          const result = await withGateway("local", (gateway) =>
            gateway.request("sessions.transcript", { key, limit: Number(limit) }),
          );
          output.result(result, showSession);
        }),
      ),
    ["sessions show main", "sessions show agent:main:telegram:default:direct:42 --limit 200"],
  );
}

function showSession({ session, entries, preferences, hasMore }: Result<"sessions.transcript">): string {
  const settings = Object.entries(preferences).map(([name, value]) => `${name}=${value}`);
  return [
    pc.bold(session.key),
    pc.dim([session.displayName, `${session.entries ?? 0} entries`, ...settings].filter(Boolean).join(", ")),
    ...(hasMore ? [pc.dim("… earlier entries: --limit")] : []),
    ...entries.map(({ role, sender, at, text, partial }) => {
      const who = role === "user" ? (sender ?? "user") : role;
      return `${pc.dim(time(at))} ${role === "assistant" ? pc.cyan(who) : pc.yellow(who)}${partial ? pc.dim(" (not whole)") : ""}\n${indent(text)}`;
    }),
  ].join("\n");
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
