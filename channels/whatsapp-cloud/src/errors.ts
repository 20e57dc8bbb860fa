/**
 * What went wrong at the Graph API, in the words of the one error table. No message and no detail ever holds a secret.
 * The codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */

import type { CallKind } from "@switchboard/channel-kit/http";
import { type ErrorCode, type ErrorScope, SwitchboardError } from "@switchboard/domain";

/** What the Graph API says of a call that it refused. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly details?: string;
  /** How long Meta says that it takes, in milliseconds. */
  readonly retryAfterMs?: number;
  /** No answer of the Graph API at all, e.g. a proxy's error page: nobody knows what became of the call. */
  readonly foreign?: boolean;
}

interface Verdict {
  readonly code: ErrorCode;
  readonly scope?: ErrorScope;
  readonly retryable?: boolean;
  /** How long to wait where Meta does not say, in milliseconds. */
  readonly waitMs?: number;
  readonly action?: string;
}

/** More than 24 hours have passed since the person wrote. */
export const WINDOW_CLOSED = 131047;

const limit = (waitMs: number, scope: ErrorScope): Verdict => ({ code: "CONN_003", scope, waitMs });
const account = (code: ErrorCode, action?: string): Verdict => ({
  code,
  scope: "account",
  retryable: false,
  ...(action !== undefined && { action }),
});
const forbidden = (action: string): Verdict => ({ code: "MSG_004", scope: "conversation", retryable: false, action });
const refusedFor = (code: ErrorCode, action: string): Verdict => ({ code, retryable: false, action });

export const WINDOW_ACTION =
  "Wait until the person writes, send a template, or name one in the account's setting outsideWindow.";
const TEMPLATE_ACTION = "Compare name, language and parameters with the template in WhatsApp Manager.";
const LOCKED_ACTION = "See Account Quality in Meta Business Support Home: Meta has restricted the business account.";
const TOKEN_ACTION = "Make a new access token of a system user in Meta's Business Settings and set it as accessToken.";
const PERMISSION_ACTION =
  "Give the token's system user the business account and the permissions whatsapp_business_messaging and whatsapp_business_management.";

/** Perhaps only for a moment: a proxy or a certificate that is not there yet. */
const unreached: Verdict = {
  code: "CONN_001",
  scope: "account",
  action: "See that gateway.publicUrl leads here from the internet, by https with a certificate that others trust.",
};

const verdicts: Readonly<Record<number, Verdict>> = {
  0: account("CONN_002", TOKEN_ACTION),
  190: account("CONN_002", TOKEN_ACTION),
  3: account("CONN_002", PERMISSION_ACTION),
  10: account("CONN_002", PERMISSION_ACTION),
  131005: account("CONN_002", PERMISSION_ACTION),
  368: account("CONN_002", LOCKED_ACTION),
  131031: account("CONN_002", LOCKED_ACTION),
  131042: account("CONN_002", "Mend the business account's payment method in WhatsApp Manager."),
  133010: account("CONN_002", "Register the number for the Cloud API in WhatsApp Manager."),
  // Of calls that set a webhook, see https://developers.facebook.com/docs/graph-api/webhooks/getting-started
  2200: unreached,
  2201: unreached,
  4: limit(60_000, "account"),
  80007: limit(60_000, "account"),
  130429: limit(4_000, "account"),
  131048: limit(60_000, "account"),
  131056: limit(6_000, "conversation"),
  133016: limit(60_000, "account"),
  2: { code: "MSG_002" },
  131000: { code: "MSG_002" },
  131016: { code: "MSG_002", waitMs: 5_000 },
  131057: { code: "MSG_002", waitMs: 60_000 },
  [WINDOW_CLOSED]: forbidden(WINDOW_ACTION),
  131026: forbidden("The number has no WhatsApp, has blocked the business, or its app is too old; write another way."),
  131030: forbidden("Add the number to the recipients of the app's test number."),
  131049: forbidden("Meta holds back marketing messages to this person for now; wait at least a day."),
  131050: forbidden("The person has stopped marketing messages of this business."),
  130472: forbidden("The person is part of an experiment of Meta and gets no marketing messages."),
  131021: forbidden("A number cannot write to itself."),
  131052: refusedFor("REQ_002", "The person's file could not be fetched; ask for it again."),
  131053: refusedFor("MSG_008", "WhatsApp could not take the file: see the README for types and sizes."),
  131051: refusedFor("MSG_008", "WhatsApp has no such kind of message."),
  131008: refusedFor("MSG_008", "A part of the message is missing."),
  131009: refusedFor("MSG_008", "A part of the message has a value that WhatsApp does not take."),
  100: refusedFor("MSG_008", "A part of the call is not what the Graph API takes; see the message."),
  33: refusedFor("MSG_005", "Compare phoneNumberId with the number's id in WhatsApp Manager."),
  135000: refusedFor("MSG_008", "A part of the message is not what WhatsApp takes."),
};

function judge({ code, foreign, status }: Refusal, kind: CallKind): Verdict {
  const trouble: Verdict =
    kind === "send" ? { code: "MSG_002", scope: "message" } : { code: "CONN_001", scope: "account" };
  if (foreign) return status >= 500 ? trouble : { code: "CONN_001", scope: "account" };
  if (code >= 132000 && code < 133000) return refusedFor("MSG_008", TEMPLATE_ACTION);
  if (code >= 200 && code < 300) return account("CONN_002", PERMISSION_ACTION);
  const known = verdicts[code];
  if (known) return known.code === "MSG_002" && kind === "other" ? { ...known, ...trouble } : known;
  if (status === 429) return limit(4_000, "account");
  if (status === 401) return account("CONN_002", TOKEN_ACTION);
  if (status === 403) return forbidden("See what Meta says.");
  return status >= 500 || code === 1 ? trouble : { code: "MSG_002", retryable: false };
}

/** The error for a refused call. */
export function refused(what: string, refusal: Refusal, kind: CallKind): SwitchboardError {
  const { code: number, details, message, status } = refusal;
  const { action, code, retryable, scope, waitMs } = judge(refusal, kind);
  const retryAfterMs = refusal.retryAfterMs ?? waitMs;
  // An unknown error, or none of Meta's own: the message may have been made all the same.
  const unsure = kind === "send" && status >= 500 && (refusal.foreign || number === 1);
  const said = details !== undefined && details !== message ? `${message}: ${details}` : message;
  return new SwitchboardError(code, `WhatsApp says: ${said} (${what}, error ${number})`, {
    delivered: unsure ? "unknown" : "no",
    ...(action !== undefined && { action }),
    ...(scope && { scope }),
    ...(retryable !== undefined && { retryable }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    details: { call: what, status, code: number },
  });
}

/** Meta's number for an error of ours. */
export function metaCode(thrown: unknown): number | undefined {
  const code = thrown instanceof SwitchboardError ? thrown.details?.code : undefined;
  return typeof code === "number" ? code : undefined;
}
