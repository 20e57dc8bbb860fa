/**
 * What went wrong at Discord, in the words of the one error table. Codes:
 * https://discord.com/developers/docs/topics/opcodes-and-status-codes. No message and no detail ever holds a token.
 */

import type { CallKind, Verdict } from "@switchboard/channel-kit/http";
import { type Delivered, type ErrorCode, SwitchboardError } from "@switchboard/domain";

/** What Discord says of a call that it refused. */
export interface Refusal {
  readonly status: number;
  /** Discord's own number; 0 when it gave none. */
  readonly code: number;
  readonly message: string;
  readonly retryAfterMs?: number;
  /** Of a 429: the whole account's limit, not one route's. */
  readonly global?: boolean;
  /** No answer of Discord's API at all, e.g. a proxy's error page. */
  readonly foreign?: boolean;
}

const forbidden: Verdict = { code: "MSG_004", scope: "conversation" };
const gone: Verdict = { code: "MSG_005", scope: "conversation" };

/** The names of these numbers are in discord-api-types, `RESTJSONErrorCodes`. */
const byCode: Readonly<Record<number, Verdict>> = {
  10003: gone,
  10004: gone,
  10008: { code: "MSG_005" },
  10013: gone,
  10014: { code: "MSG_008", action: "Name an emoji as such (👍), or a server's own as name:id." },
  10015: { code: "MSG_005" },
  10062: { code: "MSG_005", action: "The interaction is over. Ask the person to do it again." },
  40004: { code: "MSG_002", retryable: true },
  40005: { code: "MSG_003" },
  40006: { code: "MSG_002", retryable: true },
  50001: { ...forbidden, action: "Let the bot's role see the channel: View Channel." },
  50007: { ...forbidden, action: "The person takes no direct messages from the bot, or shares no server with it." },
  50008: { ...forbidden, action: "Nobody can write in this kind of channel; name a text channel or a thread." },
  50013: { ...forbidden, action: "Give the bot's role Send Messages, Embed Links and Attach Files in the channel." },
  50024: { ...forbidden },
  50027: { code: "MSG_005", action: "The interaction is over after fifteen minutes." },
  50006: { code: "MSG_008" },
  50035: { code: "MSG_008" },
  50278: { ...forbidden, action: "The person shares no server with the bot." },
  50083: { ...forbidden, action: "The thread is archived; a moderator can open it again." },
  160002: { ...forbidden, action: "Give the bot's role Read Message History in the channel." },
  160005: { ...forbidden, action: "The thread is locked; a moderator can unlock it." },
  200000: { code: "MSG_008", action: "The server's AutoMod refuses the text; its moderators set the rules." },
};

/** The error for a refused call. `what`: the call in a few words, without any id. */
export function refused(what: string, refusal: Refusal, kind: CallKind): SwitchboardError {
  const { foreign, message, retryAfterMs, status } = refusal;
  const { code, scope, retryable, action } = judge(refusal, kind);
  const delivered: Delivered = kind === "send" && foreign && status >= 500 ? "unknown" : "no";
  return new SwitchboardError(code, `${explain(status, message)} (${what})`, {
    delivered,
    ...(scope && { scope }),
    ...(action !== undefined && { action }),
    ...(retryable !== undefined && { retryable }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    details: { call: what, status, ...(refusal.code !== 0 && { code: refusal.code }) },
  });
}

function judge({ code, foreign, global, status }: Refusal, kind: CallKind): Verdict {
  if (foreign && status < 500 && status !== 429) return { code: "CONN_001", scope: "account" };
  const known = byCode[code];
  if (known) return known;
  switch (status) {
    case 401:
      return { code: "CONN_002", scope: "account", action: "Reset the token in the developer portal and set it here." };
    case 403:
      return forbidden;
    case 404:
      return { code: "MSG_005" };
    case 413:
      return { code: "MSG_003" };
    case 429:
      return { code: "CONN_003", scope: kind === "send" && !global ? "conversation" : "account" };
  }
  if (status >= 500) return kind === "send" ? { code: "MSG_002" } : { code: "CONN_001", scope: "account" };
  return { code: "MSG_002", retryable: false };
}

function explain(status: number, message: string): string {
  if (status === 401) return `Discord refuses the bot token: it was reset or mistyped. Discord says: ${message}`;
  return `Discord says: ${message}`;
}

/** Why the gateway closed the connection, where trying again cannot help. */
const fatalCloses: Readonly<Record<number, readonly [ErrorCode, string, string]>> = {
  4004: ["CONN_002", "Discord refuses the bot token", "Reset the token in the developer portal and set it here."],
  4010: ["CFG_001", "Discord refuses the shard", "Set shards to 0."],
  4011: ["CFG_001", "The bot is in too many servers for one connection", "Set shards to 0: as many as recommended."],
  4012: ["CFG_001", "Discord no longer has this version of its gateway", "Update Switchboard."],
  4013: ["CFG_001", "Discord does not know the intents that were asked for", "Update Switchboard."],
  4014: [
    "CFG_001",
    "Discord does not allow the bot the privileged intents that it asks for",
    "In the developer portal open the application, then Bot, and under Privileged Gateway Intents switch on Message " +
      "Content Intent (setting messageContent) and Server Members Intent (setting members); or switch those settings off.",
  ],
};

/** Whether nothing can be resumed after the socket closed so. */
export function endsSession(code: number): boolean {
  return code === 1000 || code === 1001 || code === 4007 || code === 4009;
}

/** The error for a gateway connection that closed. */
export function closed(code: number): SwitchboardError {
  const [error, message, action] = fatalCloses[code] ?? [];
  if (error === undefined) {
    return new SwitchboardError("CONN_001", `Discord's gateway closed the connection (${code}).`, {
      scope: "account",
      details: { close: code },
    });
  }
  return new SwitchboardError(error, `${message} (${code}).`, {
    scope: "account",
    retryable: false,
    details: { close: code },
    ...(action !== undefined && { action }),
  });
}
