/**
 * What went wrong at Twilio, in the words of the one error table. No message and no detail ever holds the token.
 * Source of the codes: https://www.twilio.com/docs/api/errors
 */

import type { CallKind, Verdict } from "@switchboard/channel-kit/http";
import { type Delivered, SwitchboardError } from "@switchboard/domain";

/** The body of a refused call. */
export interface Refusal {
  readonly status: number;
  /** Twilio's own number; absent in what a proxy answered. */
  readonly code?: number;
  readonly message: string;
  readonly retryAfterMs?: number;
}

const opted = "Nothing can be sent until the person writes START to this number.";
const sender = "Check `from` and `messagingServiceSid` against the Console: Phone Numbers, or Messaging > Services.";
const later = { code: "CONN_003", scope: "account" } as const;
const wrongSender: Verdict = { code: "CFG_001", scope: "account", action: sender };
const noSuchNumber: Verdict = { code: "MSG_005", scope: "conversation" };
const badMedia: Verdict = { code: "MSG_008" };

const verdicts: Readonly<Record<number, Verdict>> = {
  14107: later,
  20003: { code: "CONN_002", scope: "account" },
  20005: { code: "CONN_002", scope: "account", action: "The account is not active: see the Console." },
  20429: later,
  21211: noSuchNumber,
  21212: wrongSender,
  21217: noSuchNumber,
  21408: {
    code: "MSG_004",
    scope: "conversation",
    action: "Allow the country in the Console: Messaging > Settings > Geo permissions.",
  },
  21601: wrongSender,
  21602: { code: "MSG_008" },
  21603: wrongSender,
  21604: noSuchNumber,
  21606: wrongSender,
  21608: {
    code: "MSG_004",
    scope: "conversation",
    action: "A trial account writes to verified numbers only: verify the number in the Console, or upgrade.",
  },
  21609: {
    code: "CFG_001",
    scope: "account",
    action: "Set gateway.publicUrl to an address that Twilio can reach, without underscores in its host.",
  },
  21610: { code: "MSG_004", scope: "conversation", action: opted },
  21611: later,
  21612: { code: "MSG_004", scope: "conversation", action: "Twilio has no route from this number to that one." },
  21614: noSuchNumber,
  21617: { code: "MSG_003" },
  21619: { code: "MSG_008" },
  21620: badMedia,
  21623: badMedia,
  21635: noSuchNumber,
  21656: badMedia,
  21659: wrongSender,
  21660: wrongSender,
  21661: wrongSender,
  21701: wrongSender,
  21703: { code: "CFG_001", scope: "account", action: "Add a number to the Messaging Service's sender pool." },
  21705: wrongSender,
  30001: later,
  30002: { code: "CONN_002", scope: "account", action: "The account is suspended: see the Console." },
  63018: later,
  63038: later,
};

/** How long to wait where Twilio does not say. */
const USUAL_WAIT_MS = 1_000;

/** The error for a refused call. */
export function refused(what: string, refusal: Refusal, kind: CallKind): SwitchboardError {
  const { code: number, status, message } = refusal;
  const { code, scope, retryable, action } = judge(refusal, kind);
  // 503 says that it was not even tried; after another error of theirs the message may exist.
  const delivered: Delivered = kind === "send" && status >= 500 && status !== 503 ? "unknown" : "no";
  const waits = code === "CONN_003" ? (refusal.retryAfterMs ?? USUAL_WAIT_MS) : refusal.retryAfterMs;
  const name = number === undefined ? `HTTP ${status}` : `${number}`;
  return new SwitchboardError(code, `Twilio says: ${message} (${name}, ${what})`, {
    delivered,
    ...(scope && { scope }),
    ...(retryable !== undefined && { retryable }),
    ...(action !== undefined && { action }),
    ...(waits !== undefined && { retryAfterMs: waits }),
    details: { status, ...(number !== undefined && { code: number }) },
  });
}

function judge({ code, status }: Refusal, kind: CallKind): Verdict {
  const known = code === undefined ? undefined : verdicts[code];
  if (known) return known;
  if (status === 401) return { code: "CONN_002", scope: "account" };
  if (status === 429) return later;
  if (status >= 500) return kind === "send" ? { code: "MSG_002" } : { code: "CONN_001", scope: "account" };
  if (code === undefined) return { code: "CONN_001", scope: "account" };
  if (status === 404) return { code: "REQ_002" };
  if (status === 403) return { code: "MSG_004" };
  return { code: "MSG_002", retryable: false };
}
