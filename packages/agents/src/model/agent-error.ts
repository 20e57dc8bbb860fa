/** Says what a provider's failure means, in the codes of the one error table. */
import { type ErrorCode, SwitchboardError } from "@switchboard/domain";
import type { Endpoint } from "./endpoint.ts";
import type { Failure } from "./failure.ts";
import type { Redact } from "./redact.ts";
import { retryAfterMs } from "./retry-after.ts";

const LONGEST_QUOTE = 300;

/** Words and phrases of providers and servers for "that is more than the model takes". */
const TOO_LONG = [
  "context_length",
  "context length",
  "context window",
  "context size",
  "exceed_context",
  "maximum context",
  "prompt is too long",
  "input is too long",
  "too many tokens",
  "reduce the length",
  "maximum number of tokens",
  "string_above_max_length",
  "request_too_large",
];

/** For these another try within minutes is of no use. */
const OUT_OF_CREDIT = [
  "insufficient_quota",
  "billing",
  "credit balance",
  "insufficient balance",
  "insufficient credits",
];

const BUSY_WORDS = ["rate_limit_error", "rate_limit_exceeded", "too_many_requests"];
const KEY_WORDS = ["authentication_error", "permission_error", "invalid_api_key"];
const DOWN_WORDS = ["overloaded_error", "api_error", "server_error", "internal_error", "internal_server_error"];

interface Meaning {
  readonly code: ErrorCode;
  readonly retryable?: boolean;
  readonly what: string;
}

/** The error that leaves the runtime. It holds nothing of the request, and no cause: both may hold the key (CRED-3). */
export function agentError(failure: Failure, endpoint: Endpoint, redact: Redact, now: number): SwitchboardError {
  const { code, retryable, what } = meaningOf(failure, endpoint.origin);
  const quoted = quote(redact(failure.message));
  const wait = retryAfterMs(failure.headers, now);
  const details = {
    endpoint: endpoint.origin,
    ...(failure.status !== undefined && { status: failure.status }),
    ...(failure.words.length > 0 && { provider: redact(failure.words.join(" ")).slice(0, 100) }),
  };
  return new SwitchboardError(code, quoted === "" ? `${what}.` : `${what}: ${quoted}`, {
    details,
    ...(retryable !== undefined && { retryable }),
    ...(wait !== undefined && (retryable ?? code !== "AGENT_006") && { retryAfterMs: wait }),
  });
}

function meaningOf(failure: Failure, origin: string): Meaning {
  const { stage, status, words } = failure;
  const text = `${failure.message} ${words.join(" ")}`.toLowerCase();
  const has = (signs: readonly string[]) => signs.some((sign) => text.includes(sign));
  const said = (list: readonly string[]) => words.some((word) => list.includes(word));
  if (stage === "connect") return { code: "AGENT_001", what: `${origin} cannot be reached` };
  const answered = status === undefined ? `${origin} reported in its stream` : `${origin} answered ${status}`;
  if (status === 401 || status === 403 || said(KEY_WORDS))
    return { code: "AGENT_006", what: `${answered}, the key was refused` };
  if (status === 402 || has(OUT_OF_CREDIT)) {
    return { code: "AGENT_003", retryable: false, what: `${answered}, the account has no credit` };
  }
  if (status === 429 || said(BUSY_WORDS)) return { code: "AGENT_003", what: `${answered}, too many requests` };
  if (status === 413 || has(TOO_LONG)) return { code: "AGENT_007", what: `${answered}, the request is too long` };
  if (status === 408 || status === 504) return { code: "AGENT_002", what: answered };
  if (status === 404)
    return {
      code: "AGENT_006",
      what: `${answered}, the model or the address does not exist (base URLs usually end in /v1)`,
    };
  if (status === 409 || status === 425 || (status ?? 0) >= 500) return { code: "AGENT_001", what: answered };
  if (status === undefined && said(DOWN_WORDS)) return { code: "AGENT_001", what: answered };
  if (stage === "refused") return { code: "AGENT_006", what: `${answered}, the request was refused` };
  return { code: "AGENT_004", what: "The model's answer broke off" };
}

function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE).toWellFormed()} …`;
}
