/** The HTTP side of the one port: health, metrics, webhooks and pages. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Accounts, Installs, Log, Logins } from "@switchboard/core";
import { type MediaStream, toErrorRecord } from "@switchboard/domain";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { agentReplyRoutes } from "../agents/reply-routes.ts";
import type { BearerSecret } from "../auth/bearer-secret.ts";
import type { ProxyTrust } from "../callers/peer.ts";
import { withoutToken } from "../canvas/addresses.ts";
import type { CanvasListener } from "../canvas/listener.ts";
import { type Authenticator, firstOf } from "../identity/authenticator.ts";
import { authListener } from "../identity/listener.ts";
import type { People, Surroundings } from "../identity/people.ts";
import { mcpListener } from "../mcp/listener.ts";
import type { Metrics } from "../metrics.ts";
import type { RestDeps } from "../rest/handlers.ts";
import { restListener } from "../rest/listener.ts";
import type { KeyAndCertificate } from "../tls/self-signed.ts";
import { answerUnreadable, errorBody, fromFastify } from "./answers.ts";
import { blobRoutes } from "./blobs.ts";
import { type BrowserSessions, browserSessionRoutes } from "./browser-session.ts";
import { healthRoutes } from "./health.ts";
import { installRoutes } from "./installs.ts";
import { NO_SCHEMAS } from "./no-schemas.ts";
import { pageRoutes } from "./pages.ts";
import { publishedMediaRoutes } from "./published-media.ts";
import { webhookListener } from "./webhooks.ts";

export interface HttpOptions {
  /** What to encrypt with; without it, the gateway speaks in the clear. */
  readonly tls?: KeyAndCertificate | undefined;
  readonly accounts: Accounts;
  readonly installs: Pick<Installs, "complete">;
  readonly logins: Pick<Logins, "returned">;
  /** What stands before the framework besides webhooks. */
  readonly takesDocument: CanvasListener;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly publicUrl?: string | undefined;
  readonly trust: ProxyTrust;
  readonly allowedOrigins: readonly string[];
  /** Folder of the built pages; absent when they are not built. */
  readonly pages?: string | undefined;
  readonly phase: () => "starting" | "ready" | "draining";
  readonly readiness: () => Promise<{
    readonly ready: boolean;
    readonly failing: readonly string[];
    readonly degraded: readonly string[];
  }>;
  readonly version: string;
  readonly sessions: BrowserSessions;
  readonly secret: BearerSecret;
  /** Who asks the REST API or the MCP server. */
  readonly authenticate: Authenticator;
  /** The operator's page by its cookie: it asks the REST API alone. What opens a line by GET takes no cookie. */
  readonly operatorPage: Authenticator;
  /** Where people sign in, if they do. */
  readonly people?: { readonly people: People; readonly rootOf: Surroundings["rootOf"] } | undefined;
  /** What the REST API works with. */
  readonly deps: RestDeps;
  now(): number;
  readBlob(blob: string, signal: AbortSignal): Promise<MediaStream>;
}

/** Slow senders are cut off: headers and body must be there within this time. */
const REQUEST_TIMEOUT_MS = 30_000;
const SERVER: ServerOptions = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: 65_000,
  // What is no WebSocket is answered as if nobody had asked for another protocol (RFC 9110 §7.8).
  shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
};
/** Who has not finished the TLS handshake by then never will. */
const TLS_HANDSHAKE_TIMEOUT_MS = 15_000;
const JSON_TYPE = "application/json; charset=utf-8";

export async function createHttpApp(options: HttpOptions): Promise<FastifyInstance> {
  const { takesDocument } = options;
  let closing = false;
  const refusal = (thrown: unknown, url: string | undefined) => {
    const error = fromFastify(thrown);
    if (error.http >= 500)
      options.log.error({ url: withoutToken(url ?? ""), error: toErrorRecord(error) }, error.message);
    const wait = error.retryAfterMs;
    const headers: Record<string, number> = wait === undefined ? {} : { "retry-after": Math.ceil(wait / 1000) };
    return { status: error.http, headers, body: errorBody(error) };
  };
  const answerError = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { status, headers, body } = refusal(thrown, request.url);
    reply.code(status).headers(headers).send(body);
  };
  const refuse = (thrown: unknown, request: IncomingMessage, response: ServerResponse) => {
    const { status, headers, body } = refusal(thrown, request.url);
    const text = JSON.stringify(body);
    // The rest of a body that nobody reads would be taken for the next request's beginning.
    if (!request.complete) response.setHeader("connection", "close");
    response.writeHead(status, { ...headers, "content-type": JSON_TYPE, "content-length": Buffer.byteLength(text) });
    response.end(text);
  };
  const takesWebhook = webhookListener({ ...options, trustedProxies: options.trust.proxies, refuse });
  const rest = restListener({
    ...options,
    authenticate: firstOf([options.authenticate, options.operatorPage]),
    refuse,
  });
  const visitors = options.people && authListener({ ...options.people, trust: options.trust, refuse });
  const mcp = mcpListener({ ...options, refuse });
  const app = fastify({
    logger: false,
    // The router takes an asterisk for any address.
    rewriteUrl: ({ url = "/" }) => (url === "*" ? "/*" : url),
    frameworkErrors: answerError,
    clientErrorHandler: answerUnreadable,
    bodyLimit: 1024 * 1024,
    serverFactory: (handler) =>
      serverOf(options.tls, (request, response) => {
        // Once it closes, the framework sends everybody away.
        const taken =
          !closing &&
          (takesWebhook(request, response) ||
            takesDocument(request, response) ||
            rest.takes(request, response) ||
            visitors?.takes(request, response) ||
            mcp.takes(request, response));
        if (!taken) handler(request, response);
      }),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2_048 },
    schemaController: NO_SCHEMAS,
  });
  app.setErrorHandler(answerError);
  app.addHook("preClose", async () => {
    closing = true;
  });
  // Open streams would keep the server from closing.
  app.addHook("preClose", () => mcp.close());
  app.addHook("onClose", async () => {
    await Promise.all([rest.close(), visitors?.close()]);
  });
  app.setNotFoundHandler((request, reply) => {
    const message = `There is nothing at ${request.url.split("?")[0]?.slice(0, 200)}.`;
    reply.code(404).send({ error: { code: "REQ_002", message, action: "Check the address.", retryable: false } });
  });
  healthRoutes(app, options);
  await app.register(browserSessionRoutes(options));
  await app.register(
    blobRoutes({ accepts: (cookies) => options.sessions.accepts(cookies, options.now()), read: options.readBlob }),
  );
  await app.register(publishedMediaRoutes(options.accounts));
  await app.register(installRoutes(options));
  await app.register(agentReplyRoutes(options.deps.engine, options.deps.replyTokens));
  if (options.pages !== undefined)
    await app.register(pageRoutes(options.pages, options.allowedOrigins, options.people !== undefined));
  return app;
}

function serverOf(tls: KeyAndCertificate | undefined, listener: RequestListener) {
  if (!tls) return createServer(SERVER, listener);
  const { cert, key } = tls;
  return createTlsServer(
    { ...SERVER, cert, key, minVersion: "TLSv1.2", handshakeTimeout: TLS_HANDSHAKE_TIMEOUT_MS },
    listener,
  );
}
