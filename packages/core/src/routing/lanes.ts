/** What must stay in order. */
import type { AccountId, ChannelId, Target } from "@switchboard/domain";

/** Inbound: what the channel calls a lane, within its account. */
export function inboxLane(channel: ChannelId, account: AccountId, lane: string): string {
  return `${channel}/${account}/${lane}`;
}

/** Outbound: one conversation, or one thread of it. */
export function deliveryLane(channel: ChannelId, account: AccountId, target: Target): string {
  const lane = `${channel}/${account}/${target.conversation}`;
  return target.thread === undefined ? lane : `${lane}/${target.thread}`;
}
