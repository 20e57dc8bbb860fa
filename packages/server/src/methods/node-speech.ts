/**
 * What a person says to a node, taken to an agent: spoken words, and what apps share. A node holds no scopes. So it
 * speaks in WebChat sessions only; where other people are, and where an answer shall be delivered, its device must hold
 * `operator.write` as an operator besides. Chat commands are not read from it.
 */
import { randomUUID } from "node:crypto";
import { type Devices, grantOf, sessionKey } from "@switchboard/core";
import {
  type ConversationId,
  DEFAULT_ACCOUNT,
  matches,
  type SessionKey,
  SwitchboardError,
  type TenantId,
} from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";
import { ChatAttachment, holds } from "@switchboard/protocol";
import { WEBCHAT } from "../webchat/channel.ts";
import { sendChat } from "./chat-send.ts";
import type { MethodDeps } from "./deps.ts";
import { type EventHandler, type Hearing, NOT_APPROVED, type NodeSpeech } from "./node-side.ts";
import { sessionOf } from "./run-session.ts";
import { isWebchatSession, mainSessionKey, resolveSessionKey } from "./session-keys.ts";

/** Words without an id that come again within this time were heard twice, in milliseconds. */
const ECHO_MS = 1_500;
const MOST_CHARACTERS = 20_000;
const MOST_REMEMBERED = 200;

const Words = Type.String({ maxLength: MOST_CHARACTERS });
const Name = Type.String({ minLength: 1, maxLength: 512 });

const Transcript = Type.Object({
  text: Words,
  sessionKey: Type.Optional(Name),
  eventId: Type.Optional(Name),
});
type Transcript = Static<typeof Transcript>;

const Link = Type.Object({
  message: Type.Optional(Words),
  sessionKey: Type.Optional(Name),
  channel: Type.Optional(Name),
  to: Type.Optional(Name),
  deliver: Type.Optional(Type.Boolean()),
  thinking: Type.Optional(Type.String({ maxLength: 64 })),
  attachments: Type.Optional(Type.Array(ChatAttachment, { maxItems: 32 })),
  timeoutSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
  receipt: Type.Optional(Type.Boolean()),
});

export function nodeSpeech(deps: MethodDeps): NodeSpeech {
  const { routing } = deps.engine;
  const isEcho = echoes(deps);
  const transcript: EventHandler = async (given, { context, node, nodes }) => {
    const said = withoutNull(given);
    if (!matches(Transcript, said) || said.text.trim() === "") return "no text";
    if (!nodes.isApproved(context.tenant, node)) return NOT_APPROVED;
    const session =
      said.sessionKey === undefined
        ? mainSessionKey(routing.agents[0].id)
        : resolveSessionKey(said.sessionKey, routing);
    checkReach(deps.devices, context.tenant, node, session, false);
    if (isEcho(`${context.tenant} ${session}`, said)) return "heard before";
    const run = said.eventId === undefined ? randomUUID() : `voice:${node}:${said.eventId}`;
    await speak(deps, context, { session, run, message: said.text, thinking: "low" });
    return undefined;
  };
  const request: EventHandler = async (given, { context, node, nodes }) => {
    const said = withoutNull(given);
    if (!matches(Link, said)) return "it is not what agent.request takes";
    if (!said.message?.trim() && !said.attachments?.length) return "no message";
    if (!nodes.isApproved(context.tenant, node)) return NOT_APPROVED;
    const { attachments, channel, deliver = false, message = "", sessionKey: key, thinking, timeoutSeconds, to } = said;
    const session = await sessionOf(deps, context.tenant, {
      ...(to === undefined && { sessionKey: key ?? ownSession(routing.agents[0].id, node) }),
      ...(to !== undefined && { to }),
      ...(to !== undefined && key !== undefined && { sessionKey: key }),
      ...(channel !== undefined && { channel }),
    });
    checkReach(deps.devices, context.tenant, node, session, deliver);
    await speak(deps, context, {
      session,
      run: randomUUID(),
      message,
      deliver,
      ...(thinking !== undefined && { thinking }),
      ...(attachments && { attachments }),
      ...(timeoutSeconds && { timeoutMs: timeoutSeconds * 1_000 }),
    });
    return undefined;
  };
  return {
    keyOf: (key) => resolveSessionKey(key, routing),
    events: { "voice.transcript": transcript, "agent.request": request },
  };
}

function ownSession(agent: string, node: string): SessionKey {
  const conversation = { id: `node-${node}` as ConversationId, kind: "direct" as const };
  return sessionKey({ agent, channel: WEBCHAT, account: DEFAULT_ACCOUNT, conversation });
}

async function speak(
  deps: MethodDeps,
  { actor, tenant }: Hearing["context"],
  message: Omit<Parameters<typeof sendChat>[2], "suppressCommandInterpretation">,
): Promise<void> {
  // The node hears the answer as a chat event, if it asked for these; nobody waits for its end.
  const caller = { tenant, actor, underWay: () => {} };
  await sendChat(deps, caller, { ...message, suppressCommandInterpretation: true });
}

/** @throws SEC_003 when the node may not speak there. */
function checkReach(devices: Devices, tenant: TenantId, node: string, session: SessionKey, deliver: boolean): void {
  if (isWebchatSession(session) && !deliver) return;
  const device = devices.list(tenant).find((each) => each.device === node);
  if (holds(grantOf(device, "operator")?.scopes ?? [], "operator.write")) return;
  throw new SwitchboardError("SEC_003", "missing scope: operator.write", {
    action: "Approve the same device as an operator that may write.",
  });
}

/** Whether it is what was heard last in the session: the same event, or the same words a moment ago. */
function echoes({ clock }: MethodDeps): (session: string, said: Transcript) => boolean {
  const last = new Map<string, { readonly what: string; readonly at: number }>();
  return (session, { eventId, text }) => {
    const what = eventId ?? text;
    const before = last.get(session);
    const at = clock.now();
    if (before?.what === what && (eventId !== undefined || at - before.at <= ECHO_MS)) return true;
    last.delete(session);
    last.set(session, { what, at });
    const [oldest] = last.keys();
    if (last.size > MOST_REMEMBERED && oldest !== undefined) last.delete(oldest);
    return false;
  };
}

/** Apps write what they have nothing for as `null`. */
function withoutNull(said: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
}
