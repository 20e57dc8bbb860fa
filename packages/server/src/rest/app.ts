/** The REST API: who asks, whether they may, whether the request is well-formed; then the route's handler. */
import type { IncomingMessage } from "node:http";
import type { Log } from "@switchboard/core/ports";
import { SwitchboardError, toErrorRecord } from "@switchboard/domain";
import { ROUTES, type RouteName, type RouteSpec, restStatus } from "@switchboard/protocol/rest";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { fromFastify } from "../http/answers.ts";
import { decodeJson } from "../http/decode.ts";
import type { LoadedPart } from "../http/lazy-listener.ts";
import { NO_SCHEMAS } from "../http/no-schemas.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import type { Principal } from "../identity/principal.ts";
import { documentRoutes } from "./document.ts";
import { streamEvents } from "./event-stream.ts";
import { type Browser, type Call, type RestDeps, restHandlers, type StreamEvent } from "./handlers.ts";
import { KeptAnswers, type Said } from "./kept-answers.ts";
import { API_PREFIX } from "./prefix.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";
import { readBody, readIdempotencyKey, readLastEventId, readParams, readQuery } from "./read.ts";
import { RequestLimits } from "./request-limits.ts";

export interface RestOptions {
  readonly deps: RestDeps;
  readonly log: Log;
  readonly authenticate: Authenticator;
}

const BODY_BYTES = 256 * 1024;
const MOST_DEPTH = 32;
const REPLAYED = "idempotent-replayed";

type AnyHandler = (call: Call) => unknown;

export async function createRestApp({ authenticate, deps, log }: RestOptions): Promise<LoadedPart> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    routerOptions: { maxParamLength: 2_048 },
    schemaController: NO_SCHEMAS,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
  });
  const handlers = restHandlers(deps);
  const { clock, engine, settings, vault } = deps;
  const kept = new KeptAnswers({ answers: engine.store.answers, vault, clock, log });
  const limits = new RequestLimits({ rates: engine.store.rates, clock, limits: settings.config.limits.requests });
  const principals = new WeakMap<FastifyRequest, Principal>();

  function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = fromFastify(thrown);
    const status = statusOf(thrown, error);
    if (status >= 500)
      log.error({ method: request.method, url: pathOf(request.url), error: toErrorRecord(error) }, error.message);
    if (status === 401) reply.header("www-authenticate", "Bearer");
    if (error.retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(error.retryAfterMs / 1000));
    reply
      .code(status)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemOf(error, status)));
  }

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_request: unknown, bytes: Buffer) => {
    if (bytes.length === 0) return undefined;
    const decoded = decodeJson(bytes, MOST_DEPTH);
    if (decoded.ok) return decoded.value;
    throw new SwitchboardError("REQ_001", `The body cannot be read: ${decoded.reason}.`);
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsAt(pathOf(request.url));
    if (allowed.length === 0) {
      throw new SwitchboardError("REQ_002", `There is nothing at ${pathOf(request.url).slice(0, 200)}.`, {
        action: `Check the address: ${API_PREFIX}/docs lists every route.`,
      });
    }
    const error = new SwitchboardError("REQ_001", `This address takes ${allowed.join(", ")}.`);
    return reply
      .code(405)
      .header("allow", allowed.join(", "))
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemOf(error, 405)));
  });
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  });

  for (const [name, spec] of Object.entries(ROUTES) as [RouteName, RouteSpec][]) {
    const handler = handlers[name] as unknown as AnyHandler;
    app.route({
      method: spec.method,
      url: API_PREFIX + spec.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      // Before the body is read: whoever may not, need not send it.
      async onRequest(request) {
        principals.set(request, await admit(authenticate, request.raw, spec));
      },
      async handler(request, reply) {
        // A body may take its time: whoever may no longer is refused.
        const principal = hasBody(request.raw) ? await admit(authenticate, request.raw, spec) : principals.get(request);
        if (!principal) throw new SwitchboardError("REQ_005");
        const idempotencyKey = readIdempotencyKey(spec, request.headers["idempotency-key"]);
        const cookies: string[] = [];
        const browser = browserOf(request, reply, cookies);
        const call = {
          params: readParams(spec, request.params),
          query: readQuery(spec, request.query),
          body: readBody(spec, request.body),
          principal,
          idempotencyKey,
          repeated: () => void reply.header(REPLAYED, "true"),
          lastEventId: spec.stream && readLastEventId(request.headers["last-event-id"]),
          browser,
          signal: goneSignal(reply),
          log,
        };
        const work = async () => {
          await limits.take(name, spec, principal.tenant, (header, value) => reply.header(header, value));
          return handler(call as Call);
        };
        if (spec.stream) {
          const stillMay = () => admit(authenticate, request.raw, spec);
          return streamEvents(reply, (await work()) as AsyncIterable<StreamEvent>, stillMay, call.signal);
        }
        const say = async (): Promise<Said> => {
          const text = JSON.stringify(await work());
          return { status: spec.status ?? 200, text, cookies };
        };
        const { body } = call;
        const said =
          idempotencyKey === undefined || spec.onceByItself
            ? await say()
            : await kept.once({ principal, key: idempotencyKey, method: spec.method, url: request.url, body }, say);
        if (said.replayed) {
          call.repeated();
          for (const cookie of said.cookies) browser?.setCookie(cookie);
        }
        return reply
          .code(said.status)
          .type(said.status < 400 ? "application/json; charset=utf-8" : PROBLEM_TYPE)
          .send(said.text);
      },
    });
  }
  documentRoutes(app);
  await app.ready();
  return { listener: (request, response) => app.routing(request, response), close: () => app.close() };
}

/** @throws REQ_005 for nobody, SEC_003 for somebody who may not. */
async function admit(authenticate: Authenticator, request: IncomingMessage, spec: RouteSpec): Promise<Principal> {
  const principal = await authenticate(request);
  if (!principal) {
    throw new SwitchboardError("REQ_005", "Nobody is named in this request.", {
      action: "Send a key or the gateway's token as: Authorization: Bearer <token>.",
    });
  }
  if (spec.scope !== null && !principal.scopes.has(spec.scope)) {
    throw new SwitchboardError("SEC_003", `This takes the scope ${spec.scope}, which you do not hold.`, {
      action: "Ask an administrator of your tenant.",
    });
  }
  return principal;
}

/** A request that bears a key or a token is no browser's own. What it is told to keep is noted in `cookies`. */
function browserOf({ headers }: FastifyRequest, reply: FastifyReply, cookies: string[]): Browser | undefined {
  const { authorization, cookie, host = "" } = headers;
  if (authorization !== undefined || cookie === undefined) return undefined;
  const setCookie = (text: string) => {
    cookies.push(text);
    reply.header("set-cookie", text);
  };
  return { host, setCookie };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** HTTP tells some refusals of the framework more exactly than the error table, e.g. 415. */
function statusOf(thrown: unknown, error: SwitchboardError): number {
  const { statusCode } = thrown as { statusCode?: unknown };
  const exact = !(thrown instanceof SwitchboardError) && typeof statusCode === "number" && statusCode < 500;
  return exact && error.code === "REQ_001" ? statusCode : restStatus(error.code);
}

function methodsAt(path: string): string[] {
  const specs: readonly RouteSpec[] = Object.values(ROUTES);
  return specs
    .filter((spec) => new RegExp(`^${API_PREFIX}${spec.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path))
    .map(({ method }) => method);
}

function pathOf(url: string): string {
  return url.split("?")[0] ?? "";
}

function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}
