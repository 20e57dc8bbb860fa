/** Where agents that said 202 bring their answers: `POST /agents/replies` with the turn's own token (TEN-6). */
import type { Engine } from "@switchboard/core";
import { SwitchboardError, validated } from "@switchboard/domain";
import { AgentAnswer } from "@switchboard/protocol";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { type ReadToken, readToken } from "./reply-tokens.ts";

export const REPLY_PATH = "/agents/replies";
const MOST_BYTES = 8 * 1024 * 1024;
/** How soon an answer may be brought again that came before its own 202. */
const EARLY_MS = 1_000;

/** 202: taken. 200: it was there already. 409: another one is there, or the turn has ended. 425: too early, try again. */
export function agentReplyRoutes(engine: Pick<Engine, "store" | "clock" | "wake">): FastifyPluginAsync {
  return async (app) => {
    app.post(
      REPLY_PATH,
      {
        bodyLimit: MOST_BYTES,
        // Before the body is read: a stranger need not send it.
        async onRequest(request) {
          const { tenant, turn } = tokenOf(request);
          if (!(await engine.store.turns.get(tenant, turn))) throw unknown();
        },
      },
      async (request, reply) => {
        const { hash: token, tenant, turn } = tokenOf(request);
        const answer = JSON.stringify(validated(AgentAnswer, request.body, "answer"));
        const { clock, store } = engine;
        const kept = await store.turns.answerLater(tenant, turn, { token, answer, now: clock.now() });
        if (kept === "unknown") throw unknown();
        if (kept === "early") {
          const wait = Math.ceil(EARLY_MS / 1000);
          return reply.code(425).header("retry-after", wait).send({ status: kept });
        }
        if (kept === "conflict") {
          throw new SwitchboardError("REQ_004", "The turn has another answer, or has ended.", {
            action: "Use send to say something else in the conversation.",
          });
        }
        const home = kept === "taken" ? await store.turns.get(tenant, turn) : undefined;
        if (home) engine.wake("turn", home);
        return reply.code(kept === "taken" ? 202 : 200).send({ status: kept });
      },
    );
  };
}

/** @throws REQ_005. */
function tokenOf({ headers }: FastifyRequest): ReadToken {
  const [, token = ""] = /^Bearer ([\w.-]+)$/i.exec(headers.authorization ?? "") ?? [];
  const read = readToken(token);
  if (!read) throw unknown();
  return read;
}

/** Wrong, expired, foreign: nobody learns which. */
function unknown(): SwitchboardError {
  return new SwitchboardError("REQ_005", "This token answers no turn.", {
    action: "Use data.reply.token of the newest request for the turn.",
  });
}
