/** Finds out whether a bot token works and what its application may do, and says exactly what is missing. */
import { type AccountContext, type SelfIdentity, SwitchboardError } from "@switchboard/domain";
import type { APIUser, RESTGetAPIGatewayBotResult, RESTGetCurrentApplicationResult } from "discord-api-types/v10";
import type { DiscordApi } from "./api.ts";
import type { DiscordConfig } from "./config.ts";
import { isSnowflake, peerId } from "./ids.ts";

export interface Login {
  readonly self: SelfIdentity;
  readonly application: string;
  /** `concurrency`: so many shards may identify every five seconds. */
  readonly gateway: { readonly url: string; readonly shards: number; readonly concurrency: number };
  readonly intents: number;
  /** What an operator should know of how the application was set up. */
  readonly hints: readonly string[];
}

/** https://discord.com/developers/docs/events/gateway#list-of-intents */
const INTENTS = {
  guilds: 1 << 0,
  members: 1 << 1,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

/** https://discord.com/developers/docs/resources/application#application-object-application-flags */
const FLAGS = { members: (1 << 14) | (1 << 15), messageContent: (1 << 18) | (1 << 19) } as const;

/**
 * @throws CONN_002 for a token that is malformed or refused, CFG_001 when a privileged intent is switched off in the
 * developer portal, CONN_001 when Discord does not answer.
 */
export async function login(
  api: DiscordApi,
  { config, signal, webhook }: Pick<AccountContext<DiscordConfig>, "config" | "signal" | "webhook">,
): Promise<Login> {
  const problem = tokenProblem(config.token);
  if (problem !== undefined) throw new SwitchboardError("CONN_002", problem, { scope: "account" });
  const user = await api.call<APIUser>({ method: "GET", path: "/users/@me", what: "who am I", signal });
  if (!isSnowflake(user?.id) || typeof user.username !== "string") {
    throw new SwitchboardError("CONN_001", "What answers at the base URL is not Discord.", { scope: "account" });
  }
  const application = await api.call<RESTGetCurrentApplicationResult>({
    method: "GET",
    path: "/applications/@me",
    what: "my application",
    signal,
  });
  checkIntents(application.flags ?? 0, config);
  checkKey(application.verify_key, config);
  const gateway = await api.call<RESTGetAPIGatewayBotResult>({
    method: "GET",
    path: "/gateway/bot",
    what: "where the gateway is",
    signal,
  });
  checkSessions(gateway);
  const shards = config.shards > 0 ? config.shards : Math.max(1, gateway.shards);
  return {
    self: {
      id: peerId(user.id),
      username: user.username,
      ...(user.global_name != null && { displayName: user.global_name }),
    },
    application: application.id,
    gateway: {
      url: gateway.url,
      shards,
      concurrency: Math.max(1, gateway.session_start_limit?.max_concurrency ?? 1),
    },
    intents: intentsFor(config),
    hints: [
      ...(config.messageContent
        ? []
        : ["Without the Message Content intent the bot reads only direct messages, mentions and replies to it."]),
      ...endpointHints(application.interactions_endpoint_url ?? undefined, config, webhook?.url),
    ],
  };
}

function intentsFor({ members, messageContent }: DiscordConfig): number {
  const { guilds, guildMessages, guildReactions, directMessages, directReactions } = INTENTS;
  return (
    guilds |
    guildMessages |
    guildReactions |
    directMessages |
    directReactions |
    (messageContent ? INTENTS.messageContent : 0) |
    (members ? INTENTS.members : 0)
  );
}

/** The gateway would close with 4014 and not say which intent it was. */
function checkIntents(flags: number, config: DiscordConfig): void {
  const missing = [
    ...(config.messageContent && (flags & FLAGS.messageContent) === 0
      ? ["Message Content Intent (messageContent)"]
      : []),
    ...(config.members && (flags & FLAGS.members) === 0 ? ["Server Members Intent (members)"] : []),
  ];
  if (missing.length === 0) return;
  throw new SwitchboardError("CFG_001", `Switched off in the developer portal: ${missing.join(", ")}.`, {
    scope: "account",
    retryable: false,
    action:
      "Open the application in the developer portal, then Bot, and switch it on under Privileged Gateway Intents; or " +
      "switch off the setting named in brackets.",
  });
}

function checkKey(known: string, { publicKey }: DiscordConfig): void {
  if (publicKey === "" || publicKey === known) return;
  throw new SwitchboardError("CFG_001", "`publicKey` is not this application's.", {
    scope: "account",
    retryable: false,
    action: "Copy Public Key from General Information in the developer portal.",
  });
}

/** With an Interactions Endpoint URL, Discord hands no interaction to the gateway any more. */
function endpointHints(endpoint: string | undefined, { publicKey }: DiscordConfig, own: string | undefined): string[] {
  if (endpoint === undefined) {
    if (publicKey === "" || own === undefined) return [];
    return [`Commands and presses come over the gateway; for HTTP set the Interactions Endpoint URL to ${own}.`];
  }
  if (endpoint !== own) {
    return [
      `Commands and presses go to ${endpoint}, not here; clear Interactions Endpoint URL in the developer portal.`,
    ];
  }
  return publicKey === "" ? ["Commands and presses come over HTTP and are refused: `publicKey` is not set."] : [];
}

function checkSessions({ session_start_limit: limit }: RESTGetAPIGatewayBotResult): void {
  if (limit === undefined || limit.remaining > 0) return;
  throw new SwitchboardError("CONN_003", "The bot has connected as often as Discord allows in a day.", {
    scope: "account",
    retryAfterMs: limit.reset_after,
  });
}

/** What is wrong with a token by its looks alone. */
function tokenProblem(token: string): string | undefined {
  if (token.trim() !== token || /\s/.test(token)) return "The bot token has white space in it; copy it without.";
  if (/^Bot/i.test(token)) return 'The bot token starts with "Bot"; leave that out.';
  if (token.split(".").length !== 3) {
    return "The bot token has three parts with dots between, as the developer portal shows it under Bot, Reset Token.";
  }
  return undefined;
}
