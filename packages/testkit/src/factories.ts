/** Test data with sensible values; whatever a test is about it says itself. */
import type { ClaimRequest, NewDelivery, NewTurn, QueueSettings, SessionPlace } from "@switchboard/core/ports";
import {
  type AccountId,
  type ChannelId,
  type ConversationId,
  DEFAULT_ACCOUNT,
  DEFAULT_TENANT,
  type MessageId,
  newId,
  type PeerId,
  type RawEvent,
  type SessionKey,
  type Target,
  type TenantId,
} from "@switchboard/domain";

export const TENANT: TenantId = DEFAULT_TENANT;
export const CHANNEL = "testchat" as ChannelId;
export const ACCOUNT: AccountId = DEFAULT_ACCOUNT;
/** When tests take place; any number will do as long as nobody asks the machine. */
export const NOON = 1_800_000_000_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

let count = 0;

/** Makes texts that no other test used. */
export function unique(prefix: string): string {
  count += 1;
  return `${prefix}-${count}`;
}

export function conversation(id: string): ConversationId {
  return id as ConversationId;
}

export function message(id: string): MessageId {
  return id as MessageId;
}

export function aTarget(id = "c1"): Target {
  return { conversation: conversation(id), kind: "direct", peer: id as PeerId };
}

/** What of a conversation stays in order, inbound and outbound alike. */
export function aLane(id = "c1"): string {
  return `${CHANNEL}/${ACCOUNT}/${id}`;
}

export function aSessionKey(id = "c1", agent = "main"): SessionKey {
  return `agent:${agent}:${CHANNEL}:${ACCOUNT}:direct:${id}` as SessionKey;
}

/** An update in conversation `id`; a new one each time. */
export function aRawEvent(id = "c1", overrides: Partial<RawEvent> = {}): RawEvent {
  const key = unique("update");
  return { key, lane: aLane(id), payload: { text: `payload of ${key}` }, ...overrides };
}

export function aPlace(id = "c1", overrides: Partial<SessionPlace> = {}): SessionPlace {
  return {
    key: aSessionKey(id),
    agent: "main",
    channel: CHANNEL,
    account: ACCOUNT,
    conversation: conversation(id),
    kind: "direct",
    target: aTarget(id),
    idleMs: HOUR / 2,
    ...overrides,
  };
}

/** A turn in the session of conversation `id`. */
export function aTurn(id = "c1", overrides: Partial<NewTurn> = {}): NewTurn {
  return {
    id: newId("turn"),
    session: aPlace(id),
    input: { text: unique("hello"), at: NOON, sender: { id: id as PeerId, displayName: "Ann" } },
    reply: { channel: CHANNEL, account: ACCOUNT, target: aTarget(id) },
    priority: "normal",
    expiresAt: NOON + DAY,
    ...overrides,
  };
}

/** A delivery into conversation `id`. */
export function aDelivery(id = "c1", overrides: Partial<NewDelivery> = {}): NewDelivery {
  const text = unique("answer");
  return {
    id: newId("delivery"),
    channel: CHANNEL,
    account: ACCOUNT,
    target: aTarget(id),
    lane: aLane(id),
    part: { payload: { text }, preview: text, editable: true },
    kind: "answer",
    priority: "normal",
    expiresAt: NOON + DAY,
    ...overrides,
  };
}

export const COLLECT: QueueSettings = { mode: "collect", debounceMs: 0, debounceMaxMs: 5_000 };
export const FOLLOWUP: QueueSettings = { ...COLLECT, mode: "followup" };
export const INTERRUPT: QueueSettings = { ...COLLECT, mode: "interrupt" };

/** Asks for work as the process `owner`. */
export function claimAs(owner = "process-1", leaseMs = 60_000): ClaimRequest {
  return { owner, leaseMs };
}
