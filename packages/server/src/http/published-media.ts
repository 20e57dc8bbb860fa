/** Files that a channel published: for whoever has the address, and never as anything that runs. */
import { Readable } from "node:stream";
import type { Accounts } from "@switchboard/core";
import type { AccountId, ChannelId, TenantId } from "@switchboard/domain";
import type { FastifyPluginAsync } from "fastify";

/** Told as what they are, because platforms check; everything else is a stream of bytes. */
const TOLD =
  /^(image\/(?!svg)[\w.-]+|(audio|video)\/[\w.-]+|application\/(pdf|vcard|msword|vnd\.[\w.-]+)|text\/(x-)?(vcard|calendar|csv|rtf))$/;

type Place = "channel" | "tenant" | "account" | "token" | "name";

export function publishedMediaRoutes(accounts: Pick<Accounts, "published">): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: Record<Place, string> }>(
      "/media/published/:channel/:tenant/:account/:token/:name",
      async (request, reply) => {
        const { channel, tenant, account, token, name } = request.params;
        const ref = { channel: channel as ChannelId, tenant: tenant as TenantId, account: account as AccountId };
        const gone = new AbortController();
        reply.raw.once("close", () => gone.abort());
        const { stream, mimeType = "", size } = await accounts.published(ref, token, gone.signal);
        reply
          .header("content-type", TOLD.test(mimeType) ? mimeType : "application/octet-stream")
          .header("content-disposition", `inline; filename="${name.replaceAll(/[^\w.-]/g, "-")}"`)
          .header("content-security-policy", "default-src 'none'; sandbox")
          .header("x-content-type-options", "nosniff")
          .header("referrer-policy", "no-referrer")
          .header("cache-control", "private, no-store");
        if (size !== undefined) reply.header("content-length", size);
        return reply.send(Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]));
      },
    );
  };
}
