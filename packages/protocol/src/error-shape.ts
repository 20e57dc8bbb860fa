/** Errors on their way over the wire: the table's code in `details.code`, the protocol's own in `code`. */
import { ERRORS, type ErrorCode, SwitchboardError } from "@switchboard/domain";
import type { GatewayErrorCode } from "./error-codes.ts";
import type { ErrorShape } from "./frames.ts";

const families: Readonly<Record<string, GatewayErrorCode>> = {
  REQ: "INVALID_REQUEST",
  MSG: "INVALID_REQUEST",
  CFG: "INVALID_REQUEST",
  SEC: "FORBIDDEN",
  CONN: "UNAVAILABLE",
  STORE: "UNAVAILABLE",
  AGENT: "UNAVAILABLE",
  NODE: "UNAVAILABLE",
  SYS: "UNAVAILABLE",
};

const exceptions: Partial<Record<ErrorCode, GatewayErrorCode>> = {
  AGENT_002: "AGENT_TIMEOUT",
  AGENT_007: "INVALID_REQUEST",
  MSG_002: "UNAVAILABLE",
  MSG_007: "UNAVAILABLE",
  SEC_005: "UNAVAILABLE",
  SYS_002: "INVALID_REQUEST",
};

/** The wire's form of an error. `details.code` may be set by the error itself, e.g. `MISSING_SCOPE`. */
export function toErrorShape(error: SwitchboardError): ErrorShape {
  const code = exceptions[error.code] ?? families[error.code.split("_")[0] ?? ""] ?? "UNAVAILABLE";
  return {
    code,
    message: error.message,
    details: {
      code: error.code,
      action: error.action,
      ...(error.delivered === "unknown" && { delivered: error.delivered }),
      ...error.details,
    },
    ...(error.retryable && { retryable: true }),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  };
}

const nearest: Readonly<Record<string, ErrorCode>> = {
  INVALID_REQUEST: "REQ_001",
  NOT_PAIRED: "REQ_005",
  NOT_LINKED: "CONN_002",
  FORBIDDEN: "SEC_003",
  APPROVAL_NOT_FOUND: "REQ_002",
  AGENT_TIMEOUT: "AGENT_002",
  UNAVAILABLE: "SYS_004",
};

/** What the protocol says of nodes and agents in `details.code`. */
const ofDetails: Readonly<Record<string, ErrorCode>> = {
  NOT_CONNECTED: "NODE_001",
  QUEUED_UNTIL_FOREGROUND: "NODE_001",
  TIMEOUT: "NODE_002",
  NODE_ERROR: "NODE_003",
  UNKNOWN_AGENT_ID: "REQ_002",
};

/** The error that the wire's form stands for; `details` are kept, with the protocol's code as `gatewayCode`. */
export function fromErrorShape(shape: ErrorShape): SwitchboardError {
  const told = shape.details?.code;
  const code = isErrorCode(told) ? told : (ofDetail(told) ?? (refusedByAuth(told) ? "REQ_005" : nearestTo(shape.code)));
  return new SwitchboardError(code, shape.message, {
    retryable: shape.retryable ?? false,
    // What to do next may be more exact than the table's.
    ...(isErrorCode(told) && typeof shape.details?.action === "string" && { action: shape.details.action }),
    ...(shape.retryAfterMs !== undefined && { retryAfterMs: shape.retryAfterMs }),
    ...(shape.details?.delivered === "unknown" && { delivered: "unknown" }),
    details: { ...shape.details, gatewayCode: shape.code },
  });
}

function nearestTo(code: string): ErrorCode {
  return nearest[code] ?? "SYS_004";
}

function ofDetail(code: unknown): ErrorCode | undefined {
  return typeof code === "string" && Object.hasOwn(ofDetails, code) ? ofDetails[code] : undefined;
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERRORS, code);
}

function refusedByAuth(code: unknown): boolean {
  return typeof code === "string" && /^(AUTH|DEVICE|CONTROL_UI|PAIRING)_/.test(code);
}

export { SwitchboardError } from "@switchboard/domain";
