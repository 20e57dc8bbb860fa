/** Whether an event may reach an agent (ACC-4, ACC-5). Pure: the same answer for the same question. */
import type { InboundEvent, Target } from "@switchboard/domain";
import type { AccountSettings } from "@switchboard/protocol";
import { isPressedAt } from "./approvals.ts";
import type { Authorities } from "./authority.ts";
import { mayAsk } from "./pairing.ts";

export type Access =
  | { readonly verdict: "allow" }
  /** Nothing wrong, only not meant for the agent: no answer, no audit. */
  | { readonly verdict: "ignore"; readonly reason: string }
  /** Refused, but they may ask to be let in: audited; see `askToPair`. */
  | { readonly verdict: "pair"; readonly reason: string }
  /** Refused: audited; `tell` when the person should learn of it. */
  | { readonly verdict: "deny"; readonly reason: string; readonly tell: boolean };

const allow: Access = { verdict: "allow" };

/** `approvals`: where the account's owners decide who is let in, for an event that is their command (`approvalsPressed`). */
export function decideAccess(
  event: InboundEvent,
  settings: AccountSettings,
  authorities: Authorities,
  approvals?: Target,
): Access {
  if (event.sender?.isSelf) return { verdict: "ignore", reason: "own-message" };
  if (event.conversation.kind === "direct") return decideDirect(event, settings, authorities);
  const access = decideGroup(event, settings, authorities);
  if (access.verdict === "allow" || !isPressedAt(event, approvals)) return access;
  // Nobody talks with the agent there; the gateway's own buttons are for owners all the same.
  if (authorities.holds("command", event.sender?.id)) return allow;
  return { verdict: "deny", reason: "approvals-of-owners", tell: true };
}

function decideDirect(event: InboundEvent, settings: AccountSettings, authorities: Authorities): Access {
  if (settings.dmPolicy === "disabled") return { verdict: "deny", reason: "dm-disabled", tell: false };
  const listed = authorities.holds("dm", event.sender?.id);
  if (event.sender?.isBot && !listed) return { verdict: "ignore", reason: "bot" };
  if (settings.dmPolicy === "open" || listed) return allow;
  if (settings.dmPolicy === "pairing" && mayAsk(event.sender)) return { verdict: "pair", reason: "pairing-required" };
  return { verdict: "deny", reason: "dm-not-allowed", tell: true };
}

function decideGroup(event: InboundEvent, settings: AccountSettings, authorities: Authorities): Access {
  if (settings.groupPolicy === "disabled") return { verdict: "ignore", reason: "groups-disabled" };
  if (settings.groupPolicy === "allowlist" && !authorities.holds("group", event.conversation.id)) {
    return { verdict: "deny", reason: "group-not-allowed", tell: false };
  }
  if (event.sender?.isBot) return { verdict: "ignore", reason: "bot" };
  if (settings.groupAllowFrom.length > 0 && !settings.groupAllowFrom.includes(event.sender?.id ?? "")) {
    return { verdict: "deny", reason: "group-sender-not-allowed", tell: false };
  }
  if (settings.requireMention && event.kind === "message" && !event.mentions?.self) {
    return { verdict: "ignore", reason: "not-addressed" };
  }
  return allow;
}
