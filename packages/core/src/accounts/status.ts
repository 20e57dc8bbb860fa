/** What is shown of an account: its state and what that rests on (CONN-1, CONN-2). */
import type { AccountRef, ErrorRecord, Evidence, SelfIdentity, Transport } from "@switchboard/domain";
import type { ConnectionState } from "../ports/index.ts";
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
