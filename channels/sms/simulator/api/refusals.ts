/** Refusals in Twilio's form. Inside the simulator they travel as errors; on the wire as JSON with `code` and `status`. */
import { type ErrorCode, type Fault, SwitchboardError } from "@switchboard/domain";
import { retryAfterSeconds } from "@switchboard/simulator-kit";

/** The body of a refused call: https://www.twilio.com/docs/usage/twilios-response#exceptions */
export interface RefusalBody {
  readonly code: number;
  readonly message: string;
  readonly more_info: string;
  readonly status: number;
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: "REQ_001",
  401: "REQ_005",
  403: "MSG_004",
  404: "REQ_002",
  405: "REQ_001",
  429: "CONN_003",
};

/** @param retryAfter seconds. */
export function refusal(status: number, code: number, message: string, retryAfter?: number): SwitchboardError {
  const body: RefusalBody = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  return new SwitchboardError(codes[status] ?? "SYS_005", message, {
    details: { body, ...(retryAfter !== undefined && { retryAfter }) },
  });
}

export const notFound = (path: string): SwitchboardError =>
  refusal(404, 20404, `The requested resource ${path} was not found`);

export const unauthorised = (): SwitchboardError => refusal(401, 20003, "Authenticate");

export const optedOut = (): SwitchboardError => refusal(400, 21610, "Attempt to send to unsubscribed recipient");

/** What the account is told instead of an answer. */
export function faultRefusal(fault: Fault): SwitchboardError | undefined {
  switch (fault.kind) {
    case "rate-limit":
      return refusal(429, 20429, "Too Many Requests", retryAfterSeconds(fault));
    case "server-error":
      return refusal(500, 20500, "Internal Server Error");
    case "forbidden":
      return optedOut();
    case "unauthorised":
      return unauthorised();
    default:
      return undefined;
  }
}

export function bodyOf(thrown: unknown): { readonly body: RefusalBody; readonly retryAfter?: number } {
  const details = thrown instanceof SwitchboardError ? thrown.details : undefined;
  const { body, retryAfter } = (details ?? {}) as { readonly body?: RefusalBody; readonly retryAfter?: number };
  if (body) return { body, ...(retryAfter !== undefined && { retryAfter }) };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return bodyOf(refusal(500, 20500, message));
}
