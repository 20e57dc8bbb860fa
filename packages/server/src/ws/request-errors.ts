/** What callers are told when a request is not carried out. */
import { SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { ErrorShape } from "@switchboard/protocol";

const LONGEST_NAME = 128;

export const tooManyWaiting: ErrorShape = {
  code: "UNAVAILABLE",
  message: "too many requests are waiting",
  retryable: true,
  retryAfterMs: 100,
};

/** What a caller may read of an exception: our own errors as they are, of others only that there was one. */
export function readable(thrown: unknown): SwitchboardError {
  return thrown instanceof SwitchboardError
    ? thrown
    : toSwitchboardError(new Error("internal error", { cause: thrown }), "SYS_005");
}

export function invalid(message: string): ErrorShape {
  return { code: "INVALID_REQUEST", message };
}

/** Whether an error says that nothing was begun, so that the request may be put right and sent again under its key. */
export function isRefusal({ code }: SwitchboardError): boolean {
  return /^(REQ|SEC|CFG)_/.test(code) || code === "MSG_003" || code === "MSG_008";
}

/** `besides`: what is needed, too. */
export function missingScope(scope: string, besides?: string): ErrorShape {
  const requiredScopes = besides === undefined ? [scope] : [besides, scope];
  return {
    code: "FORBIDDEN",
    message: `missing scope: ${scope}`,
    details: { code: "MISSING_SCOPE", missingScope: scope, requiredScopes },
  };
}

export function restarting(method: string): ErrorShape {
  return {
    code: "UNAVAILABLE",
    message: "the gateway is shutting down",
    retryable: true,
    retryAfterMs: 1_000,
    details: { method: short(method), reason: "gateway-restarting" },
  };
}

/** What a caller named, at a length that can be repeated. */
export function short(name: string): string {
  return name.slice(0, LONGEST_NAME).toWellFormed();
}
