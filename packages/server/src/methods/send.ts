/** `send`: a message out without an agent, now or later. */
import { createHash } from "node:crypto";
import { composeDeliveries, type Delivery } from "@switchboard/core";
import {
  type AccountId,
  type AccountRef,
  type ChannelId,
  DEFAULT_ACCOUNT,
  type DeliveryId,
  fromErrorRecord,
  type MessageId,
  markdownContent,
  type OutboundAttachment,
  SwitchboardError,
  type Target,
  type TenantId,
  type ThreadId,
} from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import { WEBCHAT } from "../webchat/channel.ts";
import type { Handlers } from "../ws/index.ts";
import { baseName, decodeBase64, kindOf } from "./attachments.ts";
import { awaitSent } from "./await-sent.ts";
import type { MethodDeps } from "./deps.ts";
import { requireAgent, resolveSessionKey } from "./session-keys.ts";

/** How long the caller waits for the platform's answer; afterwards the delivery goes on by itself. */
const WAIT_MS = 15_000;

export function sendMethods(deps: MethodDeps): Handlers {
  return { send: (params, { tenant }) => sendMessage(deps, tenant, params, "send") };
}

export interface SendOptions {
  /** The key stands for one message of all accounts together; else of each account. */
  readonly ofAllAccounts?: boolean;
  /** Called when the key was known: nothing more is sent. */
  readonly onRepeat?: () => void;
}

/**
 * `purpose`: what its idempotency key is unique among, also after a restart.
 * @throws REQ_001, REQ_002, CFG_002, MSG_*, STORE_*.
 */
export async function sendMessage(
  deps: MethodDeps,
  tenant: TenantId,
  params: Params<"send">,
  purpose: string,
  { ofAllAccounts = false, onRepeat }: SendOptions = {},
): Promise<Result<"send">> {
  const { engine, settings } = deps;
  if (params.parseMode !== undefined) {
    throw new SwitchboardError("MSG_008", "Messages are written in Markdown here; leave parseMode out.");
  }
  const ref = accountOf(deps, tenant, params);
  const account = engine.accounts.require(ref);
  const target = targetOf(account.channel.parseTarget(params.to), params);
  const attachments = await attachmentsOf(deps, tenant, params);
  if (!params.message?.trim() && attachments.length === 0) {
    throw new SwitchboardError("REQ_001", "Give a message or a file.");
  }
  const now = engine.clock.now();
  const scheduled = params.sendAt !== undefined && params.sendAt > now;
  const { agentId, sessionKey } = params;
  if (agentId !== undefined) requireAgent(agentId, engine.routing);
  const session = sessionKey === undefined ? undefined : resolveSessionKey(sessionKey, engine.routing, agentId);
  const deliveries = composeDeliveries({
    channel: account.channel,
    account: ref.account,
    target,
    content: markdownContent(params.message ?? "", attachments.length > 0 ? { attachments } : {}),
    kind: "direct",
    priority: params.priority ?? "normal",
    session,
    dueAt: scheduled ? params.sendAt : undefined,
    expiresAt: Math.max(now, params.sendAt ?? 0) + settings.config.limits.messageTtlMs,
  });
  const claim = scheduled ? undefined : engine.outbox.request(account, target);
  const place = [ref.channel, ref.account];
  const idempotencyKey = [purpose, ...(ofAllAccounts ? ["any"] : place), params.idempotencyKey].join(":");
  const queued = await engine.store.outbox.enqueue(tenant, {
    deliveries,
    idempotencyKey,
    fingerprint: fingerprintOf(ofAllAccounts ? [place, target] : [target], params, attachments),
    now,
    ...(claim && { claim }),
  });
  if (queued.existing) onRepeat?.();
  const ended = scheduled ? undefined : awaitSent(engine, tenant, queued.ids, WAIT_MS);
  engine.outbox.accept(queued.claimed);
  if (scheduled && params.sendAt !== undefined) engine.wakeAt(params.sendAt);
  else if (queued.claimed.length === 0) engine.wake("delivery", ref);
  const last = await ended;
  if (last && (last.state === "dead" || last.state === "expired") && last.error) throw fromErrorRecord(last.error);
  return sendResult(
    params,
    ref,
    target,
    queued.ids,
    scheduled ? "scheduled" : last?.messageIds.length ? "sent" : "queued",
    last,
  );
}

/** What makes two sends of one key the same message. */
function fingerprintOf(
  to: readonly unknown[],
  { message, sendAt }: Params<"send">,
  attachments: readonly object[],
): string {
  const said = JSON.stringify([...to, message?.normalize("NFC") ?? "", sendAt ?? null, attachments]);
  return createHash("sha256").update(said).digest("base64url").slice(0, 22);
}

function sendResult(
  { idempotencyKey }: Params<"send">,
  { channel }: AccountRef,
  { conversation }: Target,
  ids: readonly DeliveryId[],
  state: Result<"send">["state"],
  last: Delivery | undefined,
): Result<"send"> {
  return {
    runId: idempotencyKey,
    messageId: last?.messageIds[0] ?? ids.at(-1) ?? idempotencyKey,
    channel,
    chatId: conversation,
    conversationId: conversation,
    deliveryIds: ids,
    state,
  };
}

/** The named account, else the only one that can send. @throws REQ_001 when that is not clear. */
export function accountOf(
  { engine }: MethodDeps,
  tenant: TenantId,
  { channel, accountId }: Pick<Params<"send">, "channel" | "accountId">,
): AccountRef {
  if (channel === WEBCHAT) throw new SwitchboardError("REQ_001", "WebChat has no addresses; use chat.inject.");
  const all = engine.accounts.list(tenant).filter(({ ref }) => ref.channel !== WEBCHAT);
  if (channel !== undefined) {
    return { tenant, channel: channel as ChannelId, account: (accountId as AccountId | undefined) ?? DEFAULT_ACCOUNT };
  }
  const [only, ...others] = all.filter(({ ref }) => accountId === undefined || ref.account === accountId);
  if (only && others.length === 0) return only.ref;
  const names = all.map(({ ref }) => `${ref.channel}:${ref.account}`).join(", ");
  throw new SwitchboardError("REQ_001", `Say which channel: ${names || "no account is connected"}.`);
}

export function targetOf(
  target: Target,
  { threadId, replyToId }: Pick<Params<"send">, "threadId" | "replyToId">,
): Target {
  return {
    ...target,
    ...(threadId !== undefined && { thread: threadId as ThreadId }),
    ...(replyToId !== undefined && { replyTo: replyToId as MessageId }),
  };
}

async function attachmentsOf(
  { media, settings }: MethodDeps,
  tenant: TenantId,
  params: Params<"send">,
): Promise<OutboundAttachment[]> {
  const urls = [...(params.mediaUrl === undefined ? [] : [params.mediaUrl]), ...(params.mediaUrls ?? [])];
  const attachments = urls.map((url): OutboundAttachment => {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
      throw new SwitchboardError("REQ_001", `${url} is no http(s) address.`);
    const kind = params.asVoice ? "voice" : params.forceDocument ? "document" : kindOfName(new URL(url).pathname);
    return { kind, source: { url } };
  });
  if (params.buffer === undefined) return attachments;
  const { attachmentBytes: maxBytes } = settings.config.limits;
  const stored = await media.put(tenant, decodeBase64(params.buffer, maxBytes), { maxBytes });
  const mimeType = stored.mimeType ?? params.contentType;
  const kind = params.asVoice ? "voice" : params.forceDocument ? "document" : kindOf(mimeType);
  return [
    ...attachments,
    {
      kind,
      source: { blob: stored.blob },
      size: stored.size,
      ...(mimeType !== undefined && { mimeType }),
      ...(params.filename !== undefined && { fileName: baseName(params.filename) }),
    },
  ];
}

const NAMES: Readonly<Record<string, OutboundAttachment["kind"]>> = {
  png: "image",
  jpg: "image",
  jpeg: "image",
  gif: "image",
  webp: "image",
  mp4: "video",
  webm: "video",
  mp3: "audio",
  m4a: "audio",
  ogg: "audio",
};

function kindOfName(path: string): OutboundAttachment["kind"] {
  return NAMES[path.split(".").at(-1)?.toLowerCase() ?? ""] ?? "document";
}
