/** An account's status in the protocol's words. */
import type { AccountRuntime, AccountStatus } from "@switchboard/core";
import type { ChannelAccount } from "@switchboard/protocol";

export function accountShape(status: AccountStatus, runtime?: AccountRuntime): ChannelAccount {
  const { state, times, self, evidence, lastError, note, transport } = status;
  const asked = state !== "DISCONNECTED" && state !== "PERMANENTLY_FAILED";
  return {
    accountId: status.account,
    configured: true,
    linked: self !== undefined,
    running: asked,
    connected: state === "CONNECTED",
    reconnectAttempts: status.reconnects,
    lastConnectedAt: times.connectedAt ?? null,
    lastInboundAt: times.lastInboundAt ?? null,
    lastOutboundAt: times.lastOutboundAt ?? null,
    lastTransportActivityAt: evidence?.at ?? null,
    lastProbeAt: times.lastProbeAt ?? null,
    lastError: lastError ? `${lastError.code}: ${lastError.message}` : null,
    healthState: state.toLowerCase(),
    state,
    breaker: status.breaker,
    ...(self && { name: self.username ?? self.displayName ?? self.id }),
    ...(transport && { mode: transport }),
    ...(note && { note }),
    ...(evidence && { evidence }),
    ...(lastError && { error: withoutTime(lastError) }),
    ...(runtime && {
      enabled: runtime.row.enabled,
      source: runtime.row.source,
      dmPolicy: runtime.settings.dmPolicy,
    }),
  } as ChannelAccount;
}

function withoutTime<T extends { readonly at: number }>({ at: _, ...error }: T): Omit<T, "at"> {
  return error;
}
