/** The commands that Telegram offers when people type a slash. */
import { type AccountContext, toErrorRecord } from "@switchboard/domain";
import type { TelegramApi } from "./api.ts";
import type { TelegramConfig } from "./config.ts";

const MEMORY_KEY = "command-menu";
/** Longer nobody waits for a menu. */
const TIMEOUT_MS = 5_000;

/** Sets them where they changed since the last time. Best effort: nothing depends on it. Never rejects. */
export async function offerCommands(api: TelegramApi, context: AccountContext<TelegramConfig>): Promise<void> {
  const { config, log, memory, signal } = context;
  if (!config.commandMenu) return;
  const commands = context.commands.map(({ name, description }) => ({ command: name, description }));
  // The bot is a part of it: another one behind the same account has no menu yet.
  const wanted = JSON.stringify([config.token.split(":", 1)[0], config.baseUrl, commands]);
  try {
    if ((await memory.get(MEMORY_KEY)) === wanted) return;
    await api.call("other", "setMyCommands", { commands }, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
    await memory.set(MEMORY_KEY, wanted);
  } catch (thrown) {
    if (!signal.aborted) log.warn({ error: toErrorRecord(thrown) }, "the command menu could not be set");
  }
}
