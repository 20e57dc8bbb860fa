/** Tells an alert where the configuration says: by signed requests, and in a conversation of one of the gateway's accounts. */
import { type Post, signatureHeaders } from "@switchboard/agents";
import { type Clock, type Engine, type Log, sleep } from "@switchboard/core";
import {
  type AccountId,
  type AccountRef,
  accountKey,
  type ChannelId,
  DEFAULT_TENANT,
  markdownContent,
  SwitchboardError,
  toErrorRecord,
} from "@switchboard/domain";
import type { Config } from "@switchboard/protocol";
import { alertKey } from "../config/alert-targets.ts";
import { type Alert, alertEvent, alertText } from "./alert.ts";

/** Between the tries of a request. */
const PAUSES_MS = [1_000, 5_000, 25_000, 120_000];
const TIMEOUT_MS = 10_000;
/** No telling takes longer, however slow the other side is. */
export const TELLING_MS = 300_000;

type Settings = Config["alerts"];
type Webhook = Settings["webhooks"][number];
type Chat = NonNullable<Settings["chat"]>;

export interface TellPorts {
  readonly engine: Pick<Engine, "accounts" | "clock" | "post">;
  readonly post: Post;
  readonly log: Log;
  readonly settings: Settings;
}

/** Resolves when everybody was told, or was tried often enough; the log says who was not. Rejects when `signal` aborts. */
export async function tell(alert: Alert, ports: TellPorts, signal: AbortSignal): Promise<void> {
  const { chat, webhooks } = ports.settings;
  const told = async (by: string, telling: Promise<void>) => {
    try {
      await telling;
    } catch (thrown) {
      signal.throwIfAborted();
      const { account, channel, id, tenant, type } = alert;
      const about = { tenant, channel, account, alert: type, id, by, error: toErrorRecord(thrown) };
      ports.log.error(about, "an alert could not be told");
    }
  };
  await Promise.all([
    ...webhooks.map((webhook) => told(new URL(webhook.url).origin, tellWebhook(alert, webhook, ports, signal))),
    ...(chat ? [told(`${chat.channel}:${chat.accountId}`, tellChat(alert, chat, ports))] : []),
  ]);
}

/** It goes through the outbox: when the account that tells is down, too, people read it when that is back. */
async function tellChat(alert: Alert, chat: Chat, { engine }: TellPorts): Promise<void> {
  const ref = chatAccount(chat);
  // Also when it is back: nobody was told there that it fell.
  if (accountKey(ref) === accountKey(alert)) {
    throw new SwitchboardError("CONN_001", "The account that alerts are told by is the one that this is about.");
  }
  const target = engine.accounts.require(ref).channel.parseTarget(chat.conversation);
  await engine.post(ref, { target, content: markdownContent(alertText(alert)), key: `alert ${alert.id}` });
}

/** The operator's account that tells. */
export function chatAccount({ accountId, channel }: Chat): AccountRef {
  return { tenant: DEFAULT_TENANT, channel: channel as ChannelId, account: accountId as AccountId };
}

async function tellWebhook(alert: Alert, webhook: Webhook, ports: TellPorts, signal: AbortSignal): Promise<void> {
  const { clock } = ports.engine;
  const event = alertEvent(alert);
  for (let attempt = 0; ; attempt += 1) {
    try {
      const status = await postEvent(event, webhook, { clock, post: ports.post, signal });
      if (isTaken(status)) return;
      throw new SwitchboardError("NET_001", `The address for alerts answered ${status}.`);
    } catch (thrown) {
      const pause = PAUSES_MS[attempt];
      if (signal.aborted || pause === undefined || toErrorRecord(thrown).code === "SEC_007") throw thrown;
      await sleep(clock, pause, signal);
    }
  }
}

/** One signed request; resolves with the status of its answer. @throws NET_001, SEC_007. */
export async function postEvent(
  event: { readonly id: string },
  webhook: Webhook,
  { clock, post, signal }: { readonly clock: Clock; readonly post: Post; readonly signal: AbortSignal },
): Promise<number> {
  const body = JSON.stringify(event);
  const headers = {
    ...signatureHeaders([alertKey(webhook)], { id: event.id, at: clock.now(), body }),
    "content-type": "application/cloudevents+json; charset=utf-8",
  };
  const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const answer = await post(webhook.url, { headers, body, signal: within });
  await answer.body.cancel().catch(() => {});
  return answer.status;
}

export function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}
