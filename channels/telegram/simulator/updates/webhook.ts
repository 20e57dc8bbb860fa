/** The bot's webhook: updates with the secret, and method calls that come back in the answers. */
import type { Fault } from "@switchboard/domain";
import { type DeliveryQueue, Webhook } from "@switchboard/simulator-kit";
import type { Bot } from "../world/bot.ts";

export interface BotWebhookOptions {
  readonly bot: Bot;
  readonly queue: DeliveryQueue;
  /** First pause between two attempts, in milliseconds. */
  readonly retryMs: number;
  readonly fault: () => Fault | undefined;
  /** The bot answered with a method call, as it may. */
  readonly onCall: (method: string, parameters: Record<string, unknown>) => void;
}

export function botWebhook({ bot, onCall, ...options }: BotWebhookOptions): Webhook {
  return new Webhook({
    ...options,
    request: () => {
      const { url = "", secret } = bot.webhook ?? {};
      return { url, headers: secret === undefined ? {} : { "x-telegram-bot-api-secret-token": secret } };
    },
    onAnswer: ({ body }) => {
      if (!body.includes('"method"')) return;
      try {
        const { method, ...parameters } = JSON.parse(body) as Record<string, unknown>;
        if (typeof method === "string") onCall(method, parameters);
      } catch {
        // An answer that is no JSON is none of Telegram's business.
      }
    },
  });
}
