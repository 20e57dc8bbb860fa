/** `switchboard start`: runs the gateway in the foreground until it is told to stop (OPS-1). */
import { allowCollecting, spareMemory } from "@switchboard/core/spare-memory";
import {
  databaseUrl,
  ensureStateDirectory,
  logFilePath,
  readSettings,
  stateDirectoryPath,
} from "@switchboard/server/settings";
import type { Command } from "commander";
import { action, examples } from "../context.ts";

export function registerStart(program: Command): void {
  const command = program
    .command("start")
    .description("run the gateway in the foreground")
    .option("--tls", "serve https and wss only; without files of your own it makes a certificate")
    .action(
      action(async ({ output }, { tls }: { readonly tls?: boolean }) => {
        allowCollecting();
        spareMemory();
        const stateDirectory = stateDirectoryPath(process.env);
        const env = tls ? { ...process.env, GATEWAY_TLS: "true" } : process.env;
        const settings = readSettings(stateDirectory, env);
        ensureStateDirectory(stateDirectory);
        // It opens in a thread of its own while this one reads the rest of the program.
        const { openStoreAhead } = await import("@switchboard/server/opening-store");
        const embedded = databaseUrl(env, settings.config.database) === undefined;
        const opening = embedded ? { opening: openStoreAhead(stateDirectory) } : {};
        const [{ createLog }, { runGateway }] = await Promise.all([
          import("@switchboard/server"),
          import("../run-gateway.ts"),
        ]);
        const logFile = logFilePath(stateDirectory);
        const log = await createLog(settings.config.log, logFile);
        await runGateway({ stateDirectory, settings, env, log, logFile, ...opening }, (gateway) => {
          const { tlsFingerprint } = gateway;
          const started = {
            url: gateway.url,
            stateDirectory,
            pid: process.pid,
            ...(tlsFingerprint && { tlsFingerprint }),
          };
          output.result(started, ({ url }) =>
            [
              `Switchboard is ready: ${url}`,
              ...(tlsFingerprint ? [`Its certificate's SHA-256: ${tlsFingerprint}`] : []),
              `Chat in the browser: ${url}/chat${tokenPart(gateway.token)}`,
            ].join("\n"),
          );
          process.send?.({ type: "ready", url: gateway.url });
        });
        process.exit(0);
      }),
    );
  examples(command, ["start", "start --tls", "start --json"]).addHelpText(
    "after",
    `
Environment:
  SWITCHBOARD_STATE_DIR   where everything is kept (default ~/.switchboard)
  GATEWAY_PORT            default 18789
  GATEWAY_HOST            default 127.0.0.1
  GATEWAY_TOKEN           default a random one, kept in the state directory
  GATEWAY_TLS             true: the same as --tls
  DATABASE_URL            a PostgreSQL database, postgresql://user:password@host/name; default one in the state directory
  DATABASE_OWNER_URL      as whom its tables are made, when the former may not
  GATEWAY_PUBLIC_URL      how platforms reach this gateway; needed for webhooks
  OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL, ANTHROPIC_API_KEY, ANTHROPIC_MODEL
  and one variable per channel credential: switchboard channels list

Signals:
  SIGTERM, SIGINT         ends in good order; a second one ends at once
  SIGHUP                  starts again in the same process, from the configuration file as it is then`,
  );
}

/** The token is for the person before the terminal; what is not one may be a log that others read (CRED-3). */
function tokenPart(token: string): string {
  return process.stdout.isTTY
    ? `#token=${token}`
    : " (it asks for the gateway's token: GATEWAY_TOKEN, or the state directory's file gateway-token)";
}
