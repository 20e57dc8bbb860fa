/** A device that has to be approved before it may connect. */
import { SwitchboardError } from "@switchboard/protocol";

/** What a person copies into a command; anything else could be made to look like one. */
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/**
 * The refusal as it is shown: `details.requestId` is there only when it is one, and it is retryable when the gateway
 * advises to wait, or `wait` says so. Errors of other kinds come back as they are.
 */
export function pairingRefusal(error: SwitchboardError, wait: boolean): SwitchboardError {
  const { details } = error;
  if (details?.code !== "PAIRING_REQUIRED") return error;
  const { requestId, ...rest } = details;
  const isId = typeof requestId === "string" && REQUEST_ID.test(requestId);
  return new SwitchboardError(error.code, error.message, {
    action: isId
      ? `Ask an operator to approve the request ${requestId}, then connect again.`
      : "Ask an operator to approve this device, then connect again.",
    retryable: wait || rest.recommendedNextStep === "wait_then_retry",
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    details: { ...rest, ...(isId && { requestId }) },
  });
}
