/**
 * `/auth`: signing in and out, invitations, choosing a tenant. Every address here is ours; the sign-in library is asked
 * behind them with exactly the fields that are named, so nothing else of it can be reached.
 */
import type { IncomingMessage } from "node:http";
import { SwitchboardError, toErrorRecord, validated } from "@switchboard/domain";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { errorBody, fromFastify } from "../http/answers.ts";
import type { LoadedPart } from "../http/lazy-listener.ts";
import { NO_SCHEMAS } from "../http/no-schemas.ts";
import { accountRoutes } from "./account-routes.ts";
import { credentialRoutes } from "./credential-routes.ts";
import { Guessing } from "./guessing.ts";
import { invitationRoutes } from "./invitation-routes.ts";
import { checkOwnPage } from "./own-page.ts";
import { passkeyRoutes } from "./passkey-routes.ts";
import type { People, Surroundings } from "./people.ts";
import { providerRoutes } from "./provider-routes.ts";
import { type AuthContext, visitOf } from "./visit.ts";
import { walletRoutes } from "./wallet-routes.ts";

const BODY_BYTES = 16 * 1024;

export async function createAuthApp(people: People, surroundings: Surroundings): Promise<LoadedPart> {
  const app = fastify({ logger: false, bodyLimit: BODY_BYTES, schemaController: NO_SCHEMAS });
  const guessing = new Guessing(people, surroundings);
  app.removeContentTypeParser("text/plain");
  app.setErrorHandler((thrown, request, reply) => {
    const error = fromFastify(thrown);
    if (error.http >= 500)
      people.log.error({ url: request.routeOptions.url, error: toErrorRecord(error) }, error.message);
    if (error.retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(error.retryAfterMs / 1000));
    reply.code(error.http).send(errorBody(error));
  });
  app.setNotFoundHandler(() => {
    throw new SwitchboardError("REQ_002", "There is nothing at this address.", { action: "Check the address." });
  });
  app.addHook("onRequest", async (_request, reply) => {
    reply
      .header("cache-control", "no-store")
      .header("x-content-type-options", "nosniff")
      .header("referrer-policy", "no-referrer");
  });
  const visit = (request: IncomingMessage) => visitOf(people, surroundings, guessing, request);
  const context: AuthContext = {
    people,
    guessing,
    get(path, work) {
      app.get(`/auth${path}`, async (request, reply) => work(await visit(request.raw), request, reply));
    },
    post(path, schema, work) {
      post(app, path, async (request, reply) => {
        const here = await visit(request.raw);
        checkOwnPage(request.raw, here.root);
        return work(here, validated(schema, request.body, "body"), reply);
      });
    },
  };
  accountRoutes(context);
  invitationRoutes(context);
  credentialRoutes(context);
  passkeyRoutes(context);
  providerRoutes(context);
  walletRoutes(context);
  await app.ready();
  return { listener: (request, response) => app.routing(request, response), close: () => app.close() };
}

function post(
  app: FastifyInstance,
  path: string,
  work: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
): void {
  app.post(`/auth${path}`, async (request, reply) => {
    const answer = await work(request, reply);
    return reply.sent ? reply : reply.send(answer ?? { ok: true });
  });
}
