/** The gateway's commands as slash commands of the application. */
import { type AccountContext, type CommandHint, toErrorRecord } from "@switchboard/domain";
import { ApplicationCommandOptionType, ApplicationCommandType } from "discord-api-types/v10";
import type { DiscordApi } from "./api.ts";
import type { DiscordConfig } from "./config.ts";

const MEMORY_KEY = "slash-commands";
/** https://discord.com/developers/docs/interactions/application-commands */
const COMMANDS = 100;
const DESCRIPTION = 100;
const CHOICES = 25;
const TIMEOUT_MS = 5_000;

/** Overwrites them where they changed since the last time. Best effort: typed commands work without. Never rejects. */
export async function registerCommands(
  api: DiscordApi,
  context: AccountContext<DiscordConfig>,
  application: string,
): Promise<void> {
  const { config, log, memory, signal } = context;
  if (!config.slashCommands) return;
  const json = context.commands.slice(0, COMMANDS).map(toCommand);
  const wanted = JSON.stringify([application, config.baseUrl, json]);
  try {
    if ((await memory.get(MEMORY_KEY)) === wanted) return;
    await api.call({
      method: "PUT",
      path: `/applications/${application}/commands`,
      what: "slash commands",
      json,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await memory.set(MEMORY_KEY, wanted);
  } catch (thrown) {
    if (!signal.aborted) log.warn({ error: toErrorRecord(thrown) }, "the slash commands could not be registered");
  }
}

function toCommand({ argument, description, name }: CommandHint) {
  return {
    name,
    description: shortened(description),
    type: ApplicationCommandType.ChatInput,
    ...(argument && { options: [toOption(argument)] }),
  };
}

/** A few choices are offered as they are; many are suggested while one types. */
function toOption({ choices = [], label }: NonNullable<CommandHint["argument"]>) {
  const few =
    choices.length > 0 && choices.length <= CHOICES && choices.every(({ length }) => length > 0 && length <= 100);
  return {
    type: ApplicationCommandOptionType.String,
    name:
      label
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_-]+/gu, "-")
        .slice(0, 32) || "value",
    description: shortened(label),
    required: false,
    ...(few && { choices: choices.map((choice) => ({ name: choice, value: choice })) }),
    ...(choices.length > 0 && !few && { autocomplete: true }),
  };
}

function shortened(text: string): string {
  return text.length <= DESCRIPTION ? text || "…" : `${text.slice(0, DESCRIPTION - 1)}…`;
}
