/** How the REST API says no: RFC 9457, with the code and the next step of the one error table. */
import { ERRORS, type SwitchboardError } from "@switchboard/domain";
import { restStatus } from "@switchboard/protocol/rest";

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

/** `status` where HTTP has a more exact one than the table. */
export function problemOf(error: SwitchboardError, status = restStatus(error.code)): ProblemBody {
  const { action, code, message, retryable } = error;
  // Relative to wherever the gateway is reached: its own page explains each code.
  const type = `/api/v1/docs#${code}`;
  return { type, title: ERRORS[code].title, status, detail: message, code, action, retryable };
}
