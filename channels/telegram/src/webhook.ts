/** Telegram's webhook: checking its calls, registering it, and telling whether Telegram gets through. */
import { hash } from "node:crypto";
import { isSame } from "@switchboard/channel-kit/webhook";
import { type AccountContext, parseJsonBody, SwitchboardError, type Webhook } from "@switchboard/domain";
import type { WebhookInfo } from "grammy/types";
import type { TelegramApi } from "./api.ts";
import type { TelegramConfig, UpdateKind } from "./config.ts";

const HEADER = "x-telegram-bot-api-secret-token";
const MEMORY_KEY = "webhook";

export const webhook: Webhook<TelegramConfig> = {
  verify({ headers }, { secret }) {
    const given = headers[HEADER];
    if (given === undefined) throw new SwitchboardError("SEC_002", `The call lacks the ${HEADER} header.`);
    if (!isSame(given, headerSecret(secret))) {
      throw new SwitchboardError("SEC_002", `The ${HEADER} header is wrong.`);
    }
  },
  parse({ body }) {
    return [parseJsonBody(body)];
  },
};

/** The secret in the alphabet that Telegram takes. */
function headerSecret(secret: string): string {
  return /^[\w-]{1,256}$/.test(secret) ? secret : sha256(secret).toString("base64url");
}

function sha256(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

/** Registers the webhook, unless it is what Telegram has already. Pending updates are kept always (hermes#87040). */
export async function registerWebhook(
  api: TelegramApi,
  context: AccountContext<TelegramConfig>,
  address: NonNullable<AccountContext["webhook"]>,
  signal: AbortSignal,
): Promise<WebhookInfo> {
  const { allowedUpdates, maxConnections } = context.config;
  const secret = headerSecret(address.secret);
  const wanted = sha256(JSON.stringify([address.url, secret, allowedUpdates, maxConnections])).toString("base64url");
  const info = await webhookInfo(api, signal);
  // Telegram does not tell the secret, so what was registered with it is remembered.
  if (info.url === address.url && (await context.memory.get(MEMORY_KEY)) === wanted) return info;
  await api.call(
    "other",
    "setWebhook",
    {
      url: address.url,
      secret_token: secret,
      max_connections: maxConnections,
      allowed_updates: allowedUpdates as UpdateKind[],
    },
    signal,
  );
  await context.memory.set(MEMORY_KEY, wanted);
  return webhookInfo(api, signal);
}

/** Takes the webhook away, if there is one, so that polling works. Pending updates are kept always (hermes#87040). */
export async function removeWebhook(api: TelegramApi, signal: AbortSignal): Promise<void> {
  const info = await webhookInfo(api, signal);
  if (info.url) await api.call("other", "deleteWebhook", {}, signal);
}

export function webhookInfo(api: TelegramApi, signal: AbortSignal): Promise<WebhookInfo> {
  return api.call("other", "getWebhookInfo", undefined, signal);
}

/** Looks with new delivery errors after which the webhook counts as failing. */
const ERRORS_TO_FAIL = 2;
/** Looks at which something waited and nothing had moved, errors or not. */
const STILLS_TO_FAIL = 4;

/**
 * Judges the webhook by what Telegram says of it from time to time. A single error or a queue at one moment is nothing;
 * what waits and fails again does not get through. Pure but for what it remembers.
 */
export class WebhookHealth {
  #lastError: number | undefined;
  #pending: number;
  #errors = 0;
  #stills = 0;

  /** `first` is the state of things when watching begins: older errors do not count. */
  constructor(first: WebhookInfo) {
    this.#lastError = first.last_error_date;
    this.#pending = first.pending_update_count;
  }

  /** Why it counts as failing; `undefined` while it works as far as one can tell. */
  judge(info: WebhookInfo): string | undefined {
    const failedAgain = info.last_error_date !== undefined && info.last_error_date !== this.#lastError;
    const moved = info.pending_update_count < this.#pending || info.pending_update_count === 0;
    const waitedBefore = this.#pending > 0;
    this.#lastError = info.last_error_date;
    this.#pending = info.pending_update_count;
    if (moved) {
      this.#errors = 0;
      this.#stills = 0;
      return undefined;
    }
    if (failedAgain) this.#errors += 1;
    if (waitedBefore) this.#stills += 1;
    if (this.#errors >= ERRORS_TO_FAIL) {
      return `Telegram cannot deliver to the webhook: ${info.last_error_message ?? "it does not say why"}`;
    }
    return this.#stills >= STILLS_TO_FAIL
      ? `Telegram has delivered nothing to the webhook for a while, and ${info.pending_update_count} updates wait`
      : undefined;
  }
}
