/**
 * Runs a gateway until the process is told to stop, and starts it again in the same process when that is asked for: by
 * an operator, or by SIGHUP. What cannot be started from is told of, and the gateway goes on as it was.
 */
import { type ProcessLog, type RestartRequest, type RunningGateway, startGateway } from "@switchboard/server";
import type { OpeningStore } from "@switchboard/server/opening-store";
import { readSettings, type Settings } from "@switchboard/server/settings";

/** A second signal means: now. */
const FORCED_EXIT = 130;

export interface RunOptions {
  readonly stateDirectory: string;
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly log: ProcessLog;
  readonly logFile: string;
  /** The store of the first gateway, if it is being opened already. */
  readonly opening?: OpeningStore;
}

/** `ready` is called once. Resolves when the last gateway has ended. */
export async function runGateway(options: RunOptions, ready: (gateway: RunningGateway) => void): Promise<void> {
  const { opening, ...ever } = options;
  const { env, log, stateDirectory } = ever;
  const stop = Promise.withResolvers<"stop">();
  let stopping = false;
  let restart = Promise.withResolvers<"restart">();
  const onStop = (why: string) => {
    if (stopping) process.exit(FORCED_EXIT);
    stopping = true;
    log.info({ why }, "stopping; once more to stop at once");
    stop.resolve("stop");
  };
  const onRestart = ({ reason, delayMs }: RestartRequest) => {
    const asked = restart;
    setTimeout(() => {
      try {
        readSettings(stateDirectory, env);
        log.info({ reason }, "starting again");
        asked.resolve("restart");
      } catch (error) {
        log.error({ reason, error: String(error) }, "not started again: the configuration file is not valid");
      }
    }, delayMs).unref();
  };
  process.on("SIGINT", () => onStop("SIGINT"));
  process.on("SIGTERM", () => onStop("SIGTERM"));
  // A gateway that was started by another program ends with it.
  process.on("disconnect", () => onStop("its parent is gone"));
  // Listening for that alone would keep a process alive whose gateway could not be started.
  process.channel?.unref();
  if (process.platform !== "win32") process.on("SIGHUP", () => onRestart({ reason: "SIGHUP", delayMs: 0 }));

  const start = (settings: Settings, first?: Pick<RunOptions, "opening">) => {
    restart = Promise.withResolvers();
    log.setLevel(settings.config.log.level);
    return startGateway({
      ...ever,
      ...first,
      settings,
      restart: onRestart,
      setLogLevel: log.setLevel,
      onFatal(error) {
        log.error({ error: String(error) }, "the store failed; ending, so that a fresh process can take over");
        process.exit(1);
      },
    });
  };
  let { settings } = options;
  let gateway = await start(settings, opening && { opening });
  ready(gateway);
  while ((await Promise.race([stop.promise, restart.promise])) === "restart") {
    await gateway.stop({ restart: true });
    if (stopping) return;
    const next = presentSettings(options, settings, gateway.url);
    gateway = await start(next).catch((error: unknown) => {
      log.error({ error: String(error) }, "could not start as configured now; starting as before");
      return start(settings);
    });
    settings = next;
    log.info({ url: gateway.url }, "started again");
  }
  await gateway.stop();
}

/** Whoever took any free port keeps it: clients come back to where they were. */
function presentSettings({ stateDirectory, env }: RunOptions, before: Settings, url: string): Settings {
  let settings: Settings;
  try {
    settings = readSettings(stateDirectory, env);
  } catch {
    return before;
  }
  const { config } = settings;
  if (config.gateway.port !== 0) return settings;
  return { ...settings, config: { ...config, gateway: { ...config.gateway, port: Number(new URL(url).port) } } };
}
