/** Finds out whether a bot token works, and says exactly what is wrong when it does not. */
import { type SelfIdentity, SwitchboardError } from "@switchboard/domain";
import type { UserFromGetMe } from "grammy/types";
import type { TelegramApi } from "./api.ts";
import { peerId } from "./ids.ts";

export interface Login {
  readonly self: SelfIdentity;
  /** What an operator should know of how the bot was set up. */
  readonly hints: readonly string[];
}

/**
 * Asks Telegram who the token belongs to.
 * @throws CONN_002 for a token that is malformed or refused, CONN_001 when Telegram does not answer.
 */
export async function login(api: TelegramApi, token: string, signal?: AbortSignal): Promise<Login> {
  const problem = tokenProblem(token);
  if (problem !== undefined) throw new SwitchboardError("CONN_002", problem, { scope: "account" });
  const bot = await api.call("other", "getMe", undefined, signal);
  if (!Number.isSafeInteger(bot?.id) || typeof bot.username !== "string") {
    throw new SwitchboardError("CONN_001", "What answers at the base URL is no Bot API.", { scope: "account" });
  }
  return { self: identity(bot), hints: hintsOf(bot) };
}

/** What is wrong with a token by its looks alone. */
function tokenProblem(token: string): string | undefined {
  if (token.trim() !== token) return "The bot token has white space around it; copy it without.";
  if (/^bot\d+:/i.test(token)) return 'The bot token starts with "bot"; leave that out.';
  if (/\s/.test(token)) return "The bot token has white space inside; copy it in one piece.";
  if (!token.includes(":")) {
    return "The bot token has no colon. It looks like 123456789:AbC…, as @BotFather shows it under /token.";
  }
  if (!/^\d+:/.test(token))
    return "The bot token must start with the bot's number, as @BotFather shows it under /token.";
  if (!/^\d+:[\w-]+$/.test(token)) return "The bot token holds characters that no token has; copy it again.";
  return undefined;
}

function identity(bot: UserFromGetMe): SelfIdentity {
  return { id: peerId(bot.id), username: bot.username, displayName: bot.first_name };
}

function hintsOf(bot: UserFromGetMe): string[] {
  if (bot.can_join_groups === false) return ["Groups are switched off for this bot at @BotFather (/setjoingroups)."];
  if (bot.can_read_all_group_messages) return [];
  return [
    "Privacy mode is on: in groups the bot only sees commands, mentions and replies to it (@BotFather, /setprivacy).",
  ];
}
