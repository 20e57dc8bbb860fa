/** What methods need before they work in a session: that it is there, and that it is the one the caller saw. */
import type { Session } from "@switchboard/core";
import {
  type ConversationId,
  DEFAULT_ACCOUNT,
  type SessionKey,
  SwitchboardError,
  type TenantId,
} from "@switchboard/domain";
import { WEBCHAT } from "../webchat/channel.ts";
import type { MethodDeps } from "./deps.ts";
import { agentOf, isWebchatSession } from "./session-keys.ts";

/** Makes an empty one where there is none; sessions of platforms begin with a message there. */
export async function createSession(
  { engine, settings }: MethodDeps,
  tenant: TenantId,
  key: SessionKey,
): Promise<void> {
  const conversation = key as string as ConversationId;
  const place = {
    key,
    agent: agentOf(key, engine.routing).id,
    channel: WEBCHAT,
    account: DEFAULT_ACCOUNT,
    conversation,
    kind: "direct" as const,
    target: { conversation, kind: "direct" as const },
    idleMs: settings.config.sessions.idleMinutes * 60_000,
  };
  if (isWebchatSession(key)) await engine.store.sessions.create(tenant, place, engine.clock.now());
}

/** @throws REQ_004 when it is not the stretch the caller looked at. */
export function expectSame(session: Session | undefined, expected: string | undefined): void {
  if (expected === undefined || session?.id === expected) return;
  throw new SwitchboardError("REQ_004", "The session has begun anew since.", {
    details: { reason: "session-changed" },
  });
}
