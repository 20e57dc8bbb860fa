/** A message into a conversation that is known, for programs that name it by its session's key. */
import { type SessionKey, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { MethodDeps } from "./deps.ts";
import { sendMessage } from "./send.ts";

interface MessageInto {
  readonly conversation: string;
  /** Markdown. */
  readonly text: string;
  readonly idempotencyKey: string;
}

/**
 * `purpose`: what its idempotency key is unique among.
 * @throws REQ_002 for a conversation that is not the tenant's; what `sendMessage` throws.
 */
export async function sendInto(
  deps: MethodDeps,
  tenant: TenantId,
  { conversation, idempotencyKey, text: message }: MessageInto,
  purpose: string,
) {
  const { account, channel, key, target } = await requireConversation(deps, tenant, conversation);
  const { thread } = target;
  const params = {
    channel,
    accountId: account,
    to: target.conversation,
    message,
    idempotencyKey,
    sessionKey: key,
    ...(thread !== undefined && { threadId: thread }),
  };
  const { deliveryIds, messageId, state } = await sendMessage(deps, tenant, params, purpose);
  return { state, messageId, deliveries: deliveryIds };
}

/** @throws REQ_002, also for what is another tenant's. */
export async function requireConversation({ engine }: Pick<MethodDeps, "engine">, tenant: TenantId, key: string) {
  const session = await engine.store.sessions.get(tenant, key as SessionKey);
  if (session) return session;
  throw new SwitchboardError("REQ_002", "There is no such conversation.");
}
