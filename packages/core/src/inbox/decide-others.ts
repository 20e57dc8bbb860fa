/** Everything that is no request: edits, deletions, reactions, receipts, memberships. */
import type {
  DeleteEvent,
  EditEvent,
  InboundEvent,
  MembershipEvent,
  ReactionEvent,
  ReceiptEvent,
} from "@switchboard/domain";
import { anonymousPeer } from "../access/anonymise.ts";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { Effect, NewTranscriptEntry } from "../ports/index.ts";
import type { Case, Decision, DecisionPorts } from "./decision.ts";
import { describeContent, shorten } from "./describe.ts";

/** What was not answered yet is answered as edited; otherwise the agent learns of the edit with the next turn. */
export function decideEdit({ event, account, route }: Case<EditEvent>): Decision {
  const text = describeContent(event.content);
  const entry = note(event, `${who(event)} edited an earlier message. It now reads: ${shorten(text, 2_000)}`);
  const effect: Effect = {
    type: "amend-input",
    channel: account.ref.channel,
    account: account.ref.account,
    conversation: event.conversation.id,
    messageId: event.messageId,
    text,
    otherwise: { session: route.session, entry },
  };
  return { state: "handled", reason: "edit", session: route.session, effects: [effect] };
}

export function decideDelete({ event, route }: Case<DeleteEvent>): Decision {
  const count = event.messageIds.length;
  return noted(event, route.session, `${who(event)} deleted ${count === 1 ? "a message" : `${count} messages`}.`);
}

export function decideReaction({ event, route }: Case<ReactionEvent>): Decision {
  const parts = [
    ...(event.added.length > 0 ? [`reacted with ${event.added.join(" ")}`] : []),
    ...(event.removed.length > 0 ? [`took back ${event.removed.join(" ")}`] : []),
  ];
  return noted(event, route.session, `${who(event)} ${parts.join(" and ")}.`);
}

export function decideReceipt(event: ReceiptEvent, account: AccountRuntime): Decision {
  const receipt = {
    channel: account.ref.channel,
    account: account.ref.account,
    conversation: event.conversation.id,
    messageIds: event.messageIds,
    status: event.status,
    at: event.at,
    ...(event.reason !== undefined && { reason: event.reason }),
  };
  return { state: "handled", reason: `receipt ${event.status}`, effects: [{ type: "receipt", receipt }] };
}

export function decideMembership(event: MembershipEvent, account: AccountRuntime, ports: DecisionPorts): Decision {
  const { channel, account: id } = account.ref;
  const effects: Effect[] = [];
  if (event.change === "migrated" && event.successor !== undefined) {
    effects.push({ type: "redirect", channel, account: id, from: event.conversation.id, to: event.successor });
  }
  if (event.subject === "self") {
    effects.push({
      type: "audit",
      entry: {
        at: ports.clock.now(),
        actor: anonymousPeer(account, event.sender?.id),
        action: `membership.${event.change}`,
        subject: `${channel}:${id}`,
        outcome: "ok",
        detail: { conversation: anonymousPeer(account, event.conversation.id) },
      },
    });
  }
  return { state: "handled", reason: `membership ${event.change}`, effects };
}

function noted(event: InboundEvent, session: Case["route"]["session"], text: string): Decision {
  return {
    state: "handled",
    reason: event.kind,
    session,
    effects: [{ type: "note", session, entry: note(event, text) }],
  };
}

function note(event: InboundEvent, text: string): NewTranscriptEntry {
  return { role: "note", text, at: event.at };
}

function who(event: InboundEvent): string {
  return event.sender?.displayName ?? event.sender?.username ?? "Somebody";
}
