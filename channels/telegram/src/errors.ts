/** What went wrong at Telegram, in the words of the one error table. No message and no detail ever holds the token. */

import type { CallKind, Verdict } from "@switchboard/channel-kit/http";
import { type Delivered, SwitchboardError } from "@switchboard/domain";

/** What the Bot API says of a call that it refused. */
export interface Refusal {
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: { readonly migrate_to_chat_id?: number; readonly retry_after?: number };
  /** No Bot API answer at all, e.g. a proxy's error page: nobody knows what became of the call. */
  readonly foreign?: boolean;
}

/** By the description's words: the Bot API has no finer codes. The first that matches counts. */
const badRequests: readonly (readonly [RegExp, Verdict])[] = [
  [
    /message is too long|caption is too long|text is too long|MESSAGE_TOO_LONG|CAPTION_TOO_LONG|too big|TOO_LARGE/i,
    { code: "MSG_003" },
  ],
  [
    /chat not found|user not found|PEER_ID_INVALID|CHAT_ID_INVALID|CHANNEL_INVALID|thread not found|TOPIC_DELETED|TOPIC_ID_INVALID|upgraded to a supergroup/i,
    { code: "MSG_005", scope: "conversation" },
  ],
  [
    /message to (be )?(edit|delete|react|replied|reply)\w* not found|message not found|MESSAGE_ID_INVALID/i,
    { code: "MSG_005" },
  ],
  [
    /not enough rights|no rights|_FORBIDDEN|ADMIN_REQUIRED|administrator rights|CHAT_RESTRICTED|TOPIC_CLOSED|BLOCKED|CHANNEL_PRIVATE|BUSINESS_PEER/i,
    { code: "MSG_004", scope: "conversation" },
  ],
  [/failed to get HTTP URL content|WEBPAGE_CURL_FAILED|temporarily unavailable/i, { code: "MSG_002" }],
  [
    /is empty|must be non-empty|can't parse|entit|BUTTON|REPLY_MARKUP|keyboard|file identifier|file_id|STICKER|PHOTO|IMAGE|VIDEO|MEDIA|WEBPAGE|web page|URL/i,
    { code: "MSG_008" },
  ],
];

/** The error for a refused call. */
export function refused(method: string, refusal: Refusal, kind: CallKind): SwitchboardError {
  const { error_code: status, description, parameters } = refusal;
  const { code, scope, retryable } = judge(refusal, kind);
  const delivered: Delivered = kind === "send" && refusal.foreign && status >= 500 ? "unknown" : "no";
  return new SwitchboardError(code, `${explain(status, description)} (${method})`, {
    delivered,
    ...(scope && { scope }),
    ...(retryable !== undefined && { retryable }),
    ...(parameters?.retry_after !== undefined && { retryAfterMs: parameters.retry_after * 1000 }),
    details: {
      method,
      status,
      ...(parameters?.migrate_to_chat_id !== undefined && { successor: `${parameters.migrate_to_chat_id}` }),
    },
  });
}

function judge({ error_code: status, description, foreign }: Refusal, kind: CallKind): Verdict {
  if (foreign && status < 500) return { code: "CONN_001", scope: "account" };
  switch (status) {
    case 401:
    case 404:
      return { code: "CONN_002", scope: "account" };
    case 403:
      return { code: "MSG_004", scope: "conversation" };
    case 409:
      return { code: "CONN_005", scope: "account" };
    case 413:
      return { code: "MSG_003" };
    case 420:
    case 429:
      return { code: "CONN_003", scope: kind === "send" ? "conversation" : "account" };
  }
  if (status >= 500) return kind === "send" ? { code: "MSG_002" } : { code: "CONN_001", scope: "account" };
  const known = badRequests.find(([words]) => words.test(description));
  return known ? known[1] : { code: "MSG_002", retryable: false };
}

function explain(status: number, description: string): string {
  switch (status) {
    case 401:
      return `Telegram refuses the bot token: it was revoked or mistyped. Telegram says: ${description}`;
    case 404:
      return `Telegram does not know this bot: the token is mistyped, or the base URL is wrong. Telegram says: ${description}`;
    case 409:
      return `Another program receives this bot's updates. Telegram says: ${description}`;
    default:
      return `Telegram says: ${description}`;
  }
}
