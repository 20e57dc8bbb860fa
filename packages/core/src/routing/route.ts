/** Which agent answers, in which session, and where the answer goes. */
import type { InboundEvent, SessionKey, Target, TenantId } from "@switchboard/domain";
import type { AgentSettings, Binding } from "@switchboard/protocol";
import type { ReplyAddress, SessionPlace, Store } from "../ports/index.ts";
import { agentOfSession, sessionKey } from "./session-key.ts";

export interface Routing {
  /** Never empty; the first is the default. */
  readonly agents: readonly [AgentSettings, ...AgentSettings[]];
  readonly bindings: readonly Binding[];
}

export interface Route {
  readonly agent: AgentSettings;
  readonly session: SessionKey;
  /** Where the session lives. */
  readonly place: Omit<SessionPlace, "idleMs">;
  /** Where the agent's answer goes. */
  readonly reply: ReplyAddress;
  /** The place on the event's own account from which it came: for what the gateway itself has to say. */
  readonly origin: Target;
}

/** The first binding whose every given field matches decides the agent; else the default one answers. */
export function routeEvent(event: InboundEvent, routing: Routing, tenant: TenantId): Route {
  const binding = routing.bindings.find((candidate) => fits(candidate, event, tenant));
  const agent = routing.agents.find(({ id }) => id === binding?.agent) ?? routing.agents[0];
  const session = sessionKey({
    agent: agent.id,
    channel: event.platform,
    account: event.account,
    conversation: event.conversation,
    thread: event.thread,
  });
  return { agent, session, place: placeOf(event, session, agent), reply: replyTo(event), origin: targetOf(event) };
}

/** An operator names the session; a session that exists keeps its home. */
export async function routeOperator(
  event: InboundEvent & Required<Pick<InboundEvent, "operator">>,
  routing: Routing,
  find: Store["sessions"]["get"],
  tenant: TenantId,
): Promise<Route> {
  const { session, deliver } = event.operator;
  const known = await find(tenant, session);
  const wanted = known?.agent ?? agentOfSession(session);
  const agent = routing.agents.find(({ id }) => id === wanted) ?? routing.agents[0];
  if (!known)
    return { agent, session, place: placeOf(event, session, agent), reply: replyTo(event), origin: targetOf(event) };
  const { key, channel, account, conversation, kind, target, title } = known;
  const place = {
    key,
    agent: agent.id,
    channel,
    account,
    conversation,
    kind,
    target,
    ...(title !== undefined && { title }),
  };
  return {
    agent,
    session,
    place,
    reply: deliver ? { channel, account, target } : replyTo(event),
    origin: targetOf(event),
  };
}

function fits(binding: Binding, event: InboundEvent, tenant: TenantId): boolean {
  return (
    (binding.tenant === undefined || binding.tenant === tenant) &&
    (binding.channel === undefined || binding.channel === event.platform) &&
    (binding.account === undefined || binding.account === event.account) &&
    (binding.conversation === undefined || binding.conversation === event.conversation.id) &&
    (binding.kind === undefined || binding.kind === event.conversation.kind)
  );
}

function placeOf(event: InboundEvent, key: SessionKey, agent: AgentSettings): Route["place"] {
  const { conversation, sender } = event;
  const title = conversation.kind === "direct" ? (sender?.displayName ?? sender?.username) : conversation.title;
  const { replyTo: _quoted, ...target } = targetOf(event);
  return {
    key,
    agent: agent.id,
    channel: event.platform,
    account: event.account,
    conversation: conversation.id,
    kind: conversation.kind,
    target,
    ...(title !== undefined && { title }),
  };
}

function replyTo(event: InboundEvent): ReplyAddress {
  return { channel: event.platform, account: event.account, target: targetOf(event) };
}

/** Answers go where the question came from; in groups they quote it. */
function targetOf(event: InboundEvent): Target {
  return {
    conversation: event.conversation.id,
    kind: event.conversation.kind,
    ...(event.thread !== undefined && { thread: event.thread }),
    ...(event.kind === "message" && event.conversation.kind !== "direct" && { replyTo: event.messageId }),
    ...(event.sender && { peer: event.sender.id }),
  };
}
