/** Refusals in the Bot API's form. Inside the simulator they travel as errors; on the wire as `{ok: false, …}`. */
import { type ErrorCode, SwitchboardError, toSwitchboardError } from "@switchboard/domain";

/** What helps the bot to handle a refusal by itself. */
export interface RefusalParameters {
  /** The group lives on under this id. */
  readonly migrate_to_chat_id?: number;
  /** Seconds. */
  readonly retry_after?: number;
}

/** The body of a refused call. */
export interface RefusalBody {
  readonly ok: false;
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: RefusalParameters;
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: "REQ_001",
  401: "REQ_005",
  403: "MSG_004",
  404: "REQ_002",
  409: "REQ_004",
  413: "REQ_003",
  429: "CONN_003",
};

/** A refusal with Telegram's own error code and wording. */
export function refusal(errorCode: number, description: string, parameters?: RefusalParameters): SwitchboardError {
  const body: RefusalBody = { ok: false, error_code: errorCode, description, ...(parameters && { parameters }) };
  return new SwitchboardError(codes[errorCode] ?? "SYS_005", description, { details: { body } });
}

export const badRequest = (what: string): SwitchboardError => refusal(400, `Bad Request: ${what}`);

export const forbidden = (what: string): SwitchboardError => refusal(403, `Forbidden: ${what}`);

/** 429 with the time to wait, in whole seconds as the platform counts. */
export function tooManyRequests(seconds: number): SwitchboardError {
  return refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}

/** The answer's body for anything thrown; what is no refusal is an internal error. */
export function refusalBody(thrown: unknown): RefusalBody {
  const body = thrown instanceof SwitchboardError ? thrown.details?.body : undefined;
  if (isRefusalBody(body)) return body;
  const { message } = toSwitchboardError(thrown);
  return { ok: false, error_code: 500, description: `Internal Server Error: ${message}` };
}

function isRefusalBody(value: unknown): value is RefusalBody {
  return typeof value === "object" && value !== null && "error_code" in value;
}
