/** `switchboard config …`: reads and changes the configuration file. */
import { SwitchboardError } from "@switchboard/domain";
import {
  completeConfig,
  configPath,
  ensureStateDirectory,
  getAt,
  noSetting,
  readConfigFile,
  readSettings,
  redactSecrets,
  setAt,
  stateDirectoryPath,
  writeConfigFile,
} from "@switchboard/server/settings";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";

export function registerConfig(program: Command): void {
  const config = program.command("config").description("read and change the configuration file");
  examples(config, ["config get", "config set gateway.port 8080", "config validate"]);
  const place = () => {
    const stateDirectory = stateDirectoryPath(process.env);
    return { stateDirectory, path: configPath(stateDirectory, process.env) };
  };

  examples(
    config
      .command("get [path]")
      .description("what is in force: file, environment and defaults together; secrets are hidden")
      .action(
        action(async ({ output }, path: string | undefined) => {
          const settings = readSettings(place().stateDirectory, process.env);
          const shown = redactSecrets(settings.config);
          const value = path === undefined ? shown : getAt(shown, path);
          if (path !== undefined && value === undefined) throw noSetting(shown, path);
          output.result(value, (each) => (typeof each === "string" ? each : JSON.stringify(each, null, 2)));
        }),
      ),
    ["config get", "config get gateway.port"],
  );

  examples(
    config
      .command("set <path> [value]")
      .description("change one setting in the file; a value that is JSON is taken as such")
      .option("--unset", "take the setting out instead")
      .action(
        action(async ({ output }, path: string, value: string | undefined, { unset = false }: { unset?: boolean }) => {
          if (unset === (value !== undefined)) throw new SwitchboardError("REQ_001", "Give either a value or --unset.");
          const { stateDirectory, path: file } = place();
          ensureStateDirectory(stateDirectory);
          const next = setAt(readConfigFile(file), path, value === undefined ? undefined : jsonOrText(value));
          completeConfig(next, file);
          writeConfigFile(file, next);
          output.result(
            { path, file },
            () => `${pc.green("✓")} ${path} ${unset ? "taken out" : "set"} in ${file}; it counts from the next start.`,
          );
        }),
      ),
    [
      "config set gateway.port 8080",
      "config set gateway.publicUrl --unset",
      'config set agents.0 \'{"id":"main","runtime":"openai","model":"gpt-4o-mini"}\'',
    ],
  );

  examples(
    config
      .command("validate [file]")
      .description("say what is wrong with the configuration, if anything")
      .action(
        action(async ({ output }, file: string | undefined) => {
          const { stateDirectory, path } = place();
          if (file === undefined) readSettings(stateDirectory, process.env);
          else completeConfig(readConfigFile(file), file);
          output.result({ valid: true, file: file ?? path }, (each) => `${pc.green("✓")} ${each.file} is valid.`);
        }),
      ),
    ["config validate", "config validate ./new-config.json"],
  );
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
