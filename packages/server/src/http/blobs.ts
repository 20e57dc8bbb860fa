/** Files of conversations, for pages with a session. They are shown or saved, never run. */
import { Readable } from "node:stream";
import type { MediaStream } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain";
import type { FastifyPluginAsync } from "fastify";

/** Kinds a browser may show in place; everything else is downloaded. */
const SHOWN = /^(image\/(png|jpeg|gif|webp|avif)|audio\/|video\/)/;

export function blobRoutes(options: {
  accepts(cookieHeader: string | undefined): boolean;
  read(blob: string, signal: AbortSignal): Promise<MediaStream>;
}): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { blob: string } }>("/media/:blob", async (request, reply) => {
      if (!options.accepts(request.headers.cookie)) throw new SwitchboardError("REQ_005");
      const { blob } = request.params;
      if (!/^[0-9a-f]{64}$/.test(blob)) throw new SwitchboardError("REQ_002", "There is no such file.");
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      const { stream, mimeType = "application/octet-stream", size } = await options.read(blob, gone.signal);
      const shown = SHOWN.test(mimeType);
      reply
        .header("content-type", shown ? mimeType : "application/octet-stream")
        .header("content-disposition", shown ? "inline" : "attachment")
        .header("content-security-policy", "default-src 'none'; sandbox")
        .header("x-content-type-options", "nosniff")
        .header("cache-control", "private, max-age=31536000, immutable");
      if (size !== undefined) reply.header("content-length", size);
      return reply.send(Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]));
    });
  };
}
