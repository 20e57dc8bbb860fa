/** How a handshake ends badly: an error response, then a close frame that says the same. */
import { CLOSE, type ConnectErrorCode, type ErrorShape, type GatewayErrorCode } from "@switchboard/protocol";

export interface Refusal {
  /** Absent when there is no request to answer. */
  readonly error?: ErrorShape;
  readonly close: number;
  /** Default the error's message. */
  readonly reason: string;
  /** For figures and the log. */
  readonly label: string;
}

export function refuse(
  message: string,
  options: {
    readonly details?: { readonly code: ConnectErrorCode } & Record<string, unknown>;
    readonly code?: GatewayErrorCode;
    readonly close?: number;
    readonly reason?: string;
    readonly retryAfterMs?: number;
    readonly otherDetails?: Record<string, unknown>;
  } = {},
): Refusal {
  const details = options.details ?? options.otherDetails;
  return {
    error: {
      code: options.code ?? "INVALID_REQUEST",
      message,
      ...(details && { details }),
      ...(options.retryAfterMs !== undefined && { retryable: true, retryAfterMs: options.retryAfterMs }),
    },
    close: options.close ?? CLOSE.policy,
    reason: options.reason ?? message,
    label: options.details?.code ?? message,
  };
}
