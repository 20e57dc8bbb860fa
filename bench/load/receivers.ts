/** What a load is aimed at: the address and the headers that its updates go with. */
import type { Platform } from "../platform/bot-api.ts";

export interface Receiver {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The bot's webhook as it registered it. */
export function webhookOf(platform: Platform, bot: string): Receiver {
  const webhook = platform.webhooks.get(bot);
  if (!webhook) throw new Error(`The bot ${bot} has registered no webhook.`);
  const { pathname, port } = new URL(webhook.url);
  return { port: Number(port), path: pathname, headers: { "x-telegram-bot-api-secret-token": webhook.secret } };
}

/** The receiver whose turn it is. */
export function inTurn(receivers: readonly Receiver[], turn: number): Receiver {
  const receiver = receivers[turn % receivers.length];
  if (!receiver) throw new RangeError("There is no receiver.");
  return receiver;
}

/** A floor takes the same bytes, headers included. */
export function floorLike(port: number, receiver: Receiver): Receiver {
  return { ...receiver, port };
}
