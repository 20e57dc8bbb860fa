/** `channels.pairing.*`: who waits to be let in, and deciding about them (ACC-3). */
import {
  type AccountRuntime,
  type Approval,
  MOST_PENDING,
  PAIRING_TTL_MS,
  type PairingRequest,
  senderLabel,
  type WhichRequest,
} from "@switchboard/core";
import { type AccountId, type AccountRef, type ChannelId, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import { WEBCHAT } from "../webchat/channel.ts";
import type { Handlers } from "../ws/index.ts";
import { awaitSent } from "./await-sent.ts";
import type { MethodDeps } from "./deps.ts";

/** How long an approval waits for the person to be told; what was not sent by then is taken back. */
const TELL_MS = 10_000;

type Listed = Result<"channels.pairing.list">;

export function pairingMethods(deps: MethodDeps): Handlers {
  const { engine } = deps;
  return {
    async "channels.pairing.list"({ channel, accountId }, { tenant }) {
      const accounts = engine.accounts
        .list(tenant)
        .filter(({ ref }) => ref.channel !== WEBCHAT)
        .filter(({ ref }) => channel === undefined || ref.channel === channel)
        .filter(({ ref }) => accountId === undefined || ref.account === accountId);
      const pending = await engine.pairings.pending(tenant, {
        ...(channel !== undefined && { channel: channel as ChannelId }),
        ...(accountId !== undefined && { account: accountId as AccountId }),
      });
      const runtimeOf = ({ account, channel: id }: PairingRequest) =>
        engine.accounts.get({ tenant, channel: id, account });
      return {
        accounts: accounts.map((account) => accountShape(account.ref, account)),
        requests: pending.map((request) => requestShape(request, runtimeOf(request))),
        commandOwnerConfigured: accounts.every(({ authorities }) => authorities.holders("command").length > 0),
        limits: { pendingPerAccount: MOST_PENDING, ttlMs: PAIRING_TTL_MS },
      };
    },

    async "channels.pairing.approve"(params, { tenant, actor }) {
      const ref = accountOf(deps, tenant, params);
      const { bootstrapCommandOwner = false, notify = false } = params;
      // Without a connection nobody is told now, and an answer that comes true some day is none.
      const tell = notify && engine.accounts.get(ref)?.connection !== undefined;
      const approval = await engine.pairings.approve(ref, whichOf(params), {
        by: actor,
        owner: bootstrapCommandOwner,
        tell,
      });
      return {
        requestId: approval.request.id,
        senderId: approval.request.sender,
        notification: notify ? await told(deps, ref, approval, tell) : "not-requested",
        commandOwnerBootstrap: approval.owner,
      };
    },

    async "channels.pairing.dismiss"(params, { tenant, actor }) {
      const { id, sender } = await engine.pairings.dismiss(accountOf(deps, tenant, params), whichOf(params), actor);
      return { requestId: id, senderId: sender };
    },
  };
}

/** @throws CFG_003; one that cannot run has its requests all the same. */
function accountOf(
  { engine }: MethodDeps,
  tenant: TenantId,
  { accountId, channel }: { readonly channel: string; readonly accountId: string },
): AccountRef {
  const ref = { tenant, channel: channel as ChannelId, account: accountId as AccountId };
  const known = engine.accounts.statuses(tenant);
  if (!known.some((each) => each.channel === channel && each.account === accountId)) engine.accounts.require(ref);
  return ref;
}

/** @throws REQ_001 unless there is exactly one of them. */
function whichOf({ code, requestId }: Pick<Params<"channels.pairing.dismiss">, "code" | "requestId">): WhichRequest {
  if (requestId !== undefined && code === undefined) return { id: requestId };
  if (code !== undefined && requestId === undefined) return { code };
  throw new SwitchboardError("REQ_001", "Give either the request's id or its code.");
}

/** What became of telling them: for certain, so what hangs is taken back. */
async function told(
  { engine }: MethodDeps,
  { tenant }: AccountRef,
  { delivery: id }: Approval,
  tried: boolean,
): Promise<Result<"channels.pairing.approve">["notification"]> {
  if (id === undefined) return tried ? "unsupported" : "failed";
  const delivery = await awaitSent(engine, tenant, [id], TELL_MS);
  if (isSent(delivery?.state)) return "sent";
  await engine.store.outbox.cancel(tenant, id, engine.clock.now());
  return isSent((await engine.store.outbox.get(tenant, id))?.state) ? "sent" : "failed";
}

function isSent(state: string | undefined): boolean {
  return state === "sent" || state === "delivered" || state === "read";
}

function accountShape(
  { account, channel }: Pick<AccountRef, "account" | "channel">,
  runtime: AccountRuntime | undefined,
): Listed["accounts"][number] {
  const label = runtime?.self?.username ?? runtime?.self?.displayName;
  return {
    channel,
    channelLabel: runtime?.channel.label ?? channel,
    accountId: account,
    ...(label && { accountLabel: label }),
    notifySupported: runtime !== undefined,
  };
}

function requestShape(request: PairingRequest, runtime: AccountRuntime | undefined): Listed["requests"][number] {
  const time = (at: number) => new Date(at).toISOString();
  return {
    requestId: request.id,
    ...accountShape(request, runtime),
    senderId: request.sender,
    senderLabel: senderLabel(request),
    ...(request.username !== undefined && { metadata: { username: request.username } }),
    createdAt: time(request.createdAt),
    lastSeenAt: time(request.lastSeenAt),
    expiresAt: time(request.expiresAt),
  };
}
