/** `switchboard backup …`: a copy of everything, and back. */
import { existsSync } from "node:fs";
import { SwitchboardError } from "@switchboard/domain";
import { stateDirectoryPath } from "@switchboard/server/settings";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { bytes } from "../output.ts";

export function registerBackup(program: Command): void {
  const backup = program.command("backup").description("copy the store while it is in use, and restore it");
  examples(backup, ["backup create", "backup restore <file>"]);

  examples(
    backup
      .command("create [name]")
      .description("write a consistent copy into the state directory's backups")
      .action(
        action(async ({ output, withGateway }, name: string | undefined) => {
          if (name !== undefined && /[\\/]/.test(name)) {
            throw new SwitchboardError(
              "REQ_001",
              `"${name}" is a path. Give a name like before-upgrade.db: backups are kept in the state directory.`,
            );
          }
          output.note("Copying the store …");
          const params = name === undefined ? {} : { name };
          const result = await withGateway("local", (gateway) => gateway.request("backup.create", params, 600_000));
          output.result(
            result,
            ({ path, bytes: size, durationMs }) => `${pc.green("✓")} ${path} (${bytes(size)} in ${durationMs} ms)`,
          );
        }),
      ),
    ["backup create", "backup create before-upgrade.db --json"],
  );

  examples(
    backup
      .command("restore <file>")
      .description(
        "put a backup in the store's place; the gateway must be stopped, the present store is kept beside it",
      )
      .action(
        action(async ({ output }, file: string) => {
          if (!existsSync(file)) throw new SwitchboardError("REQ_002", `There is no file ${file}.`);
          const { restoreBackup } = await import("@switchboard/server");
          const result = restoreBackup(stateDirectoryPath(process.env), file);
          output.result(result, ({ restored, kept }) =>
            [`${pc.green("✓")} ${restored} restored.`, ...(kept ? [`  The store before is kept as ${kept}`] : [])].join(
              "\n",
            ),
          );
        }),
      ),
    ["backup restore ~/.switchboard/backups/before-upgrade.db"],
  );
}
