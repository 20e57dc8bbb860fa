/** `/conversations` and `/messages`: what was said, and saying something. */
import { randomUUID } from "node:crypto";
import type { Session, TranscriptEntry } from "@switchboard/core";
import { type ChannelId, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { RouteAnswer, RouteBody, RouteQuery } from "@switchboard/protocol/rest";
import { sendMessage } from "../methods/send.ts";
import { requireConversation } from "../methods/send-into.ts";
import type { Call, HandlersOf, RestDeps } from "./handlers.ts";
import type { AskMethod } from "./methods.ts";
import { type Page, pageOf, readNumber, withNext, writeNumber } from "./pages.ts";
import { tenantAccount } from "./registrations.ts";

const PAGE = 50;

export function conversationHandlers({ engine }: RestDeps): HandlersOf<"conversations"> {
  const { sessions } = engine.store;
  return {
    async "conversations.list"({ principal: { tenant }, query: { channel, ...query } }) {
      const filter = { ...query, ...(channel !== undefined && { channel: channel as ChannelId }) };
      return pageOf(await sessions.list(tenant, filter), conversationShape);
    },

    "conversations.get": async ({ params: { key }, principal: { tenant } }) =>
      conversationShape(await requireConversation({ engine }, tenant, key)),

    "conversations.messages": async ({ params: { key }, principal: { tenant }, query }) =>
      (await transcriptPage({ engine }, tenant, key, query)) as RouteAnswer<"conversations.messages">,
  };
}

export function messageHandlers(deps: RestDeps, ask: AskMethod): HandlersOf<"messages"> {
  return {
    async "messages.send"({ body, idempotencyKey = randomUUID(), principal, repeated }) {
      const { replyTo, text, to, ...rest } = body;
      const accountId = body.accountId ?? accountFor(deps, principal.tenant, body);
      const message = { ...rest, to, accountId, idempotencyKey, ...(text !== undefined && { message: text }) };
      const params = { ...message, ...(replyTo !== undefined && { replyToId: replyTo }) };
      const { channel, chatId, deliveryIds, state } = await sendMessage(
        deps,
        principal.tenant,
        params,
        `rest:${principal.id}`,
        { ofAllAccounts: true, onRepeat: repeated },
      );
      return { state, channel, conversation: chatId, deliveryIds } as RouteAnswer<"messages.send">;
    },

    "messages.get": async (call) => (await ask("deliveries.get", call.params, call as Call)).delivery,
  };
}

/** Where nobody says: the tenant's own account of the channel, else its only one. @throws CFG_003, REQ_001. */
function accountFor({ engine }: RestDeps, tenant: TenantId, { channel }: RouteBody<"messages.send">): string {
  const accounts = engine.accounts.list(tenant).filter(({ ref }) => ref.channel === channel);
  const own = accounts.find(({ ref }) => ref.account === tenantAccount(tenant));
  const [only, ...others] = accounts;
  if (own ?? (others.length === 0 && only)) return (own ?? only)?.ref.account ?? "";
  if (!only) throw new SwitchboardError("CFG_003", `No account of ${channel} is connected.`);
  const names = accounts.map(({ ref }) => ref.account).join(", ");
  throw new SwitchboardError("REQ_001", `Say which accountId: ${names}.`);
}

/** The newest page first, each page oldest first. @throws REQ_001, REQ_002. */
export async function transcriptPage(
  { engine }: Pick<RestDeps, "engine">,
  tenant: TenantId,
  key: string,
  { cursor, limit = PAGE }: RouteQuery<"conversations.messages">,
): Promise<Page<TranscriptEntry>> {
  const session = await requireConversation({ engine }, tenant, key);
  const before = cursor === undefined ? undefined : readNumber(cursor);
  const input = { limit: limit + 1, ...(before !== undefined && { before }) };
  const entries = await engine.store.sessions.transcript(tenant, session.key, input);
  const items = entries.slice(-limit);
  const [oldest] = items;
  return withNext(items, entries.length > limit && oldest ? writeNumber(oldest.seq) : undefined);
}

export function conversationShape(session: Session): RouteAnswer<"conversations.get"> {
  const { account, agent, channel, conversation, createdAt, entries, key, kind, lastActiveAt, preview, title } =
    session;
  return {
    key,
    channel,
    accountId: account,
    conversation,
    kind,
    ...(title !== undefined && { title }),
    agentId: agent,
    ...(preview !== undefined && { preview }),
    entries,
    createdAt,
    lastActiveAt,
  };
}
