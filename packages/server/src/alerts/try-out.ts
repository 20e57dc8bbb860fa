/** One alert that is marked as a test, by every way that the configuration names: whether each of them works (TEN-5). */
import { randomUUID } from "node:crypto";
import { SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { Config, Result } from "@switchboard/protocol";
import type { MethodDeps } from "../methods/deps.ts";
import { sendMessage } from "../methods/send.ts";
import { chatAccount, isTaken, postEvent } from "./tell.ts";

type Way = Result<"alerts.test">["ways"][number];
type Settings = Config["alerts"];

const TEXT = "This is a test: the gateway's alerts reach you here. No account has fallen.";

/** Resolves when every way was tried once; whoever asks waits for it. @throws CFG_001 when nobody is to be told. */
export async function tryAlerts(deps: MethodDeps, signal: AbortSignal): Promise<Result<"alerts.test">> {
  const { chat, webhooks } = deps.settings.config.alerts;
  if (!chat && webhooks.length === 0) {
    throw new SwitchboardError("CFG_001", "The configuration names nobody who is told of alerts.", {
      action: "Set alerts.webhooks or alerts.chat, and start the gateway again.",
    });
  }
  const id = randomUUID();
  const ways = await Promise.all([
    ...webhooks.map((webhook) => tryWebhook(id, webhook, deps, signal)),
    ...(chat ? [tryChat(id, chat, deps)] : []),
  ]);
  return { id, ways };
}

async function tryWebhook(
  id: string,
  webhook: Settings["webhooks"][number],
  { clock, post }: MethodDeps,
  signal: AbortSignal,
): Promise<Way> {
  const way = { by: "webhook", to: new URL(webhook.url).origin } as const;
  try {
    const status = await postEvent(testEvent(id, clock.now()), webhook, { clock, post, signal });
    return { ...way, arrived: isTaken(status), status };
  } catch (thrown) {
    return { ...way, ...failed(thrown) };
  }
}

async function tryChat(id: string, chat: NonNullable<Settings["chat"]>, deps: MethodDeps): Promise<Way> {
  const { account, channel, tenant } = chatAccount(chat);
  const way = { by: "chat", to: `${channel}:${account}` } as const;
  const message = {
    channel,
    accountId: account,
    to: chat.conversation,
    message: TEXT,
    idempotencyKey: id,
  };
  try {
    const { deliveryIds = [], state } = await sendMessage(deps, tenant, message, "alerts.test");
    return { ...way, arrived: state === "sent", state: state === "sent" ? "sent" : "queued", deliveryIds };
  } catch (thrown) {
    return { ...way, ...failed(thrown) };
  }
}

/** Of a type of its own: a receiver that counts falls does not count it. */
function testEvent(id: string, now: number) {
  return {
    specversion: "1.0",
    type: "switchboard.alert.test",
    source: "/switchboard",
    id,
    time: new Date(now).toISOString(),
    datacontenttype: "application/json",
    data: { test: true, text: TEXT },
  };
}

function failed(thrown: unknown): Pick<Way, "arrived" | "error"> {
  const { action, code, message } = toSwitchboardError(thrown);
  return { arrived: false, error: { code, message, action } };
}
