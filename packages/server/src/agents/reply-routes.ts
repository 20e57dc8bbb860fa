/** Where agents that said 202 bring their answers: `POST /agents/replies` with the turn's own token (TEN-6). */
import type { Engine } from "@switchboard/core";
import { validated } from "@switchboard/domain";
import { AgentAnswer } from "@switchboard/protocol";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { EARLY_MS, keepLateAnswer, unknownToken } from "./late-answers.ts";
import type { ReadToken, ReplyTokens } from "./reply-tokens.ts";

export const REPLY_PATH = "/agents/replies";
const MOST_BYTES = 8 * 1024 * 1024;

/** 202: taken. 200: it was there already. 409: another one is there, or the turn has ended. 425: too early, try again. */
export function agentReplyRoutes(
  engine: Pick<Engine, "store" | "clock" | "wake">,
  tokens: Pick<ReplyTokens, "read">,
): FastifyPluginAsync {
  return async (app) => {
    app.post(
      REPLY_PATH,
      {
        bodyLimit: MOST_BYTES,
        // Before the body is read: a stranger need not send it, and learns nothing of any turn.
        async onRequest(request) {
          await tokenOf(request, tokens);
        },
      },
      async (request, reply) => {
        const answer = validated(AgentAnswer, request.body, "answer");
        const kept = await keepLateAnswer(engine, await tokenOf(request, tokens), answer);
        if (kept === "early") {
          const wait = Math.ceil(EARLY_MS / 1000);
          return reply.code(425).header("retry-after", wait).send({ status: kept });
        }
        return reply.code(kept === "taken" ? 202 : 200).send({ status: kept });
      },
    );
  };
}

/** @throws REQ_005. */
async function tokenOf({ headers }: FastifyRequest, tokens: Pick<ReplyTokens, "read">): Promise<ReadToken> {
  const [, token = ""] = /^Bearer ([\w.-]+)$/i.exec(headers.authorization ?? "") ?? [];
  const read = await tokens.read(token);
  if (!read) throw unknownToken();
  return read;
}
