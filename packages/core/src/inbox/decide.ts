/** Decides what becomes of an event: who sent it first, then what it is. */
import {
  type DeleteEvent,
  type EditEvent,
  ERRORS,
  type InboundContent,
  type InboundEvent,
  type MessageEvent,
  type ReactionEvent,
  textContent,
} from "@switchboard/domain";
import { decideAccess } from "../access/decide.ts";
import { withinUserLimit } from "../access/user-limit.ts";
import { type Route, routeEvent, routeOperator } from "../routing/route.ts";
import { askToPair } from "./ask-to-pair.ts";
import { decideCommandEvent, decideControl } from "./decide-control.ts";
import { decideMessage } from "./decide-message.ts";
import { decideDelete, decideEdit, decideMembership, decideReaction, decideReceipt } from "./decide-others.ts";
import { type Case, type Decision, type DecisionPorts, replyEffect } from "./decision.ts";
import { chosenByNumber } from "./number-reply.ts";
import { approvalsPressed } from "./pressed.ts";
import { refuse } from "./refuse.ts";

export async function decide(
  event: InboundEvent,
  { stored, account }: Pick<Case, "stored" | "account">,
  ports: DecisionPorts,
): Promise<Decision> {
  if (event.kind === "receipt") return decideReceipt(event, account);
  if (event.kind === "membership") return decideMembership(event, account, ports);
  if (event.kind === "unsupported") return { state: "ignored", reason: `unsupported: ${event.what}` };

  const addressed = await withMentionByReply(event, account, ports);
  const route = await routeFor(addressed, account, ports);
  if (isAboutMessage(addressed)) return decideAbout({ event: addressed, stored, account, route }, ports);
  const question: Case = { event: addressed, stored, account, route };
  const approvals = await approvalsPressed(addressed, account, ports);
  const access = decideAccess(addressed, account.settings, account.authorities, approvals);
  if (access.verdict === "ignore") return { state: "ignored", reason: access.reason, session: route.session };
  if (access.verdict === "pair") return askToPair(question, access.reason, ports);
  if (access.verdict === "deny") return refuse(question, "SEC_001", access.reason, access.tell, ports);

  if (!withinUserLimit(question, ports)) return refuse(question, "SEC_004", "rate-limited", true, ports);
  if (addressed.kind === "message" && isTooLong(addressed.content, ports)) return tooLong(question, ports);
  switch (addressed.kind) {
    case "message": {
      const chosen = await chosenByNumber({ ...question, event: addressed }, ports);
      return chosen ? decideControl(chosen, ports) : decideMessage({ ...question, event: addressed }, ports);
    }
    case "control":
      return decideControl({ ...question, event: addressed }, ports);
    case "command":
      return decideCommandEvent({ ...question, event: addressed }, ports);
  }
}

type AboutMessage = EditEvent | DeleteEvent | ReactionEvent;

function isAboutMessage(event: InboundEvent): event is AboutMessage {
  return event.kind === "edit" || event.kind === "delete" || event.kind === "reaction";
}

/**
 * What became of an earlier message concerns the session that knows that message, and nobody else: what the agent was
 * not meant to hear does not reach it as an edit either (ACC-4).
 */
async function decideAbout(question: Case<AboutMessage>, ports: DecisionPorts): Promise<Decision> {
  const { account, event, route } = question;
  const access = decideAccess(event, account.settings, account.authorities);
  if (access.verdict === "ignore") return { state: "ignored", reason: access.reason, session: route.session };
  if (access.verdict === "pair") return refuse(question, "SEC_001", access.reason, false, ports);
  if (access.verdict === "deny") return refuse(question, "SEC_001", access.reason, access.tell, ports);

  const session = await ports.store.sessions.ofMessage(account.ref.tenant, {
    channel: account.ref.channel,
    account: account.ref.account,
    conversation: event.conversation.id,
    messageIds: event.kind === "delete" ? event.messageIds : [event.messageId],
    prefer: route.session,
  });
  if (!session) return { state: "ignored", reason: "about-unknown-message", session: route.session };
  const known = { ...question, route: { ...route, session } };
  if (!withinUserLimit(known, ports)) return refuse(known, "SEC_004", "rate-limited", true, ports);
  switch (event.kind) {
    case "edit":
      return isTooLong(event.content, ports) ? tooLong(known, ports) : decideEdit({ ...known, event });
    case "delete":
      return decideDelete({ ...known, event });
    case "reaction":
      return decideReaction({ ...known, event });
  }
}

/** A reply to something we sent addresses us, also where the platform does not say so. */
async function withMentionByReply(
  event: Exclude<InboundEvent, { kind: "receipt" | "membership" | "unsupported" }>,
  account: Case["account"],
  ports: DecisionPorts,
): Promise<typeof event> {
  if (event.kind !== "message" || event.conversation.kind === "direct") return event;
  if (event.mentions?.self || !event.replyTo || !account.settings.requireMention) return event;
  const isOurs =
    event.replyTo.isSelf ??
    (await ports.store.outbox.sentMessage(account.ref.tenant, {
      channel: account.ref.channel,
      account: account.ref.account,
      conversation: event.conversation.id,
      messageId: event.replyTo.messageId,
    })) !== undefined;
  return isOurs ? ({ ...event, mentions: { ...event.mentions, self: true } } satisfies MessageEvent) : event;
}

function isTooLong(content: InboundContent, { settings }: DecisionPorts): boolean {
  return (content.text?.length ?? 0) > settings.inboundCharacters;
}

/** Told to the person, who alone can do something about it (MSG-5). */
function tooLong(question: Case, ports: DecisionPorts): Decision {
  const { title, action } = ERRORS.MSG_003;
  const most = ports.settings.inboundCharacters;
  const content = textContent(`${title} (MSG_003): at most ${most} characters are taken. ${action}`);
  return {
    state: "denied",
    reason: "MSG_003 too-long",
    session: question.route.session,
    effects: [replyEffect(question, content, ports)],
  };
}

export function routeFor(event: InboundEvent, account: Case["account"], ports: DecisionPorts): Route | Promise<Route> {
  if (!event.operator) return routeEvent(event, ports.routing(), account.ref.tenant);
  const named = { ...event, operator: event.operator };
  return routeOperator(
    named,
    ports.routing(),
    (tenant, key) => ports.store.sessions.get(tenant, key),
    account.ref.tenant,
  );
}
