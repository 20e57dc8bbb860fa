/** Calls that failed, in the words of the one error table. What a platform's own refusals mean stays with its channel. */
import { type Delivered, type ErrorCode, type ErrorScope, SwitchboardError } from "@switchboard/domain";
import { TransportError } from "./call.ts";

/** How a call is judged: only a call that makes something new (`send`) can leave it unknown whether it did. */
export type CallKind = "send" | "other";

/** What a refusal means. */
export interface Verdict {
  readonly code: ErrorCode;
  readonly scope?: ErrorScope;
  readonly retryable?: boolean;
  /** What to do, where the table's words would mislead. */
  readonly action?: string;
}

export interface Called {
  /** As people call it, e.g. `Discord`. */
  readonly platform: string;
  /** The call in a few words, without any id. */
  readonly what: string;
  readonly kind: CallKind;
}

/** The error for a call that got no answer. */
export function unanswered(
  { kind, platform, what }: Called,
  { code, message, sent }: TransportError,
): SwitchboardError {
  const unsure = kind === "send" && sent;
  const delivered: Delivered = unsure ? "unknown" : "no";
  if (code === "ABORTED") return new SwitchboardError("SYS_001", `The call was stopped. (${what})`, { delivered });
  const words = sent ? `The connection to ${platform} broke before it answered` : `${platform} could not be reached`;
  return new SwitchboardError("CONN_001", `${words}: ${message} (${what})`, {
    delivered,
    // One answer that failed to come is that call's trouble; a server that cannot be reached is everybody's.
    scope: unsure ? "message" : "account",
    details: { call: what, cause: code },
  });
}

/** The error for whatever a call threw. A foreign error is never passed on: it might hold a secret. */
export function failedCall(called: Called, thrown: unknown, redact: (text: string) => string): SwitchboardError {
  if (thrown instanceof SwitchboardError) return thrown;
  if (thrown instanceof TransportError) {
    return unanswered(called, new TransportError(thrown.code, redact(thrown.message), thrown.sent));
  }
  const message = redact(thrown instanceof Error ? thrown.message : String(thrown));
  return new SwitchboardError("MSG_002", `A call to ${called.platform} failed: ${message} (${called.what})`, {
    delivered: called.kind === "send" ? "unknown" : "no",
  });
}

const MOST_SAID = 500;

/** A text without any of these secrets, and not too long for an error. Those that are not set are left out. */
export function redactor(...secrets: readonly (string | RegExp | undefined)[]): (text: string) => string {
  const known = secrets.flatMap((secret) => (secret === undefined || secret === "" ? [] : [secret]));
  return (text) =>
    known.reduce<string>((clean, secret) => clean.replaceAll(secret, "<token>"), text).slice(0, MOST_SAID);
}
