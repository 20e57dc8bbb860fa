/**
 * Whether the gateway lives, has started, and should get traffic; and its figures. Anybody may ask whether; why, and
 * the figures, are for those who know the gateway's address: a page whose name is made to resolve here does not.
 */

import { SwitchboardError } from "@switchboard/domain";
import { kindOfHost } from "@switchboard/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { HttpOptions } from "./app.ts";

type HealthOptions = Pick<HttpOptions, "metrics" | "phase" | "publicUrl" | "readiness" | "version">;

/** Every path answers HEAD as well. */
export function healthRoutes(app: FastifyInstance, options: HealthOptions): void {
  const { metrics, phase, publicUrl, readiness, version } = options;
  const knowsUs = ({ headers }: FastifyRequest) => isOwnHost(headers.host, publicUrl);
  for (const path of ["/healthz", "/health"]) {
    app.get(path, (request) => ({ ok: true, status: "live", ...(knowsUs(request) && { version }) }));
  }
  for (const path of ["/startupz", "/startup"]) {
    app.get(path, (request, reply) => {
      const now = phase();
      const ok = now === "ready";
      const status = ok ? "started" : now;
      reply.code(ok ? 200 : 503).send({ ok, status, ...(knowsUs(request) && { version }) });
    });
  }
  for (const path of ["/readyz", "/ready"]) {
    app.get(path, async (request, reply) => {
      const { degraded, failing, ready } = await readiness();
      const why = { ...(failing.length > 0 && { failing }), ...(degraded.length > 0 && { degraded }) };
      reply.code(ready ? 200 : 503).send({ ready, ...(knowsUs(request) && why) });
    });
  }
  // With many accounts all figures are megabytes: `?name=switchboard_queue_depth`, as often as wanted, asks for a few.
  app.get("/metrics", async (request, reply) => {
    if (!knowsUs(request)) {
      throw new SwitchboardError("SEC_003", "The figures are told to this machine and at gateway.publicUrl only.", {
        action: "Ask by a loopback address, or by the gateway's public URL.",
      });
    }
    const { contentType, body } = await metrics.scrape(namesIn(request.query));
    reply.header("content-type", contentType).send(body);
  });
}

function namesIn(query: unknown): string[] {
  const { name = [] } = query as { readonly name?: string | readonly string[] };
  return [name].flat();
}

function isOwnHost(host: string | undefined, publicUrl: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  if (kindOfHost(hostname) === "loopback") return true;
  return publicUrl !== undefined && new URL(publicUrl).hostname === hostname;
}
