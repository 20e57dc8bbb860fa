/** How the REST API says no: RFC 9457, with the code and the next step of the one error table. */
import { ERRORS, type ErrorCode, type SwitchboardError } from "@switchboard/domain";

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly action: string;
  readonly retryable: boolean;
}

/**
 * What a platform says to the gateway is not what the gateway says to its caller: 401 would mean that the caller is
 * nobody, 429 that the caller asks too often.
 */
const FROM_PLATFORMS: Partial<Record<ErrorCode, number>> = { CONN_002: 400, CONN_003: 502 };

export function restStatus({ code, http }: SwitchboardError): number {
  return FROM_PLATFORMS[code] ?? http;
}

/** `status` where HTTP has a more exact one than the table. */
export function problemOf(error: SwitchboardError, status = restStatus(error)): ProblemBody {
  const { action, code, message, retryable } = error;
  // Relative to wherever the gateway is reached: its own page explains each code.
  const type = `/api/v1/docs#${code}`;
  return { type, title: ERRORS[code].title, status, detail: message, code, action, retryable };
}
