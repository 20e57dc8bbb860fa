/** Finds out whether the tokens work, and says exactly what is missing when they do not. */
import { type SelfIdentity, SwitchboardError } from "@switchboard/domain";
import type { SlackApi } from "./api.ts";
import { wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";
import { peerId } from "./ids.ts";
import { NEEDED, scopesFor } from "./scopes.ts";

export interface Login {
  readonly self: SelfIdentity;
  /** What an operator should know of how the app was set up. */
  readonly hints: readonly string[];
}

/**
 * Asks Slack who the bot's token belongs to and what it may do.
 * @throws CONN_002 for a token that is malformed, refused or may not even write; CONN_001 when Slack does not answer.
 */
export async function login(
  api: SlackApi,
  config: Pick<SlackConfig, "botToken" | "appToken" | "suggestedPrompts">,
  signal?: AbortSignal,
): Promise<Login> {
  const problem = botTokenProblem(config.botToken) ?? appTokenProblem(config.appToken);
  if (problem !== undefined) throw new SwitchboardError("CONN_002", problem, { scope: "account" });
  const answer = await api.call("auth.test", {}, { signal });
  const user = wordOf(answer.user_id);
  const team = wordOf(answer.team_id);
  if (user === undefined || team === undefined) {
    throw new SwitchboardError("CONN_001", "What answers at the base URL is not the Web API.", { scope: "account" });
  }
  const granted = answer.response_metadata?.scopes;
  const wanted = scopesFor(config);
  const lacking = granted === undefined ? [] : Object.keys(wanted).filter((scope) => !granted.includes(scope));
  const fatal = lacking.filter((scope) => NEEDED.includes(scope));
  if (fatal.length > 0) {
    throw new SwitchboardError(
      "CONN_002",
      `The bot's token lacks ${fatal.join(", ")}. Add it under OAuth & Permissions, then reinstall the app.`,
      { scope: "account" },
    );
  }
  const name = wordOf(answer.user);
  return {
    self: { id: peerId(user), ...(name !== undefined && { username: name, displayName: name }), space: team },
    hints: hintsOf(lacking, wanted),
  };
}

function hintsOf(lacking: readonly string[], wanted: Readonly<Record<string, string>>): string[] {
  if (lacking.length === 0) return [];
  const list = lacking.map((scope) => `${scope} (to ${wanted[scope] ?? "work"})`).join(", ");
  return [`The bot's token lacks scopes: ${list}. Add them under OAuth & Permissions and reinstall the app.`];
}

/** What is wrong with a token by its looks alone. */
function botTokenProblem(token: string): string | undefined {
  if (/\s/.test(token)) return "The bot token has white space in it; copy it in one piece.";
  if (token.startsWith("xapp-")) return "The bot token is an app-level token (xapp-…); those of bots begin with xoxb-.";
  if (token.startsWith("xoxp-")) return "The bot token is a person's token (xoxp-…); those of bots begin with xoxb-.";
  if (!/^xox(b-|e\.xoxb-)/.test(token)) {
    return "The bot token does not look like one: it begins with xoxb- and stands under OAuth & Permissions.";
  }
  return undefined;
}

function appTokenProblem(token: string | undefined): string | undefined {
  if (token === undefined || /^xapp-[\w-]+$/.test(token)) return undefined;
  return "The app token does not look like one: it begins with xapp- and stands under Basic Information.";
}
