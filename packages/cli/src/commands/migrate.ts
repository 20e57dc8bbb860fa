/** `switchboard migrate …`: takes an install somewhere else. */
import { SwitchboardError } from "@switchboard/domain";
import { databaseUrl, readSettings, stateDirectoryPath } from "@switchboard/server/settings";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";

/** The progress of a table is told this often, in rows. */
const TELL_EVERY = 10_000;

export function registerMigrate(program: Command): void {
  const migrate = program.command("migrate").description("move the store to another database");
  examples(migrate, ["migrate sqlite-to-postgres"]);

  examples(
    migrate
      .command("sqlite-to-postgres")
      .description("copy everything into the PostgreSQL database of DATABASE_URL; the gateway must be stopped")
      .action(
        action(async ({ output }) => {
          const { env } = process;
          const directory = stateDirectoryPath(env);
          const { database } = readSettings(directory, env).config;
          const url = databaseUrl(env, database);
          if (url === undefined) {
            throw new SwitchboardError(
              "CFG_001",
              "Say where to: set DATABASE_URL, or database.url in the configuration.",
            );
          }
          output.note("Copying the store. If this breaks off, run it again: it goes on where it was.");
          const { moveInstall } = await import("@switchboard/server");
          const { tables } = await moveInstall({
            directory,
            url,
            ownerUrl: env.DATABASE_OWNER_URL || database.ownerUrl,
            progress: (table, rows) => rows % TELL_EVERY === 0 && output.note(`  ${table}: ${rows} rows`),
          });
          output.result({ tables }, () => {
            const rows = tables.reduce((sum, table) => sum + table.rows, 0);
            return [
              `${pc.green("✓")} ${rows} rows in ${tables.length} tables are the same on both sides.`,
              "  Start the gateway with the same DATABASE_URL. The store in the state directory stays as it is; its keys,",
              "  files and configuration are still needed.",
            ].join("\n");
          });
        }),
      ),
    ["migrate sqlite-to-postgres", "migrate sqlite-to-postgres --json"],
  ).addHelpText(
    "after",
    `
Environment:
  DATABASE_URL            where to: postgresql://user:password@host/name, an empty database
  DATABASE_OWNER_URL      as whom its tables are made, when the former may not`,
  );
}
