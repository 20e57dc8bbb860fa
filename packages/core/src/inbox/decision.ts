/** What is decided about one event, and what deciding needs. */
import type { InboundEvent, OutboundContent, Priority, SessionKey, Target, TenantId } from "@switchboard/domain";
import type { Pairings } from "../access/pairings.ts";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { CommandStatus } from "../commands/command.ts";
import type { SetupDesk } from "../devices/desk.ts";
import type { Devices } from "../devices/devices.ts";
import type { LimitsOfTenants } from "../limits/tenant-limits.ts";
import type { TokenBuckets } from "../limits/token-buckets.ts";
import { composeDeliveries } from "../outbox/compose.ts";
import type { ClaimRequest, Clock, Effect, InboxEvent, Log, Settlement, Store } from "../ports/index.ts";
import type { Route, Routing } from "../routing/route.ts";

export interface Decision {
  readonly state: Exclude<Settlement["state"], "retry" | "dead">;
  readonly reason?: string;
  readonly session?: SessionKey;
  readonly effects?: readonly Effect[];
  /** Told to whoever pressed a button, where the platform shows such notes. */
  readonly note?: string;
}

/** Maps free text to a command; `undefined` when it is none. */
export type ClassifyText = (
  text: string,
  context: { readonly tenant: TenantId; readonly route: Route },
) => Promise<{ readonly name: string; readonly args: readonly string[] } | undefined>;

export interface DecisionPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: TokenBuckets;
  readonly tenantLimits: LimitsOfTenants;
  readonly pairings: Pairings;
  readonly settings: DecisionSettings;
  routing(): Routing;
  readonly classify?: ClassifyText | undefined;
  /** Room for a delivery of this account right now. */
  claimDelivery(account: AccountRuntime, target: Target): ClaimRequest | undefined;
  readonly devices: Devices;
  readonly setupDesk: SetupDesk;
  commandStatus(tenant: TenantId, session: SessionKey): Promise<CommandStatus>;
}

export interface DecisionSettings {
  readonly idleMs: number;
  readonly ttlMs: number;
  readonly userPerMinute: number;
  readonly userBurst: number;
  /** Longest text of one message that is taken, in UTF-16 units. */
  readonly inboundCharacters: number;
  /** What people are told when a limit of the tenant is reached. */
  readonly limitText?: string | undefined;
}

/** One event under decision. */
export interface Case<Event extends InboundEvent = InboundEvent> {
  readonly event: Event;
  readonly stored: InboxEvent;
  readonly account: AccountRuntime;
  readonly route: Route;
}

export interface ReplyOptions {
  readonly priority?: Priority;
  /** When a button caused it: change that message instead of writing a new one. */
  readonly inPlace?: boolean;
  readonly expiresAt?: number;
  /** It concerns nobody but whoever caused the event. */
  readonly private?: boolean;
}

/** The effect that answers in the place where the event came from. */
export function replyEffect(
  { event, account, route, stored }: Case,
  content: OutboundContent,
  ports: DecisionPorts,
  options: ReplyOptions = {},
): Extract<Effect, { type: "deliver" }> {
  const target: Target = {
    ...route.origin,
    ...(options.private && event.conversation.kind !== "direct" && { private: true }),
    ...((event.kind === "command" || event.kind === "control") && event.callback && { callback: event.callback }),
  };
  const claim = ports.claimDelivery(account, target);
  return {
    type: "deliver",
    deliveries: composeDeliveries({
      channel: account.channel,
      account: account.ref.account,
      target,
      content,
      kind: "notice",
      priority: options.priority ?? "high",
      session: route.session,
      event: stored.id,
      causedAt: stored.receivedAt,
      expiresAt: options.expiresAt ?? stored.expiresAt,
      ...(options.inPlace && event.kind === "control" && event.messageId && { edits: event.messageId }),
    }),
    ...(claim && { claim }),
  };
}
