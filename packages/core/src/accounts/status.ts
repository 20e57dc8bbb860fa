/** What is shown of an account: its state and what that rests on (CONN-1, CONN-2). */
import {
  type AccountRef,
  type ErrorRecord,
  type Evidence,
  type SelfIdentity,
  type SwitchboardError,
  type Transport,
  toErrorRecord,
} from "@switchboard/domain";
import type { Account, ConnectionState } from "../ports/index.ts";
import type { BreakerState } from "./breaker.ts";

export interface AccountStatus extends AccountRef {
  readonly state: ConnectionState;
  readonly breaker: BreakerState;
  readonly generation: number;
  /** Lost or failed connections since the process started. */
  readonly reconnects: number;
  readonly self?: SelfIdentity;
  readonly transport?: Transport;
  readonly note?: string;
  /** The newest sign of life. */
  readonly evidence?: Evidence;
  readonly lastError?: ErrorRecord & { readonly at: number };
  readonly times: {
    readonly connectedAt?: number;
    readonly lastInboundAt?: number;
    readonly lastOutboundAt?: number;
    readonly lastProbeAt?: number;
  };
}

/** Of an account that cannot run at all. */
export function brokenStatus(row: Account, error: SwitchboardError, now: number): AccountStatus {
  const { account, channel, enabled, tenant } = row;
  return {
    tenant,
    channel,
    account,
    // One that is off is not in trouble, e.g. after it was logged out.
    state: enabled ? (error.retryable ? "ERROR" : "PERMANENTLY_FAILED") : "DISCONNECTED",
    breaker: "closed",
    generation: 0,
    reconnects: 0,
    times: {},
    lastError: { ...toErrorRecord(error), at: now },
  };
}
