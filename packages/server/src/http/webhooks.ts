/** Where platforms deliver: capped before read, verified before parsed, stored before answered. */
import type { Accounts } from "@switchboard/core";
import type { AccountId, ChannelId, TenantId, WebhookRequest } from "@switchboard/domain";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { publicRequestUrl } from "./public-url.ts";

/** Larger than any platform's update; files never come this way. */
const WEBHOOK_BYTES = 1024 * 1024;

interface Params {
  readonly channel: string;
  readonly tenant: string;
  readonly account: string;
}

export function webhookRoutes(options: {
  readonly accounts: Accounts;
  readonly publicUrl?: string | undefined;
  readonly trustedProxies: readonly string[];
}): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    // Named first: what nearly every platform sends is found without searching.
    app.addContentTypeParser(
      ["application/json", "*"],
      { parseAs: "buffer", bodyLimit: WEBHOOK_BYTES },
      (_request, body, done) => done(null, body),
    );
    app.route<{ Params: Params }>({
      method: ["GET", "POST"],
      url: "/webhooks/:channel/:tenant/:account",
      async handler(request, reply) {
        const { channel, tenant, account } = request.params;
        const ref = { tenant: tenant as TenantId, channel: channel as ChannelId, account: account as AccountId };
        await options.accounts.webhook(ref, webhookRequest(request, options));
        reply.code(200).header("content-type", "application/json").send('{"ok":true}');
      },
    });
  };
}

function webhookRequest(
  request: FastifyRequest,
  options: { readonly publicUrl?: string | undefined; readonly trustedProxies: readonly string[] },
): WebhookRequest {
  return {
    method: request.method,
    headers: request.headers as WebhookRequest["headers"],
    get url() {
      return publicRequestUrl(request.raw, options);
    },
    body: request.body instanceof Uint8Array ? request.body : new Uint8Array(),
  };
}
