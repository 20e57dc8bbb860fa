/** How the bot gets its updates: `getUpdates` or a webhook. */
import type { WebhookInfo } from "@grammyjs/types";
import { badRequest, refusal } from "../../failure.ts";
import type { UpdateKind } from "../../updates/kinds.ts";
import { keepBot, type WebhookConfig } from "../../world/bot.ts";
import { type Call, type Methods, other, receiving } from "../call.ts";
import { Raw } from "../raw.ts";

const DEFAULT_CONNECTIONS = 40;
const MOST_CONNECTIONS = 100;

export const updateMethods = {
  getUpdates: receiving(async (call) => {
    const { world, params } = call;
    if (world.bot.webhook) {
      throw refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    const limit = Math.min(Math.max(params.integer("limit") ?? 100, 1), 100);
    const timeout = Math.max(params.integer("timeout") ?? 0, 0);
    const offset = params.integer("offset") ?? 0;
    setAllowed(call);
    const updates = await world.polling.poll({ offset, limit, timeout, onHangUp: call.onHangUp });
    return new Raw(`[${updates.join(",")}]`);
  }),

  setWebhook: other((call) => {
    const { world, params } = call;
    const url = params.text("url") ?? "";
    if (url === "") return removeWebhook(call);
    const config: WebhookConfig = { url: checkedUrl(url), ...readConnections(call), ...readSecret(call) };
    if (params.boolean("drop_pending_updates")) world.updates.clear();
    setAllowed(call);
    world.polling.interrupt("terminated by setWebhook request");
    world.bot.webhook = config;
    keepBot(world.journal, world.bot);
    world.webhook.start(config.maxConnections);
    return true;
  }),

  deleteWebhook: other(removeWebhook),

  getWebhookInfo: other(({ world }): WebhookInfo => {
    const { webhook, allowedUpdates } = world.bot;
    const { lastError } = world.webhook;
    return {
      url: webhook?.url ?? "",
      has_custom_certificate: false,
      pending_update_count: world.updates.size,
      ...(webhook && { max_connections: webhook.maxConnections, ip_address: webhook.ipAddress ?? "127.0.0.1" }),
      ...(webhook && lastError && { last_error_date: lastError.date, last_error_message: lastError.message }),
      ...(allowedUpdates && allowedUpdates.length > 0 && { allowed_updates: [...allowedUpdates] }),
    };
  }),
} satisfies Methods;

function removeWebhook({ world, params }: Call): true {
  if (params.boolean("drop_pending_updates")) world.updates.clear();
  delete world.bot.webhook;
  keepBot(world.journal, world.bot);
  world.webhook.stop();
  return true;
}

/** Stays as it was when the call does not say. Unknown names are ignored, as at Telegram. */
function setAllowed({ world, params }: Call): void {
  const list = params.list("allowed_updates");
  if (!list) return;
  const allowed = list.filter((kind): kind is UpdateKind => typeof kind === "string");
  if (JSON.stringify(allowed) === JSON.stringify(world.bot.allowedUpdates)) return;
  world.bot.allowedUpdates = allowed;
  keepBot(world.journal, world.bot);
}

/** Unlike Telegram the simulator takes plain http and any port: it only ever runs beside the bot. */
function checkedUrl(url: string): string {
  const full = /^[a-z]+:\/\//i.test(url) ? url : `https://${url}`;
  if (!URL.canParse(full) || !/^https?:$/.test(new URL(full).protocol)) {
    throw badRequest("invalid webhook URL specified");
  }
  return full;
}

function readConnections({ params }: Call): Pick<WebhookConfig, "maxConnections" | "ipAddress"> {
  const wanted = params.integer("max_connections") ?? DEFAULT_CONNECTIONS;
  const ipAddress = params.text("ip_address");
  return { maxConnections: Math.min(Math.max(wanted, 1), MOST_CONNECTIONS), ...(ipAddress && { ipAddress }) };
}

function readSecret({ params }: Call): Pick<WebhookConfig, "secret"> {
  const secret = params.text("secret_token");
  if (!secret) return {};
  if (secret.length > 256) throw badRequest("secret token is too long");
  if (!/^[\w-]+$/.test(secret)) throw badRequest("secret token contains unallowed characters");
  return { secret };
}
