/** The `switchboard` command. */
import { SwitchboardError } from "@switchboard/domain";
import { VERSION } from "@switchboard/server/settings";
import { Command, type CommanderError } from "commander";
import { whenNobodyReads } from "./broken-pipe.ts";
import { registerAlerts } from "./commands/alerts.ts";
import { registerAudit } from "./commands/audit.ts";
import { registerBackup } from "./commands/backup.ts";
import { registerCanvas } from "./commands/canvas.ts";
import { registerChannels } from "./commands/channels.ts";
import { registerConfig } from "./commands/config.ts";
import { registerDeadLetters } from "./commands/dead-letters.ts";
import { registerDeliveries } from "./commands/deliveries.ts";
import { registerDemo } from "./commands/demo.ts";
import { registerDevices } from "./commands/devices.ts";
import { registerHealth } from "./commands/health.ts";
import { registerLimits } from "./commands/limits.ts";
import { registerLogs } from "./commands/logs.ts";
import { registerMigrate } from "./commands/migrate.ts";
import { registerNodes } from "./commands/nodes.ts";
import { registerPairing, withIdsAsWords } from "./commands/pairing.ts";
import { registerQr } from "./commands/qr.ts";
import { registerSend } from "./commands/send.ts";
import { registerSessions } from "./commands/sessions.ts";
import { registerStart } from "./commands/start.ts";
import { registerTenants } from "./commands/tenants.ts";
import { registerUsage } from "./commands/usage.ts";
import { registerVault } from "./commands/vault.ts";
import { examples } from "./context.ts";
import { reportError } from "./output.ts";

const WRONG_USE = 2;

/** Runs one command line; sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  whenNobodyReads(argv);
  const program = new Command("switchboard")
    .description("A messaging gateway that connects AI agents to every chat platform")
    .version(VERSION)
    .option("--json", "answer with one JSON document")
    .option("--url <url>", "a gateway elsewhere (default: the one of the state directory)")
    .option("--token <token>", "its token (default: GATEWAY_TOKEN, or the state directory's)")
    .option("--tls-fingerprint <sha256>", "of the only certificate it may show (default: the state directory's)")
    .showSuggestionAfterError()
    .showHelpAfterError("(see --help)")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  examples(program, ["demo", "start", "channels list", "status --json"]);
  for (const register of [
    registerStart,
    registerDemo,
    registerHealth,
    registerLogs,
    registerChannels,
    registerDevices,
    registerNodes,
    registerCanvas,
    registerQr,
    registerPairing,
    registerSessions,
    registerSend,
    registerDeliveries,
    registerDeadLetters,
    registerUsage,
    registerAlerts,
    registerAudit,
    registerTenants,
    registerLimits,
    registerBackup,
    registerMigrate,
    registerVault,
    registerConfig,
  ]) {
    register(program);
  }
  const json = argv.includes("--json");
  inheritExit(program, json);
  try {
    await program.parseAsync(withIdsAsWords(argv));
  } catch (error) {
    // Commander has said what is wrong, to people; help and version are no errors.
    const { code, exitCode, message } = error as Partial<CommanderError>;
    if (exitCode === undefined) throw error;
    process.exitCode = exitCode === 0 ? 0 : WRONG_USE;
    if (json && exitCode !== 0 && code !== "commander.help") {
      reportError(new SwitchboardError("REQ_001", message?.replace(/^error: /, "")), json);
    }
  }
}

function inheritExit(command: Command, json: boolean): void {
  if (json) command.configureOutput({ outputError: () => {} });
  for (const child of command.commands) {
    child
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError("(see --help)")
      .configureHelp({ showGlobalOptions: true });
    inheritExit(child, json);
  }
}
